import type { ChildProcess } from 'node:child_process';
import { endAll } from './end-all.ts';
import { guardTree, releaseTree } from './exit-guard.ts';
import { endTreeOnWindows, membersOf, type Tree } from './tree.ts';

/** How the main process of a tree ended. */
export interface Ending {
  readonly code: number | undefined;
  readonly signal: string | undefined;
}

export interface Lifetime {
  /** Settles when no process of the tree is left, or the system does not let go of one; never rejects. */
  readonly finished: Promise<Ending>;
  stop(): Promise<void>;
}

/** A process the system does not let go of is given up this long after its SIGKILL. */
const giveUpMs = 1000;

/** Follows a process to its end, then ends what it leaves behind. `tree` is undefined where there is no process table. */
export function followProcess(child: ChildProcess, pid: number, tree: Tree | undefined, graceMs: number): Lifetime {
  const { promise: ended, resolve } = Promise.withResolvers<Ending>();
  let alive = true;
  child.once('exit', (code, signal) => {
    alive = false;
    resolve({ code: code ?? undefined, signal: signal ?? undefined });
  });
  if (tree) guardTree(tree);

  const end = async () => {
    if (tree) await endAll(() => membersOf(tree), graceMs);
    // Only while it lives is its number certainly its own.
    else if (alive) await endTreeOnWindows(pid);
    setTimeout(resolve, giveUpMs, { code: undefined, signal: 'SIGKILL' }).unref();
  };
  let ending: Promise<void> | undefined;
  const endOnce = () => {
    ending ??= end();
    return ending;
  };
  const finished = ended.then(async (how) => {
    await endOnce();
    if (tree) releaseTree(tree);
    return how;
  });
  const stop = async () => {
    await endOnce();
    await finished;
  };
  return { finished, stop };
}
