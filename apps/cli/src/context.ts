import { openRepository, type Repository } from '@pawl/worktree';
import { findPlaces, type Places } from './places.ts';
import { openTerminal, type Stream, type Terminal } from './terminal.ts';

/** Where the command line was called. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Absent: there is nobody to be asked. */
  readonly stdin?: (NodeJS.ReadableStream & { readonly isTTY?: boolean }) | undefined;
  readonly stdout: Stream;
  readonly stderr: Stream;
}

/** What every command is given. */
export interface Context {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Surroundings['stdin'];
  readonly terminal: Terminal;
  readonly places: Places;
  /** The repository of `cwd`; refuses where there is none. */
  repository(): Promise<Repository>;
  /** Its top folder; undefined where there is none. */
  root(): Promise<string | undefined>;
}

/** Reasons why a folder has no checkout to look into; anything else is an error. */
const noCheckout = new Set(['not-a-repository', 'bare-repository', 'no-commit', 'git-not-found']);

export function openContext({ cwd, env, stdin, stdout, stderr }: Surroundings): Context {
  const repository = () => openRepository(cwd, { env });
  return {
    cwd,
    env,
    stdin,
    terminal: openTerminal(env, { stdout, stderr }),
    places: findPlaces(env),
    repository,
    root: () =>
      repository().then(
        ({ root }) => root,
        (error: { code?: unknown }) => {
          if (noCheckout.has(String(error.code))) return undefined;
          throw error;
        },
      ),
  };
}
