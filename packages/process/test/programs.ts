import { fileURLToPath } from 'node:url';
import { identify, isAlive, type ProcessCommand, type ProcessIdentity, type RunningProcess } from '@pawl/process';

const environment = { PATH: process.env.PATH ?? '' };

export function fixture(name: string, ...args: string[]): ProcessCommand {
  const script = fileURLToPath(new URL(`fixtures/${name}.mjs`, import.meta.url));
  return { file: process.execPath, args: [script, ...args], cwd: '/', env: environment };
}

export function script(code: string, ...args: string[]): ProcessCommand {
  return { file: process.execPath, args: ['-e', code, ...args], cwd: '/', env: environment };
}

export async function collect(running: RunningProcess): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of running.lines) lines.push(line.text);
  return lines;
}

/** What `leave-behind` has started. */
export async function leftBehind(running: RunningProcess): Promise<ProcessIdentity> {
  for await (const { text } of running.lines) {
    const pid = /^left (\d+)$/.exec(text)?.[1];
    const identity = pid === undefined ? undefined : identify(Number(pid));
    if (identity) return identity;
  }
  throw new Error('it left nothing behind');
}

export async function until(condition: () => boolean, message: string): Promise<void> {
  const limit = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > limit) throw new Error(`never: ${message}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function ended(identity: ProcessIdentity | undefined): boolean {
  return identity !== undefined && !isAlive(identity);
}
