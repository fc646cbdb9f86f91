import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { spawnProcess } from '@pawl/process';
import type { Child, Command, Exit, FolderFiles, Host } from '@pawl/provider';

/** A host that keeps what was started and what came back. */
export class RecordingHost implements Host {
  readonly env: Readonly<Record<string, string>>;
  readonly files: (folder: string) => FolderFiles;
  readonly #stdout: Uint8Array[] = [];
  #command: Command | undefined;
  #exit: Exit | undefined;

  constructor(env: Readonly<Record<string, string>>, files: (folder: string) => FolderFiles) {
    this.env = env;
    this.files = files;
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

  readFile(path: string): Promise<string> {
    return Promise.reject(new Error(path));
  }

  async listFolder(): Promise<readonly string[]> {
    return [];
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
    rmSync(new URL('stderr.txt', folder), { force: true });
    if (exit.stderrTail) put('stderr.txt', exit.stderrTail);
    put('context.json', `${JSON.stringify(context, null, 2)}\n`);
  }
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
