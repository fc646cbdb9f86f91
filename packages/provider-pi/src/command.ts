import type { Command } from '@pawl/provider';
import { asString, type Launch, refuse } from '@pawl/provider-kit';
import { confine } from './access.ts';
import { quiet } from './environment.ts';
import type { PiOptions } from './options.ts';

/**
 * The command line of one turn. The prompt goes to standard input: as an argument it could be a flag, a file to read
 * (`@name`) or too long. Pi waits for the end of standard input before it does anything.
 */
export function command(launch: Launch<PiOptions>): Command {
  const { options, model } = launch;
  const { args, files } = confine(launch.access, options.directories);
  return {
    file: options.binary,
    cwd: launch.cwd,
    stdin: launch.prompt,
    args: [
      ...['-p', '--mode', 'json'],
      ...startFlags(launch),
      ...args,
      ...(model === undefined ? [] : ['--model', model]),
      ...(options.effort === undefined ? [] : ['--thinking', options.effort]),
      ...options.args,
    ],
    env: quiet(launch.env),
    ...(files ? { files } : {}),
  };
}

function startFlags({ start, prepared }: Launch<PiOptions>): readonly string[] {
  switch (start.kind) {
    case 'new':
      return start.id === undefined ? [] : ['--session-id', checkedId(start.id)];
    case 'resume':
      return ['--session', checkedId(start.ref.id)];
    case 'continue':
      return ['--continue'];
    case 'fork': {
      const copy = asString(prepared?.copy);
      return copy === undefined ? ['--fork', checkedId(start.ref.id)] : ['--session', copy];
    }
    case 'ephemeral':
      return ['--no-session'];
  }
}

/** Anything else could be a flag, or the path of a session that Pi would make. */
export function checkedId(id: string): string {
  if (/^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(id)) return id;
  throw refuse(
    'bad-option',
    `Pi names sessions by letters, digits, dots, dashes and underscores, with a letter or digit at both ends; ` +
      `${JSON.stringify(id)} is no such name.`,
  );
}
