import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventsOf, faultsOf, type Result, resultOf } from './check.ts';
import { type Kill, pawl } from './pawl.ts';
import { type Random, seeded } from './random.ts';
import { openShop } from './shop.ts';

export interface Baseline {
  readonly result: Result;
  /** How often an undisturbed run appends events to its record. */
  readonly appends: number;
  readonly ms: number;
}

export interface TrialEnd {
  readonly index: number;
  readonly kills: readonly Kill[];
  /** How many of them came before the process had ended by itself. */
  readonly killed: number;
  readonly interrupted: number;
  readonly faults: readonly string[];
}

/** The run as it goes when nobody kills it. */
export async function baseline(folder: string): Promise<Baseline> {
  const shop = openShop(folder);
  const count = join(folder, 'appends');
  const began = performance.now();
  const { code, stderr, stdout } = await pawl(shop, ['run', 'flow', '--spec', 'spec.md', '--json'], undefined, count);
  const ms = performance.now() - began;
  if (code !== 0) throw new Error(`the run does not pass undisturbed: ${stderr}${stdout}`);
  const [told] = await eventsOf(shop);
  if (!told) throw new Error('the run was not recorded');
  const result = resultOf(shop, told);
  const faults = faultsOf(shop, told, result, linesOf(stdout));
  if (faults.length > 0) throw new Error(`undisturbed it is not as it must be:\n${faults.join('\n')}`);
  return { result, appends: Number(readFileSync(count, 'utf8')), ms };
}

/** First each append of the record, before it and after it; then at random. A turn may be interrupted three times. */
export function killsOf(
  seed: number,
  index: number,
  { appends, ms }: Pick<Baseline, 'appends' | 'ms'>,
): readonly Kill[] {
  const random = seeded(seed, index);
  const boundary = Math.floor(index / 2) + 1;
  const first: Kill =
    boundary <= appends
      ? { at: index % 2 === 0 ? 'after' : 'before', append: boundary }
      : anywhere(random, appends, ms);
  return [first, anywhere(random, appends, ms), anywhere(random, appends / 2, ms / 2)];
}

const anywhere = (random: Random, appends: number, ms: number): Kill =>
  random.below(2) === 0
    ? { at: 'time', ms: 150 + random.below(Math.max(1, Math.round(ms))) }
    : { at: random.below(2) === 0 ? 'before' : 'after', append: 1 + random.below(Math.max(1, Math.round(appends))) };

/** Runs, is killed, resumes, is killed …, and comes to its end. Its folder stays when something is not as it must be. */
export async function trial(folder: string, seed: number, index: number, base: Baseline): Promise<TrialEnd> {
  const shop = openShop(folder);
  const kills = killsOf(seed, index, base);
  const printed: string[] = [];
  let killed = 0;
  const end = async (faults: readonly string[], interrupted = 0): Promise<TrialEnd> => {
    if (faults.length === 0) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    return { index, kills, killed, interrupted, faults };
  };
  for (const kill of [...kills, undefined]) {
    const events = (await eventsOf(shop))[0]?.events ?? [];
    // Killed after its last word: there is nothing to go on with.
    if (events.at(-1)?.type === 'run-ended') break;
    const begun = events.length > 0;
    const args = begun ? ['resume', '--json'] : ['run', 'flow', '--spec', 'spec.md', '--json'];
    const ended = await pawl(shop, args, kill);
    if (begun || ended.stdout !== '') printed.push(...linesOf(ended.stdout));
    if (ended.killed) killed += 1;
    else if (ended.code === 0) break;
    else return end([`pawl ${args.join(' ')} ended with ${ended.code}: ${ended.stderr}${ended.stdout.slice(-2000)}`]);
  }
  const [told, another] = await eventsOf(shop);
  if (!told || another) return end([another ? 'there are two runs' : 'there is no run']);
  const faults = faultsOf(shop, told, base.result, printed);
  const interrupted = told.events.filter(
    (event) => event.type === 'effect-settled' && event.outcome.kind === 'interrupted',
  ).length;
  return end(faults, interrupted);
}

/** Whole lines: the last one may have been cut by the kill. */
const linesOf = (stdout: string): readonly string[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{"sequence"'));
