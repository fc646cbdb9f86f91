import { capital } from './markdown.ts';
import type { CommandEntry } from './reference.ts';

/** `man pawl`, as troff. */
export function manualPage(entries: readonly CommandEntry[], version: string): string {
  const commands = entries.flatMap(({ usage, description, options, notes }) => [
    `.SS ${escaped(usage)}`,
    `${escaped(capital(description))}.`,
    ...options.flatMap(({ flags, description: text }) => ['.TP', `.B ${escaped(flags)}`, escaped(text)]),
    ...(notes === '' ? [] : ['.PP', '.nf', ...notes.split('\n').map(escaped), '.fi']),
  ]);
  return `${[
    `.TH PAWL 1 "" "pawl ${version}" "User Commands"`,
    '.SH NAME',
    'pawl \\- run coding agents by a workflow, each step in its own worktree, checked by gates',
    '.SH SYNOPSIS',
    '.B pawl',
    '.I command',
    '[arguments] [options]',
    '.SH COMMANDS',
    ...commands,
    '.SH EXIT STATUS',
    '0 passed, 1 failed, 2 wrong usage or an invalid workflow, 3 waiting for a person, 4 aborted or interrupted, 5 something is missing on this machine.',
    '.SH ENVIRONMENT',
    '.TP',
    '.B PAWL_HOME',
    'where records, worktrees and sessions lie; default $XDG_DATA_HOME/pawl, else ~/.local/share/pawl',
    '.TP',
    '.B PAWL_AGENT_ENVIRONMENT',
    'names of variables that agents are given besides those that they are known to need, by adapter: codex=ACME_KEY,ACME_REGION opencode=OTHER_KEY',
    '.TP',
    '.B NO_COLOR, FORCE_COLOR, COLUMNS, CI',
    'are kept to.',
    '.SH FILES',
    '.TP',
    '.B .pawl/config.yaml, .pawl/workflows/*.yaml, .pawl/validators/*.yaml, .pawl/conventions.md',
    'of a repository, written by its owner.',
  ].join('\n')}\n`;
}

/** A line that begins with a dot or a quote is a request, a backslash an escape, a minus a hyphen. */
function escaped(text: string): string {
  const plain = text.replaceAll('\\', '\\e').replaceAll('-', '\\-');
  return /^[.']/.test(plain) ? `\\&${plain}` : plain;
}
