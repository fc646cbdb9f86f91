import type { Command } from '@pawl/provider';
import type { Launch } from '@pawl/provider-kit';
import type { ScriptOptions } from './options.ts';

/** The prompt goes to standard input; what the script may want to know is in its environment. */
export function command(launch: Launch<ScriptOptions>): Command {
  const [file = '', ...args] = launch.options.command;
  const { start } = launch;
  return {
    file,
    args,
    cwd: launch.cwd,
    stdin: launch.prompt,
    env: {
      ...launch.options.env,
      PAWL_SESSION_ID: sessionId(launch),
      PAWL_SESSION_START: start.kind === 'resume' || start.kind === 'fork' ? start.kind : 'new',
      ...(start.kind === 'fork' ? { PAWL_SESSION_PARENT: start.ref.id } : {}),
      ...(start.kind === 'ephemeral' ? { PAWL_SESSION_KEEP: '0' } : {}),
      ...(launch.model === undefined ? {} : { PAWL_MODEL: launch.model }),
      PAWL_ACCESS: launch.access,
    },
  };
}

/** The session the script is told to work in; it may name another by a `session` event. */
export function sessionId({ start, freshId }: Pick<Launch<ScriptOptions>, 'start' | 'freshId'>): string {
  switch (start.kind) {
    case 'resume':
      return start.ref.id;
    case 'new':
      return start.id ?? freshId;
    default:
      return freshId;
  }
}
