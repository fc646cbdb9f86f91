import { mkdirSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { spawnProcess } from '@pawl/process';
import type { Child, Command, Exit, Host } from '@pawl/provider';

/** A host that keeps what it was asked and what came back. */
export class RecordingHost implements Host {
  readonly env: Readonly<Record<string, string>>;
  readonly #files: Record<string, string> = {};
  readonly #folders: Record<string, readonly string[]> = {};
  readonly #stdout: Uint8Array[] = [];
  #command: Command | undefined;
  #exit: Exit | undefined;

  constructor(env: Readonly<Record<string, string>>) {
    this.env = env;
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
    this.#files[path] = text;
    return text;
  }

  async listFolder(path: string): Promise<readonly string[]> {
    const names = await readdir(path).catch(() => []);
    this.#folders[path] = names;
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
    const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    put('argv.txt', `${[...variables, basename(file), ...args].map(quoted).join(' ')}\n`);
    put('stdout.ndjson', Buffer.concat(this.#stdout));
    put('exit.txt', `${exit.code ?? exit.signal}\n`);
    if (exit.stderrTail) put('stderr.txt', exit.stderrTail);
    const { HOME = '' } = this.env;
    const surroundings = { env: { HOME }, files: this.#files, folders: this.#folders };
    put('context.json', `${JSON.stringify({ ...context, ...surroundings }, null, 2)}\n`);
  }
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
