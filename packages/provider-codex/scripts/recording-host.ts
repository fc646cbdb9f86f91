import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { spawnProcess } from '@pawl/process';
import type { Child, Command, Exit, Host } from '@pawl/provider';

/** Longer texts of a rollout (instructions, summaries) are cut: the adapter reads none of them. */
const longest = 1_000;

/** A host that keeps what it was asked and what came back. */
export class RecordingHost implements Host {
  readonly env: Readonly<Record<string, string>>;
  readonly #before: Record<string, string> = {};
  readonly #after: Record<string, string> = {};
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
    const files = this.#command ? this.#after : this.#before;
    files[path] = path.endsWith('.jsonl') ? text.split('\n').map(shortened).join('\n') : text;
    return text;
  }

  async listFolder(path: string): Promise<readonly string[]> {
    const names = await readdir(path).catch(() => []);
    if (names.length > 0) this.#folders[path] = names;
    return names;
  }

  log(level: string, message: string): void {
    console.error(level, message);
  }

  write(folder: URL, context: object): void {
    const exit = this.#exit;
    if (!this.#command || !exit) throw new Error('nothing was started');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const put = (name: string, content: string | Uint8Array) => writeFileSync(new URL(name, folder), content);
    const { file, args } = this.#command;
    put('argv.txt', `${[basename(file), ...args].map(quoted).join(' ')}\n`);
    put('stdout.ndjson', Buffer.concat(this.#stdout));
    put('exit.txt', `${exit.code ?? exit.signal}\n`);
    if (exit.stderrTail) put('stderr.txt', exit.stderrTail);
    // What was read before the start must be as it was then: it tells where this turn begins.
    const { HOME = '' } = this.env;
    const surroundings = { env: { HOME }, files: { ...this.#after, ...this.#before }, folders: this.#folders };
    put('context.json', `${JSON.stringify({ ...context, ...surroundings }, null, 2)}\n`);
  }
}

function shortened(line: string): string {
  if (line.length <= longest) return line;
  try {
    return JSON.stringify(JSON.parse(line), (_, value: unknown) =>
      typeof value === 'string' && value.length > longest ? `(${value.length} characters)` : value,
    );
  } catch {
    return line;
  }
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
