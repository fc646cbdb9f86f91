import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { openStore, type SessionStore } from '@pawl/session-store';
import manifest from '../package.json' with { type: 'json' };
import { DashboardError } from './errors.ts';
import type { House } from './house.ts';
import { createHub } from './live/hub.ts';
import { createPawl } from './pawl/program.ts';
import { createRunCache } from './runs/cache.ts';
import { foldState } from './runs/folded-state.ts';
import { openRunFolder } from './runs/folder.ts';
import { createFolds } from './runs/folds.ts';
import { openAudit } from './safety/audit.ts';
import { type Addresses, addressesOf } from './safety/guard.ts';
import { openTokens } from './safety/tokens.ts';
import { openTexts } from './texts.ts';

export interface HouseOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** How pawl is started. */
  readonly pawl: readonly string[];
  readonly readOnly: boolean;
  readonly secure: boolean;
  readonly names: readonly string[];
  readonly publicOrigin?: string;
  /** Default: the one below the home of pawl. */
  readonly store?: SessionStore;
  /** Default: the clock. */
  now?(): number;
  log(text: string): void;
}

export interface OpenHouse extends House {
  /** Before it listens nothing is answered. */
  listensOn(port: number): void;
}

/** The one place where the server's parts are wired together. */
export function openHouse(options: HouseOptions): OpenHouse {
  const { env, cwd, pawl, readOnly, secure, log } = options;
  const home = homeOf(env);
  const folder = join(home, 'dashboard');
  const store = options.store ?? openStore({ file: join(home, 'pawl.db') });
  const runs = createRunCache(store.runs);
  let port = 0;
  let addresses: Addresses = { hosts: new Set(), origins: new Set() };
  return {
    store,
    runs,
    states: createFolds(store.runs, { make: foldState, most: 100_000 }),
    hub: createHub(store.runs, runs, log),
    files: openRunFolder(home),
    pawl: createPawl({ command: pawl, env }),
    audit: openAudit(folder, options.now ?? Date.now),
    tokens: openTokens(folder),
    texts: openTexts(folder, Date.now()),
    env,
    cwd,
    webFolder: webFolder(),
    readOnly,
    secure,
    signInHint: 'open the address that pawl dashboard prints',
    version: manifest.version,
    port: () => port,
    addresses: () => addresses,
    now: options.now ?? Date.now,
    log,
    listensOn(taken) {
      port = taken;
      const { names, publicOrigin } = options;
      const scheme = secure && publicOrigin === undefined ? 'https' : 'http';
      addresses = addressesOf(port, { scheme, names, ...(publicOrigin !== undefined && { publicOrigin }) });
    },
  };
}

/** As the command line finds it. */
function homeOf(env: HouseOptions['env']): string {
  const home =
    env.PAWL_HOME ||
    (env.XDG_DATA_HOME ? join(env.XDG_DATA_HOME, 'pawl') : join(env.HOME || homedir(), '.local/share/pawl'));
  if (isAbsolute(home)) return home;
  throw new DashboardError(
    500,
    'bad-option',
    `the home of pawl must be an absolute path, not ${home}`,
    'correct PAWL_HOME',
  );
}

/** Beside the bundle; from source, where the build puts it. */
function webFolder(): string {
  const bundled = join(import.meta.dirname, '../web');
  return existsSync(join(bundled, 'assets')) ? bundled : join(import.meta.dirname, '../dist/web');
}
