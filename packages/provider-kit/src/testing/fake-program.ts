import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a fake CLI does; it reads it from its environment, prints its lines, and at last: */
export interface Behaviour {
  readonly lines: readonly string[];
  readonly last:
    | { readonly do: 'exit'; readonly code: number; readonly stderr?: string }
    | { readonly do: 'hang'; readonly ignoreSigterm?: boolean }
    | { readonly do: 'close-stdout' }
    | { readonly do: 'leave-grandchild' }
    | { readonly do: 'flood'; readonly lines: number }
    /** One line, as long as that, and the end of it. */
    | { readonly do: 'long-line'; readonly megabytes: number };
}

const variable = 'PAWL_FAKE_PROGRAM';

/** Written out as it is: a program of its own, that knows nothing of us. */
const source = `#!${process.execPath}
import { spawn } from 'node:child_process';
import { closeSync, writeFileSync, writeSync } from 'node:fs';
const { folder, lines, last } = JSON.parse(process.env.${variable});
const forever = () => setInterval(() => {}, 1 << 30);
process.stdin.resume();
if (last.ignoreSigterm) process.on('SIGTERM', () => {});
writeFileSync(folder + '/pid', String(process.pid));
const say = (text) => new Promise((done) => process.stdout.write(text, done));
for (const line of lines) await say(line + '\\n');
if (last.do === 'exit') {
  if (last.stderr) writeSync(2, last.stderr);
  process.exit(last.code);
}
if (last.do === 'hang') forever();
if (last.do === 'close-stdout') {
  closeSync(1);
  forever();
}
if (last.do === 'leave-grandchild') {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1 << 30)'], { stdio: ['ignore', 'inherit', 'ignore'] });
  writeFileSync(folder + '/grandchild', String(child.pid));
  process.exit(0);
}
if (last.do === 'long-line') {
  for (let sent = 0; sent < last.megabytes; sent += 1) await say('y'.repeat(1 << 20));
  await say('\\n');
  process.exit(0);
}
if (last.do === 'flood') {
  for (let sent = 0; sent < last.lines; sent += 100) {
    await say(('?'.repeat(99) + '\\n').repeat(100));
    writeFileSync(folder + '/sent', String(sent + 100));
  }
  process.exit(0);
}
`;

export class FakeProgram {
  readonly file: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.file = join(folder, 'fake-agent.mjs');
    writeFileSync(this.file, source);
    chmodSync(this.file, 0o755);
  }

  /** For `OpenRequest.env`. */
  behave(behaviour: Behaviour): Record<string, string> {
    return { [variable]: JSON.stringify({ folder: this.#folder, ...behaviour }) };
  }

  /** Lines it has been able to write, in a flood. */
  sent(): number {
    return Number(this.#read('sent') ?? 0);
  }

  /** Waits until it has started, and then until neither it nor what it started is alive. */
  async gone(): Promise<void> {
    await until(() => this.#read('pid') !== undefined, 'the program to start');
    for (const name of ['pid', 'grandchild']) {
      const pid = Number(this.#read(name));
      if (pid > 0) await until(() => !isRunning(pid), `${name} ${pid} to be gone`);
    }
  }

  #read(name: string): string | undefined {
    const path = join(this.#folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }
}

export async function until(condition: () => boolean, what: string, ms = 10_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms for ${what}`);
    await sleep(10);
  }
}

/** Waits until a figure is above 0 and has not changed for `ms`. */
export async function stands(figure: () => number, ms: number): Promise<void> {
  let last = 0;
  let since = performance.now();
  const unchanged = () => {
    const now = figure();
    if (now !== last) since = performance.now();
    last = now;
    return now > 0 && performance.now() - since >= ms;
  };
  await until(unchanged, 'a figure to stand still', 30_000);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A process that nobody has reaped yet still has its number.
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, 'utf8'));
}
