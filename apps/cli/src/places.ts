import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { CliError } from './exit.ts';

/** Where pawl keeps what is its own: the same for all repositories of a user. Nothing of it is made here. */
export interface Places {
  readonly home: string;
  readonly database: string;
  readonly worktrees: string;
  /** Folders with workflows and validators of this user, for all repositories; the second one is Gump's. */
  readonly shelves: readonly [own: string, gump: string];
  /** Native streams, prompts and gate output of a run. */
  runFolder(run: string): string;
}

export function findPlaces(env: NodeJS.ProcessEnv): Places {
  const [name, home] = env.PAWL_HOME
    ? ['PAWL_HOME', env.PAWL_HOME]
    : env.XDG_DATA_HOME
      ? ['XDG_DATA_HOME', join(env.XDG_DATA_HOME, 'pawl')]
      : ['HOME', join(env.HOME || homedir(), '.local', 'share', 'pawl')];
  if (!isAbsolute(home))
    throw new CliError('environment', 'relative-home', `${name} must be an absolute path, not ${env[name]}`);
  return {
    home,
    database: join(home, 'pawl.db'),
    worktrees: join(home, 'worktrees'),
    shelves: [home, join(env.HOME || homedir(), '.gump')],
    runFolder: (run) => join(home, 'runs', run),
  };
}
