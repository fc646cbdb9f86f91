import { statSync } from 'node:fs';
import { createHost, type HostOptions } from '@pawl/agent';
import { cleanEnvironment, runCommand, sweepMarked } from '@pawl/process';
import type { Host, Provider } from '@pawl/provider';
import { type Lane, localRunFiles, localScratch, localWorktreeFiles, type People, type Ports } from '@pawl/runner';
import { createRedactor, createStreamRedactor, openStore, type SessionStore } from '@pawl/session-store';
import { diffBetween, openLane, type Repository } from '@pawl/worktree';
import type { Context } from './context.ts';
import { handedOn } from './handed-on.ts';
import type { Places } from './places.ts';
import { secretsOf } from './secrets.ts';
import { checkpointsIn } from './session-checkpoints.ts';

/** The one place where real parts are wired together. */
export interface House {
  readonly store: SessionStore;
  readonly ports: Ports;
  /** Lets go of the worktrees and of the database. */
  close(): Promise<void>;
}

/** For a run that has been checked: makes the database where there is none. Without people it waits at a question. */
export function openHouse(
  { places, env, providers }: Pick<Context, 'places' | 'env' | 'providers'>,
  repository: Repository,
  people?: People,
): House {
  const redact = createRedactor(secretsOf(env));
  const store = openStore({ file: places.database, redact });
  const gateEnvironment = cleanEnvironment(env);
  const lanes = openLanes(places, repository);
  const ports: Ports = {
    now: Date.now,
    log: {
      read: async (run) => (await store.runs.read(run)).map(({ event }) => event),
      append: (run, expected, events) => store.runs.append(run, expected, events),
    },
    worktrees: lanes,
    agents: {
      provider: async (id) => (await providers(repository.root)).installed.get(id),
      host: (provider, options) => hostFor(provider, env, options),
    },
    commands: {
      run: ({ command, ...rest }) => runCommand({ file: 'sh', args: ['-c', command], env: gateEnvironment, ...rest }),
    },
    files: localRunFiles(places.home, { text: redact, stream: () => createStreamRedactor(redact) }),
    worktreeFiles: localWorktreeFiles,
    sessions: store.sessions,
    checkpointed: checkpointsIn(store, async (id) => {
      const provider = (await providers(repository.root)).installed.get(id);
      return provider && { provider, host: hostFor(provider, env) };
    }),
    scratch: localScratch(places.home),
    ...(people && { people }),
    sweep: sweepMarked,
  };
  const close = async (): Promise<void> => {
    await lanes.close();
    store.close();
  };
  return { store, ports, close };
}

/** For commands that read. Undefined where nothing has been stored yet: reading makes nothing. */
export function openStoreToRead({ places, env }: Pick<Context, 'places' | 'env'>): SessionStore | undefined {
  if (isAbsent(places.database)) return undefined;
  return openStore({ file: places.database, redact: createRedactor(secretsOf(env)) });
}

/** What may not be looked at is there, and is refused by name when it is opened. */
function isAbsent(path: string): boolean {
  try {
    statSync(path);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}

/** Makes the database where there is none. */
export const openStoreToWrite = ({ places, env }: Pick<Context, 'places' | 'env'>): SessionStore =>
  openStore({ file: places.database, redact: createRedactor(secretsOf(env)) });

/** What an adapter may touch, with its part of the environment: what it names, and what the user hands on to it. */
export const hostFor = (
  provider: Provider,
  env: NodeJS.ProcessEnv,
  more?: Pick<HostOptions, 'marker' | 'onStdout'>,
): Host => createHost({ env, allow: [...provider.environment, ...(handedOn(env).get(provider.id) ?? [])], ...more });

/** A lane is opened once and kept: each opening asks git. */
function openLanes(places: Places, repository: Repository): Ports['worktrees'] & { close(): Promise<void> } {
  const open = new Map<string, Promise<Awaited<ReturnType<typeof openLane>>>>();
  return {
    open({ run, name, base, held }) {
      const key = `${run}/${name}`;
      const forget = () => void open.delete(key);
      const known = open.get(key);
      if (known) return known.then((opened) => forgotten(opened, forget));
      const lane = openLane({ repository, run, lane: name, folder: places.worktrees, base, ...(held && { held }) });
      open.set(key, lane);
      lane.catch(forget);
      return lane.then((opened) => forgotten(opened, forget));
    },
    changedFiles: async (from, to) => (await diffBetween(repository, from, to)).files.map((file) => file.path),
    async close() {
      await Promise.allSettled([...open.values()].map(async (lane) => (await lane).close()));
    },
  };
}

/** A lane that was taken away is made anew when it is asked for again. */
const forgotten = (lane: Lane, forget: () => void): Lane => ({
  path: lane.path,
  branch: lane.branch,
  checkpoint: (options) => lane.checkpoint(options),
  reset: (to) => lane.reset(to),
  advance: (options) => lane.advance(options),
  merge: (options) => lane.merge(options),
  stageConflict: (options) => lane.stageConflict(options),
  watch: () => lane.watch(),
  verify: () => lane.verify(),
  bringIn: (what) => lane.bringIn(what),
  remove(options) {
    forget();
    return lane.remove(options);
  },
});
