import type { RunStore, StoredEvent } from '@pawl/session-store';

/** What is made of a run's log as far as it was read. */
export interface Fold {
  readonly seq: number;
  /** No more is expected of it. */
  readonly over: boolean;
  add(stored: readonly StoredEvent[]): void;
}

/** Folds of runs, each brought up to date from where it is: of a log no event is read twice while its fold is kept. */
export interface Folds<One extends Fold> {
  has(run: string): boolean;
  upToDate(run: string): Promise<One>;
  /** Not kept. */
  once(run: string): Promise<One>;
}

export interface FoldsOptions<One> {
  make(): One;
  /** So many events in all; those of runs that are over go first, the longest unused before the others. */
  readonly most: number;
}

/** Read at once: others are answered in between, however long a log is. */
const pieceEvents = 2000;

export function createFolds<One extends Fold>(
  store: Pick<RunStore, 'read'>,
  { make, most }: FoldsOptions<One>,
): Folds<One> {
  const kept = new Map<string, { readonly fold: One; readonly read: Promise<void> }>();

  const forget = (): void => {
    let events = [...kept.values()].reduce((sum, { fold }) => sum + fold.seq, 0);
    for (const [run, { fold }] of [...kept].slice(0, -1)) {
      if (events <= most) return;
      if (!fold.over) continue;
      kept.delete(run);
      events -= fold.seq;
    }
  };
  return {
    has: (run) => kept.has(run),
    async upToDate(run) {
      const { fold, read: before = Promise.resolve() } = kept.get(run) ?? { fold: make() };
      const read = before.then(() => readOn(store, run, fold));
      const one = { fold, read };
      kept.delete(run);
      kept.set(run, one);
      // What could not be read once may be read the next time.
      read.then(forget, () => kept.get(run) === one && kept.delete(run));
      await read;
      return fold;
    },
    async once(run) {
      const fold = make();
      await readOn(store, run, fold);
      return fold;
    },
  };
}

async function readOn(store: Pick<RunStore, 'read'>, run: string, fold: Fold): Promise<void> {
  for (;;) {
    const stored = await store.read(run, fold.seq, pieceEvents);
    if (stored.length > 0) fold.add(stored);
    if (stored.length < pieceEvents) return;
    await new Promise(setImmediate);
  }
}
