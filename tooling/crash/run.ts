import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { baseline, type TrialEnd, trial } from './src/trial.ts';

/** `pnpm test:crash [--kills N] [--seed S] [--only TRIAL]`: kills pawl, resumes it, and looks at what came of it. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    seed: { type: 'string' },
    only: { type: 'string' },
    'at-once': { type: 'string', default: String(Math.min(4, Math.max(2, availableParallelism()))) },
  },
});
const wanted = Number(values.kills);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
const folder = mkdtempSync(join(tmpdir(), 'pawl-crash-'));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const began = performance.now();
const base = await baseline(join(folder, 'undisturbed'));
say(
  `crash: seed ${seed}; undisturbed the run appends ${base.appends} times to its record in ${Math.round(base.ms)} ms`,
);

const ends: TrialEnd[] = [];
const mostFailures = 5;
const failures = (): number => ends.filter(({ faults }) => faults.length > 0).length;
const killed = (): number => ends.reduce((sum, end) => sum + end.killed, 0);
let next = values.only === undefined ? 0 : Number(values.only);
const last = values.only === undefined ? Number.POSITIVE_INFINITY : next;
/** Every boundary is due, also where the others have been killed often enough before. */
const isDue = (): boolean =>
  next <= last &&
  failures() < mostFailures &&
  (values.only !== undefined || killed() < wanted || next < 2 * base.appends);

async function work(): Promise<void> {
  while (isDue()) {
    const index = next;
    next += 1;
    const end = await trial(join(folder, `trial-${index}`), seed, index, base).catch(
      (error: unknown): TrialEnd => ({ index, kills: [], killed: 0, interrupted: 0, faults: [String(error)] }),
    );
    ends.push(end);
    if (end.faults.length === 0) {
      if (ends.length % 25 === 0) say(`crash: ${killed()} kills in ${ends.length} runs`);
      continue;
    }
    say(`crash: FAILED with ${JSON.stringify(end.kills)}\n  ${end.faults.join('\n  ')}`);
    say(`  again: pnpm test:crash --seed ${seed} --only ${index}`);
  }
}
await Promise.all(Array.from({ length: Number(values['at-once']) }, work));

const failed = ends.filter(({ faults }) => faults.length > 0);
const boundaries = Math.min(2 * base.appends, ends.length);
const interrupted = ends.reduce((sum, end) => sum + end.interrupted, 0);
const seconds = Math.round((performance.now() - began) / 1000);
say(
  `crash: ${killed()} kills in ${ends.length} runs (${boundaries} of ${2 * base.appends} boundaries, ${interrupted} turns interrupted), ${failed.length} failed, seed ${seed}, ${seconds} s`,
);
if (failed.length > 0) process.exitCode = 1;
else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
