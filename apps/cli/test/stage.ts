import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { main } from '../src/main.ts';

const entry = join(import.meta.dirname, '../src/main.ts');
/** Types are stripped and code is compiled once, not at every start. */
const compiled = { NODE_COMPILE_CACHE: join(import.meta.dirname, '../node_modules/.cache/compile') };
const deadlineMs = 110_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program under way, to be signalled. */
export interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  /** What it has said to people so far. */
  sofar(): string;
  /** Nobody reads its standard output any more. */
  closeOutput(): void;
}

export interface Stage {
  readonly folder: string;
  readonly repository: string;
  /** PAWL_HOME; absent until something is stored. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Files of the repository, by their paths. */
  write(files: Readonly<Record<string, string>>): void;
  read(path: string): string;
  git(...args: string[]): string;
  commit(message?: string): void;
  /** Shell scripts as agents: writes them beside the repository and names them in its configuration. */
  agents(scripts: Readonly<Record<string, string>>, config?: string): void;
  /** The program in this process: quick, for all that is not about the process itself. */
  call(...args: string[]): Promise<Ended>;
  /** The real program. */
  pawl(...args: string[]): Promise<Ended>;
  start(...args: string[]): Started;
}

export interface StageOptions {
  /** Name of the repository's folder. */
  readonly name?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** A temporary folder with a repository of one commit; gone when the test is over. */
export function openStage(options: StageOptions = {}): Stage {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-cli-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return stageIn(folder, options);
}

export function stageIn(folder: string, { name = 'shop', cwd = '', env: more = {} }: StageOptions): Stage {
  const repository = join(folder, name);
  const home = join(folder, 'pawl-home');
  const place = join(repository, cwd);
  const env: NodeJS.ProcessEnv = {
    PATH: withoutTools(process.env.PATH ?? ''),
    HOME: join(folder, 'user-home'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    NO_COLOR: '1',
    TMPDIR: tmpdir(),
    GIT_CONFIG_NOSYSTEM: '1',
    PAWL_HOME: home,
    ...more,
  };
  mkdirSync(place, { recursive: true });
  mkdirSync(join(folder, 'user-home'), { recursive: true });
  const git = (...args: string[]): string =>
    execFileSync(
      'git',
      ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'protocol.file.allow=always', ...args],
      {
        cwd: repository,
        env: { ...env, GIT_AUTHOR_DATE: '2026-11-20T10:00:00Z', GIT_COMMITTER_DATE: '2026-11-20T10:00:00Z' },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: 30_000,
      },
    ).trimEnd();
  const stage: Stage = {
    folder,
    repository,
    home,
    env,
    git,
    write: (files) => writeFiles(repository, files),
    read: (path) => readFileSync(join(repository, path), 'utf8'),
    commit: (message = 'Change') => {
      git('add', '--all');
      git('commit', '--quiet', `--message=${message}`);
    },
    agents(scripts, config = '') {
      writeFiles(
        join(folder, 'agents'),
        Object.fromEntries(Object.entries(scripts).map(([agent, text]) => [`${agent}.sh`, text])),
      );
      const lines = Object.keys(scripts).map(
        (agent) =>
          `  ${agent}: { provider: script, options: { command: ["sh", ${JSON.stringify(join(folder, 'agents', `${agent}.sh`))}] } }`,
      );
      writeFiles(repository, { '.pawl/config.yaml': `agents:\n${lines.join('\n')}\n${config}` });
    },
    async call(...args) {
      const out: string[] = [];
      const error: string[] = [];
      const code = await main(args, {
        cwd: place,
        env,
        stdout: { write: (text) => out.push(text) },
        stderr: { write: (text) => error.push(text) },
      });
      return { code, signal: null, stdout: out.join(''), stderr: error.join('') };
    },
    pawl: (...args) => stage.start(...args).ended,
    start: (...args) =>
      start(process.execPath, ['--conditions=@pawl/source', entry, ...args], place, { ...compiled, ...env }),
  };
  git('init', '--quiet', '--initial-branch=main');
  stage.write({ 'README.md': '# shop\n', 'spec.md': 'Build a till.\n' });
  stage.commit('First');
  return stage;
}

/** A process with a deadline, its output captured. */
export function start(file: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Started {
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  const ended = new Promise<Ended>((resolve, reject) => {
    let stdout = '';
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`not done after ${deadlineMs} ms: ${args.join(' ')}\n${stdout}\n${stderr}`));
    }, deadlineMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
  // Whoever waits is told; nobody may wait for a program that a test has left.
  ended.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    sofar: () => stderr,
    closeOutput: () => void child.stdout.destroy(),
  };
}

export function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** Every file below a folder with its content: to see that nothing changed, byte for byte. */
export function contentOf(root: string, skip: RegExp = /^$/): Readonly<Record<string, string>> {
  const content: Record<string, string> = {};
  const walk = (path: string): void => {
    for (const name of readdirSync(join(root, path)).sort()) {
      const inner = join(path, name);
      if (skip.test(inner)) continue;
      const stat = lstatSync(join(root, inner));
      if (stat.isDirectory()) walk(inner);
      else if (stat.isSymbolicLink()) content[inner] = `-> ${readlinkSync(join(root, inner))}`;
      else if (stat.isFile()) content[inner] = readFileSync(join(root, inner), 'latin1');
    }
  };
  if (existsSync(root)) walk('');
  return content;
}

/** Waits for a condition, with a deadline that also a busy machine keeps. */
export async function until<T>(what: string, condition: () => T | undefined | false, ms = 90_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** True while a process with that id is there and is no zombie. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) [ZX] /s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return !existsSync('/proc');
  }
}

/** Lines of `--json`. */
export const jsonLines = (text: string): readonly Record<string, never>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, never>);

/** PATH as a user has it: without what the package manager of the tests put there. */
function withoutTools(path: string): string {
  const node = dirname(process.execPath);
  const kept = path.split(':').filter((entry) => !entry.includes('node_modules'));
  return [...kept, node].join(':');
}
