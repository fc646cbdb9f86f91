import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '@pawl/core';
import { openStore } from '@pawl/session-store';
import type { Shop } from './shop.ts';

/** What a run came to: the same however often pawl died on the way. */
export interface Result {
  readonly tree: string;
  readonly subjects: string;
  readonly steps: string;
}

export interface Told {
  readonly run: string;
  readonly events: readonly RunEvent[];
}

export async function eventsOf({ home }: Shop): Promise<readonly Told[]> {
  const file = join(home, 'pawl.db');
  if (!existsSync(file)) return [];
  const store = openStore({ file });
  try {
    const runs = await store.runs.list();
    return await Promise.all(
      runs.map(async ({ id }) => ({ run: id, events: (await store.runs.read(id)).map(({ event }) => event) })),
    );
  } finally {
    store.close();
  }
}

export function resultOf({ git }: Shop, { run, events }: Told): Result {
  const branch = `pawl/${run}/main`;
  const ends = events.flatMap((event) => (event.type === 'step-ended' ? [`${event.step} ${event.end}`] : []));
  return {
    tree: git('rev-parse', `${branch}:parts`),
    subjects: git('log', '--format=%s', branch),
    steps: [...new Set(ends)].sort().join('\n'),
  };
}

/** Everything that is not as it must be, in words. `printed`: what the processes told of events before they died. */
export function faultsOf(shop: Shop, told: Told, expected: Result, printed: readonly string[]): readonly string[] {
  const { events, run } = told;
  const last = events.at(-1);
  if (last?.type !== 'run-ended' || last.end !== 'passed') return [`run ${run} did not pass: ${JSON.stringify(last)}`];
  const result = resultOf(shop, told);
  return [
    ...(['tree', 'subjects', 'steps'] as const).flatMap((what) =>
      result[what] === expected[what] ? [] : [`its ${what} differ: ${result[what]} instead of ${expected[what]}`],
    ),
    ...turnFaults(shop, events),
    ...lostEvents(events, printed),
    ...gitFaults(shop, events),
    ...processesOf(shop).map((process) => `a process is left: ${process}`),
  ];
}

/** A turn begins once for each time that the log asks for it, and it is asked for again only after an interruption. */
function turnFaults({ starts }: Shop, events: readonly RunEvent[]): readonly string[] {
  const lines = existsSync(starts) ? readFileSync(starts, 'utf8').trim().split('\n') : [];
  const begun = countOf(lines, (line) => line.split(' ').slice(0, 2).join(' '));
  // An interruption asks for the turn under another name: no effect is ever performed twice.
  const performed = countOf(lines, (line) => line.split(' ').slice(4).join(' '));
  const asked = new Map<string, { count: number; interrupted: number }>();
  const keys = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'effect-requested' && event.effect.type === 'run-agent') {
      const { id, step, attempt } = event.effect;
      const key = `${step} ${attempt}`;
      const known = asked.get(key) ?? { count: 0, interrupted: 0 };
      asked.set(key, { ...known, count: known.count + 1 });
      keys.set(id, key);
    }
    if (event.type !== 'effect-settled' || event.outcome.kind !== 'interrupted') continue;
    const known = asked.get(keys.get(event.effect) ?? '');
    if (known) known.interrupted += 1;
  }
  return [
    ...[...performed].flatMap(([effect, count]) => (count > 1 ? [`the effect ${effect} started ${count} agents`] : [])),
    ...[...begun].flatMap(([key, count]) =>
      count > (asked.get(key)?.count ?? 0) ? [`the turn ${key} began ${count} times, asked for less often`] : [],
    ),
    ...[...asked].flatMap(([key, { count, interrupted }]) =>
      count > 1 + interrupted
        ? [`the turn ${key} was asked for ${count} times after ${interrupted} interruptions`]
        : [],
    ),
  ];
}

const countOf = (lines: readonly string[], keyOf: (line: string) => string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const key = keyOf(line);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
};

function lostEvents(events: readonly RunEvent[], printed: readonly string[]): readonly string[] {
  return printed.flatMap((line) => {
    const { sequence, ...event } = JSON.parse(line) as { sequence: number };
    return JSON.stringify(events[sequence - 1]) === JSON.stringify(event)
      ? []
      : [`event ${sequence} was lost: ${line}`];
  });
}

function gitFaults({ git, repository }: Shop, events: readonly RunEvent[]): readonly string[] {
  const outcomes = events.flatMap((event) => (event.type === 'effect-settled' ? [event.outcome] : []));
  const commits = outcomes.flatMap((outcome) => {
    if (outcome.kind === 'checkpoint-made') return [outcome.checkpoint.commit];
    return outcome.kind === 'branch-advanced' || outcome.kind === 'merged' ? [outcome.commit ?? ''] : [];
  });
  // Not by way of something else that holds it: a checkpoint has a ref of its own.
  const refs = new Set(git('for-each-ref', '--format=%(objectname)', 'refs/pawl', 'refs/heads/pawl').split('\n'));
  const unnamed = outcomes.flatMap((outcome) => {
    if (outcome.kind !== 'checkpoint-made' || outcome.checkpoint.files.length === 0) return [];
    return refs.has(outcome.checkpoint.commit) ? [] : [outcome.checkpoint.commit];
  });
  const reachable = new Set(git('rev-list', '--all').split('\n'));
  const lost = commits.filter((commit) => commit !== '' && !reachable.has(commit));
  const fsck = git('fsck', '--full', '--strict', '--no-dangling', '--no-progress');
  const locks = globSync('.git/**/*.lock', { cwd: repository });
  const worktrees = git('worktree', 'list', '--porcelain').match(/^worktree /gm)?.length ?? 0;
  return [
    ...lost.map((commit) => `commit ${commit} is not reachable any more`),
    ...unnamed.map((commit) => `no ref names the checkpoint ${commit}`),
    ...(fsck === '' ? [] : [`git fsck: ${fsck}`]),
    ...locks.map((lock) => `a lock is left: ${lock}`),
    ...(git('status', '--porcelain') === '' ? [] : ['the checkout has changed']),
    ...(worktrees === 2 ? [] : [`${worktrees} worktrees are left instead of the checkout and the run's own`]),
  ];
}

/** Whoever was started with something of this shop in its environment. */
export function processesOf({ folder }: Shop): readonly string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => textOf(`/proc/${name}/environ`).includes(`${folder}/`))
    .filter((name) => !/^\d+ \(.*\) [ZX] /s.test(textOf(`/proc/${name}/stat`)))
    .map((name) => `${name} ${textOf(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim()}`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
