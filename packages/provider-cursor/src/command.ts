import type { Access, Command, SessionStart } from '@pawl/provider';
import { type Launch, refuse } from '@pawl/provider-kit';
import type { CursorOptions } from './options.ts';

/** The command line of one turn. The prompt goes to standard input: an argument has a limit, and every process sees it. */
export function command({ options, cwd, prompt, start, access, model }: Launch<CursorOptions>): Command {
  return {
    file: options.binary,
    cwd,
    stdin: prompt,
    args: [
      ...['-p', '--output-format', 'stream-json'],
      ...accessFlags(access),
      ...startFlags(start),
      ...(model === undefined ? [] : ['--model', model]),
      ...options.args,
    ],
    env: { NO_COLOR: '1' },
  };
}

/** Without `--trust` it does not begin at all; pawl was told to work here. */
function accessFlags(access: Access): readonly string[] {
  switch (access) {
    case 'read-only':
      return ['--trust', '--mode', 'ask'];
    case 'edit':
      // Commands are refused: nothing holds them in the folder.
      return ['--trust'];
    case 'full':
      return ['--trust', '--force'];
  }
}

function startFlags(start: SessionStart): readonly string[] {
  if (start.kind !== 'resume') return [];
  const { id } = start.ref;
  // Anything else could be a flag.
  if (/^[A-Za-z0-9][\w.-]*$/.test(id)) return ['--resume', id];
  throw refuse('bad-option', `Cursor names its sessions by UUIDs; ${JSON.stringify(id)} is none.`);
}
