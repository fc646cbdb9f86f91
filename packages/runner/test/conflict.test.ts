import type { Plan } from '@pawl/core';
import { describe, expect, test } from 'vitest';
import { continueRun, startRun } from '../src/index.ts';
import { died, mortal, withoutCost } from './dying.ts';
import type { Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { code, planOf, split } from './plans.ts';

const tasks = ['a', 'b', 'c'].map((name) => ({ name, description: `Do ${name}`, files: [] }));

/** Every task writes the same file; whoever resolves forgets the marks at first. */
function sample(most = 2, resolve = (text: string) => text.replace(/^[<=>]{7}.*\n/gm, '')) {
  const script: Script = ({ step, attempt, files }) => {
    if (step === 'plan') return { json: { tasks } };
    const text = files.get('shared.ts') ?? '';
    if (!step.endsWith('/on_conflict')) files.set('shared.ts', `by ${step.split('/')[1]}`);
    else if (attempt > 1) files.set('shared.ts', resolve(text));
    return {};
  };
  const world = new World({ files: { 'shared.ts': 'base' }, script });
  const resolver = { ...code('on_conflict', { agent: 'big', attempts: most }), address: 'plan/on_conflict' };
  const steps = [split('plan', [code('impl')], { parallel: { onConflict: [resolver] } })];
  return { world, plan: planOf(world.repository.base, steps) as Plan };
}
const history = (world: World) => withoutCost(world.repository.lane('main'));

describe('lanes that conflict', () => {
  test('are brought together by an agent, one after the other, when no mark is left', async () => {
    const { world, plan } = sample();
    expect((await startRun('r1', plan, world.ports())).status).toBe('passed');
    expect(history(world).map(({ subject, files }) => [subject, files['shared.ts']])).toEqual([
      ['impl: a', 'by a'],
      ['impl: b', 'by a\nby b\n'],
      ['impl: c', 'by a\nby b\n\nby c\n'],
    ]);
    const failed = world.log().filter((event) => event.type === 'attempt-ended' && event.failure);
    expect(failed).toMatchObject([
      { failure: { gates: ['conflict_marks'], text: expect.stringContaining('shared.ts:1') } },
      { failure: { gates: ['conflict_marks'] } },
    ]);
    expect([...world.repository.lanes.keys()]).toEqual(['/lanes/r1/main']);
  });

  test('and are not made to fit fail, each with its work on its branch', async () => {
    const { world, plan } = sample(1);
    const state = await startRun('r1', plan, world.ports());
    expect(state.failure).toMatchObject({ step: 'plan/b/on_conflict', message: expect.stringContaining('shared.ts') });
    expect(history(world).map(({ subject }) => subject)).toEqual(['impl: a']);
    expect(
      world.repository
        .lane('plan/b')
        .history()
        .map(({ files }) => files['shared.ts']),
    ).toEqual(['by b']);
    expect(
      world.repository
        .lane('plan/c')
        .history()
        .map(({ files }) => files['shared.ts']),
    ).toEqual(['by c']);
  });

  test('come to the same end from every event of the log on', async () => {
    const expected = sample();
    await startRun('r1', expected.plan, expected.world.ports());
    const count = expected.world.log().length;
    for (let events = 1; events < count; events += 1) {
      const { world, plan } = sample();
      await expect(startRun('r1', plan, mortal(world, events)), `event ${events}`).rejects.toBe(died);
      expect((await continueRun('r1', world.ports())).status, `event ${events}`).toBe('passed');
      expect(history(world), `event ${events}`).toEqual(history(expected.world));
    }
  });
});
