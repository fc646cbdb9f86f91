import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from '@pawl/process';
import { WorktreeError } from './errors.ts';

/** Who waits in this process, in order: they need not poll. */
const queues = new Map<string, Promise<unknown>>();

/** Runs `work` while no other process (and nobody else in this one) does so under the same path. */
export async function withLock<T>(path: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const before = queues.get(path) ?? Promise.resolve();
  const result = before.then(() => lockedBetween(path, waitMs, work));
  const settled = result.catch(() => undefined);
  queues.set(path, settled);
  try {
    return await result;
  } finally {
    if (queues.get(path) === settled) queues.delete(path);
  }
}

/** Between processes. */
async function lockedBetween<T>(path: string, waitMs: number, work: () => Promise<T>): Promise<T> {
  const limit = performance.now() + waitMs;
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, ownMark(), { flag: 'wx', mode: 0o600 });
  try {
    for (let wait = 5; !(await take(path, draft)); wait = Math.min(40, wait * 2)) {
      if (performance.now() > limit) {
        throw new WorktreeError(
          'busy',
          `Another pawl is working here for too long. If none is running, remove ${path}`,
        );
      }
      await dropStale(path);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  } finally {
    await rm(draft, { force: true });
  }
  try {
    await dropDrafts(dirname(path));
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Of locks in this folder: what waiters who were killed have left. */
async function dropDrafts(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => draftName.test(each))) {
    const owner = parse(await readFile(join(folder, name), 'utf8').catch(() => ''));
    if (owner && owner.started !== '' && !isAlive(owner)) await rm(join(folder, name), { force: true });
  }
}

const draftName = /\.lock\.[0-9a-f]{8}-[0-9a-f-]{27}$/;

const ownMark = (): string =>
  JSON.stringify({ ...(identify(process.pid) ?? { pid: process.pid, started: '' }), id: randomUUID() });

/** Linked, not written: there is no moment at which the lock does not say whose it is, and who dies in it leaves none. */
async function take(path: string, draft: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Its owner was killed. Renamed first, so that of several who see it only one removes it. */
async function dropStale(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const owner = parse(text);
  // An empty one is what a machine that lost its power made of it.
  if (text !== '' && (!owner || owner.started === '' || isAlive(owner))) return;
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(() => undefined);
  const moved = await readFile(aside, 'utf8').catch(() => undefined);
  // Another waiter was faster and this is its new lock: give it back.
  if (moved !== undefined && moved !== text) await rename(aside, path);
  else await rm(aside, { force: true });
}

function parse(text: string): ProcessIdentity | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('started' in value)) return undefined;
    const { pid, started } = value;
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}
