import { openRepository, type Repository } from '@pawl/worktree';
import { type Shelf, shelvesOf } from './config/shelves.ts';
import { findPlaces, type Places } from './places.ts';
import type { Providers } from './providers.ts';
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
  /** The words of the command line. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Surroundings['stdin'];
  readonly terminal: Terminal;
  readonly places: Places;
  /** The repository of `cwd`; refuses where there is none. */
  repository(): Promise<Repository>;
  /** Its top folder; undefined where there is none. */
  root(): Promise<string | undefined>;
  /** Where workflows are looked for besides the built-in ones. */
  shelves(): Promise<readonly Shelf[]>;
  /** The adapters for a repository. Refuses where one that its configuration names cannot be had. */
  providers(root: string | undefined): Promise<Providers>;
}

/** Reasons why a folder has no checkout to look into; anything else is an error. */
const noCheckout = new Set(['not-a-repository', 'bare-repository', 'no-commit', 'git-not-found']);

export function openContext({ cwd, env, stdin, stdout, stderr }: Surroundings, argv: readonly string[] = []): Context {
  const repository = () => openRepository(cwd, { env });
  const places = findPlaces(env);
  const root = () =>
    repository().then(
      ({ root }) => root,
      (error: { code?: unknown }) => {
        if (noCheckout.has(String(error.code))) return undefined;
        throw error;
      },
    );
  const known = new Map<string | undefined, Promise<Providers>>();
  return {
    argv,
    cwd,
    env,
    stdin,
    terminal: openTerminal(env, { stdout, stderr }),
    places,
    repository,
    async providers(root) {
      const found = known.get(root) ?? providersOf(root);
      known.set(root, found);
      const { refuseBroken } = await import('./providers.ts');
      refuseBroken(await found);
      return found;
    },
    root,
    shelves: async () => shelvesOf(await root(), places),
  };
}

/** Loaded when it is asked for: most commands need no adapter. */
async function providersOf(root: string | undefined): Promise<Providers> {
  const [{ loadConfig, noConfig }, { findProviders }] = await Promise.all([
    import('./config/load.ts'),
    import('./providers.ts'),
  ]);
  const { providers } = root === undefined ? noConfig : await loadConfig(root);
  return findProviders(providers, root ?? '/');
}
