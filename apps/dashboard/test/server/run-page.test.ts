import { expect, test } from 'vitest';
import { foldRun } from '../../server/runs/folded-run.ts';
import { stepRowOf } from '../../server/runs/step-row.ts';
import { inOrder } from '../../web/src/data/steps.ts';
import type { StepRow } from '../../wire.ts';
import { code, planOf, plans, split, story } from '../stage/story.ts';

test('what is told of a run after each event, put together, is the run as a whole', () => {
  const each = [code('build/impl', ['npm test']), code('build/review', [])];
  const plan = planOf({ name: 'wide', repository: '/shop', steps: [split('build', each), code('check', [])] });
  const planned = plans(9);
  const folded = foldRun();
  const known = new Map<string, StepRow>();
  let seq = 0;
  const outcome = ({ id }: { readonly id: string }) => (id === 'build#1/run-agent' ? planned : undefined);
  for (const events of story({ run: 'one', plan, now: () => 1000 + seq, outcome })) {
    const before = seq;
    folded.add(events.map((event) => ({ seq: ++seq, event })));
    const rows = (all: ReturnType<typeof folded.placed>) =>
      all.map((one) => stepRowOf(one, folded.report().waiting, folded.plan));
    for (const row of rows(folded.changedSince(before))) known.set(row.path, row);
    expect(inOrder(known.values())).toEqual(rows(folded.placed()));
  }
  expect(known.size).toBe(29);
});
