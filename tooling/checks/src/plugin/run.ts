import { spawnSync } from 'node:child_process';

export interface Ran {
  readonly command: string;
  readonly status: number;
  readonly stdout: string;
  /** What it printed on both. */
  readonly output: string;
}

/** A command without what a package manager puts into the environment: as a user would call it. */
export function run(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Ran {
  const plain = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config_)|NODE$|NODE_PATH$|INIT_CWD$|VITEST)/.test(name),
  );
  const ran = spawnSync(file, args, {
    cwd,
    env: { ...Object.fromEntries(plain), ...env },
    encoding: 'utf8',
    timeout: 180_000,
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32',
  });
  const output = `${ran.stdout ?? ''}${ran.stderr ?? ''}${ran.error ? String(ran.error) : ''}`;
  return { command: [file, ...args].join(' '), status: ran.status ?? 1, stdout: ran.stdout ?? '', output };
}

export const npm = (args: readonly string[], cwd: string): Ran => run('npm', args, cwd);
