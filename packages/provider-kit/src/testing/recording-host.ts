import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { spawnProcess } from '@pawl/process';
import type { Child, Command, Exit, Host } from '@pawl/provider';
import type { RecordedContext } from './recordings.ts';

export interface RecordingHost extends Host {
  /**
   * Writes what {@link readRecordings} reads, but for `expected.json`, of the process that was started last.
   * Rejects when none was started; waits for its end.
   */
  write(folder: URL, context: Pick<RecordedContext, 'request' | 'input'>): Promise<void>;
}

export interface RecordingOptions {
  /** Files and folders elsewhere are read, but not kept: they are this machine's. Default: all are kept. */
  readonly place?: string;
  /** What is kept of a file that was read. Default: all of it. */
  readonly kept?: (text: string, path: string) => string;
  /** What stands for a word of the command line that is this machine's alone. Default: the word. */
  readonly word?: (word: string) => string;
  /** See {@link Host.files}. Default: none. */
  readonly files?: Host['files'];
}

/** Real processes and files, in `env` alone; keeps what was started, what came back and what was read. */
export function recordingHost(
  env: Readonly<Record<string, string>>,
  { place = '', kept = (text) => text, word = (same) => same, files }: RecordingOptions = {},
): RecordingHost {
  const before: Record<string, string> = {};
  const after: Record<string, string> = {};
  const folders: Record<string, readonly string[]> = {};
  let last: { command: Command; stdout: Uint8Array[]; exit: Promise<Exit> } | undefined;
  return {
    env,
    ...(files ? { files } : {}),
    spawn(command): Child {
      const stdout: Uint8Array[] = [];
      const onStdout = (chunk: Uint8Array) => void stdout.push(chunk.slice());
      const child = spawnProcess({ ...command, env: { ...env, ...command.env }, onStdout });
      last = { command, stdout, exit: child.exit };
      return child;
    },
    async readFile(path) {
      const text = await readFile(path, 'utf8');
      if (path.startsWith(place)) (last ? after : before)[path] = kept(text, path);
      return text;
    },
    async listFolder(path) {
      const names = await readdir(path).catch(() => []);
      if (names.length > 0 && path.startsWith(place)) folders[path] = names;
      return names;
    },
    log: (level, message) => console.error(level, message),
    async write(folder, context) {
      if (!last) throw new Error('nothing was started, so there is nothing to record');
      const { code, signal, stderrTail } = await last.exit;
      const { file, args, env: more = {} } = last.command;
      const variables = Object.entries(more).map(([name, value]) => `${name}=${word(value)}`);
      // What was read before the start must be as it was then: it tells where this turn begins.
      const surroundings = { env: { HOME: env.HOME ?? '' }, files: { ...after, ...before }, folders };
      const put = (name: string, content: string | Uint8Array) => writeFileSync(new URL(name, folder), content);
      mkdirSync(folder, { recursive: true });
      put('argv.txt', `${[...variables, basename(file), ...args.map(word)].map(quoted).join(' ')}\n`);
      put('stdout.ndjson', Buffer.concat(last.stdout));
      put('exit.txt', `${code ?? signal}\n`);
      put('context.json', `${JSON.stringify({ ...context, ...surroundings }, null, 2)}\n`);
      rmSync(new URL('stderr.txt', folder), { force: true });
      if (stderrTail) put('stderr.txt', withoutPlaces(stderrTail));
    },
  };
}

/** Where the CLI and its adapter lie is nobody's business. */
function withoutPlaces(stderr: string): string {
  const placeless = stderr.replace(/(file:\/\/)?\/[^\s():]*\/node_modules\//g, 'node_modules/');
  return placeless.replace(/\/[^\s():'"]*\/(?:src|dist)\/headless\//g, 'headless/');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
