import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type SequenceEnd, sequence } from './src/sequence.ts';

/**
 * `pnpm test:operations [--sequences N] [--length L] [--seed S] [--only I]`: run, kill, resume, replay, undo, gc, apply, and
 * a user who edits, commits and deletes, in any order; after each it is looked whether anything was lost.
 */
const { values } = parseArgs({
  options: {
    sequences: { type: 'string', default: '20' },
    length: { type: 'string', default: '10' },
    seed: { type: 'string' },
    only: { type: 'string' },
    'at-once': { type: 'string', default: '2' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
const first = Number(values.only ?? 0);
const last = values.only === undefined ? Number(values.sequences) - 1 : first;
const folder = mkdtempSync(join(tmpdir(), 'pawl-operations-'));
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const began = performance.now();
const ends: SequenceEnd[] = [];
let next = first;

async function work(): Promise<void> {
  while (next <= last) {
    const index = next;
    next += 1;
    const end = await sequence(join(folder, `sequence-${index}`), seed, index, Number(values.length)).catch(
      (error: unknown): SequenceEnd => ({ index, done: [], tokens: 0, faults: [String(error)] }),
    );
    ends.push(end);
    if (end.faults.length === 0) continue;
    say(`operations: FAILED\n  ${[...end.done, ...end.faults].join('\n  ')}`);
    say(`  again: pnpm test:operations --seed ${seed} --only ${index} --length ${values.length}`);
  }
}
await Promise.all(Array.from({ length: Number(values['at-once']) }, work));

const failed = ends.filter(({ faults }) => faults.length > 0).length;
const sum = (of: (end: SequenceEnd) => number): number => ends.reduce((total, end) => total + of(end), 0);
const seconds = Math.round((performance.now() - began) / 1000);
say(
  `operations: ${sum(({ done }) => done.length)} operations in ${ends.length} sequences, ${sum(({ tokens }) => tokens)} pieces of work followed, ${failed} lost something, seed ${seed}, ${seconds} s`,
);
if (failed > 0) process.exitCode = 1;
else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
