import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { spawnProcess } from '@pawl/process';
import type { Child, Command, Exit, Host } from '@pawl/provider';

/** A host that keeps what it was asked and what came back. */
export class RecordingHost implements Host {
  readonly env: Readonly<Record<string, string>>;
  readonly #place: string;
  readonly #files: Record<string, string> = {};
  readonly #folders: Record<string, readonly string[]> = {};
  readonly #stdout: Uint8Array[] = [];
  #command: Command | undefined;
  #exit: Exit | undefined;

  /** Keeps files and folders below `place` alone: others are this machine's. */
  constructor(env: Readonly<Record<string, string>>, place: string) {
    this.env = env;
    this.#place = place;
  }

  spawn(command: Command): Child {
    this.#command = command;
    const onStdout = (chunk: Uint8Array) => void this.#stdout.push(chunk.slice());
    const child = spawnProcess({ ...command, env: { ...this.env, ...command.env }, onStdout });
    void child.exit.then((exit) => {
      this.#exit = exit;
    });
    return child;
  }

  async readFile(path: string): Promise<string> {
    const text = await readFile(path, 'utf8');
    if (path.startsWith(this.#place)) this.#files[path] = shortLines(text);
    return text;
  }

  async listFolder(path: string): Promise<readonly string[]> {
    const names = await readdir(path).catch(() => []);
    if (path.startsWith(this.#place)) this.#folders[path] = names;
    return names;
  }

  log(level: string, message: string): void {
    console.error(level, message);
  }

  write(folder: URL, context: object): void {
    const exit = this.#exit;
    if (!this.#command || !exit) throw new Error('nothing was started');
    mkdirSync(folder, { recursive: true });
    const put = (name: string, content: string | Uint8Array) => writeFileSync(new URL(name, folder), content);
    const { file, args, env = {} } = this.#command;
    const variables = Object.entries(env).map(([name, value]) => `${name}=${shortened(value)}`);
    put('argv.txt', `${[...variables, basename(file), ...args.map(shortened)].map(quoted).join(' ')}\n`);
    put('stdout.ndjson', Buffer.concat(this.#stdout));
    put('exit.txt', `${exit.code ?? exit.signal}\n`);
    put('stderr.txt', withoutPlaces(exit.stderrTail));
    const { HOME = '' } = this.env;
    const surroundings = { env: { HOME }, files: this.#files, folders: this.#folders };
    put('context.json', `${JSON.stringify({ ...context, ...surroundings }, null, 2)}\n`);
  }
}

/** Of a transcript: who was there and what was asked is in its short lines. */
function shortLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.length < 600)
    .join('\n');
}

/** Files of this package, by their name. */
function shortened(word: string): string {
  return /\/headless\//.test(word) ? basename(word) : word;
}

/** Where the CLI was installed is nobody's business. */
function withoutPlaces(stderr: string): string {
  return stderr.replace(/(file:\/\/)?\/[^\s():]*\/node_modules\//g, 'node_modules/');
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
