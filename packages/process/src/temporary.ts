import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Nothing takes as long: what is older was left, also where a process of another container cannot be seen. */
const oldMs = 24 * 60 * 60 * 1000;
const ours = /^pawl-[a-z]+-(\d+)-[A-Za-z0-9]{6}$/;
const swept = new Set<string>();

/**
 * A new folder that its owner alone can enter. The first one of a process takes along what processes that were killed
 * have left in the same place.
 */
export function temporaryFolder(kind: string, parent: string = tmpdir()): string {
  if (!swept.has(parent)) {
    swept.add(parent);
    sweepFolders(parent);
  }
  return mkdtempSync(join(parent, `pawl-${kind}-${process.pid}-`));
}

export async function withTemporaryFolder<T>(
  kind: string,
  work: (folder: string) => Promise<T>,
  parent?: string,
): Promise<T> {
  const folder = temporaryFolder(kind, parent);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sweepFolders(parent: string): void {
  for (const name of namesIn(parent)) {
    const pid = Number(ours.exec(name)?.[1] ?? 0);
    if (pid === 0 || isThere(pid)) continue;
    const path = join(parent, name);
    try {
      const found = lstatSync(path);
      const own = found.isDirectory() && (process.getuid === undefined || found.uid === process.getuid());
      if (own && Date.now() - found.mtimeMs > oldMs) rmSync(path, { recursive: true, force: true });
    } catch {
      // It is in nobody's way, and another may have taken it away.
    }
  }
}

function namesIn(parent: string): readonly string[] {
  try {
    return readdirSync(parent);
  } catch {
    return [];
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
