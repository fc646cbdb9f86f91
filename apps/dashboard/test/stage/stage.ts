import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openHouse } from '../../server/open-house.ts';
import { serve } from '../../server/serve.ts';
import { makeRepository } from './repository.ts';

/** The command line from source, as its own tests start it. */
const cli = [process.execPath, '--conditions=@pawl/source', join(import.meta.dirname, '../../../cli/src/main.ts')];

export interface Stage {
  readonly folder: string;
  readonly home: string;
  readonly repository: string;
  readonly env: NodeJS.ProcessEnv;
  /** Runs pawl to its end. */
  pawl(...args: string[]): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
  /** A run in the background; ended when the stage is closed. */
  start(...args: string[]): void;
  close(): Promise<void>;
}

export function openStage(at?: string): Stage {
  const folder = at ?? realpathSync(mkdtempSync(join(tmpdir(), 'pawl-dashboard-')));
  const home = join(folder, 'pawl-home');
  const started: (() => void)[] = [];
  mkdirSync(folder, { recursive: true });
  const env: NodeJS.ProcessEnv = {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: folder,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    NO_COLOR: '1',
    GIT_CONFIG_NOSYSTEM: '1',
    PAWL_HOME: home,
    TMPDIR: tmpdir(),
    NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/compile'),
  };
  const repository = makeRepository(folder);
  const [file = '', ...before] = cli;
  return {
    folder,
    home,
    repository,
    env,
    pawl: (...args) =>
      new Promise((resolve, reject) => {
        const child = spawn(file, [...before, ...args], { cwd: repository, env, stdio: ['ignore', 'pipe', 'pipe'] });
        let [stdout, stderr] = ['', ''];
        child.stdout.on('data', (chunk) => {
          stdout += chunk;
        });
        child.stderr.on('data', (chunk) => {
          stderr += chunk;
        });
        const timer = setTimeout(() => child.kill('SIGKILL'), 90_000);
        child.on('error', reject);
        child.on('close', (code) => {
          clearTimeout(timer);
          resolve({ code, stdout, stderr });
        });
      }),
    start(...args) {
      const child = spawn(file, [...before, ...args], { cwd: repository, env, stdio: 'ignore' });
      started.push(() => child.kill('SIGTERM'));
    },
    async close() {
      for (const stop of started) stop();
      if (at === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

export interface Served {
  readonly url: string;
  readonly token: string;
  readonly log: readonly string[];
  close(): Promise<void>;
}

/** The real server on the real store of a stage. */
export async function serveStage(
  stage: Stage,
  options: { readonly readOnly?: boolean; readonly port?: number; readonly publicOrigin?: string } = {},
): Promise<Served> {
  const log: string[] = [];
  const house = openHouse({
    env: stage.env,
    cwd: stage.repository,
    pawl: cli,
    readOnly: options.readOnly ?? false,
    secure: options.publicOrigin?.startsWith('https:') ?? false,
    names: [],
    ...(options.publicOrigin !== undefined && { publicOrigin: options.publicOrigin }),
    log: (text) => log.push(text),
  });
  const listening = await serve(house, { host: '127.0.0.1', port: options.port ?? 0 });
  house.listensOn(listening.port);
  return {
    url: `http://127.0.0.1:${listening.port}`,
    token: house.tokens.own,
    log,
    async close() {
      await listening.close();
      await house.store.close();
    },
  };
}
