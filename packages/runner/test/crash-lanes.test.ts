import type { Plan, RunEvent, RunState } from '@pawl/core';
import { describe, expect, test } from 'vitest';
import { answerRun, continueRun, startRun } from '../src/index.ts';
import type { People } from '../src/ports.ts';
import { died, mortal, withoutCost } from './dying.ts';
import type { Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { code, judgedBy, parallel, planOf, split, validate } from './plans.ts';

const tasks = ['auth', 'mail', 'docs'].map((name) => ({ name, description: `Do ${name}`, files: [] }));
const script: Script = ({ step, attempt, files }) => {
  const [first, task] = step.split('/');
  if (step === 'plan') return { json: { tasks } };
  // The first version of `mail` is sent back.
  if (step.endsWith('/judge')) return { json: { pass: files.get('mail.ts') !== 'mail 1', comments: 'Once more.' } };
  files.set(`${first === 'plan' ? task : step.split('/')[1]}.ts`, `${task} ${attempt}`);
  return {};
};

/** Three lanes with a validator each, then two with a question in one, and over both a gate with two validators beside it. */
function sample(): { readonly world: World; readonly plan: Plan } {
  const world = new World({ files: { 'README.md': 'sample' }, script });
  const impl = code('impl', { gates: [judgedBy('review', [validate('judge')])], attempts: 2 });
  const steps = [
    split('plan', [impl], { parallel: {} }),
    parallel('both', [code('one', { pause: 'before_gate' }), code('two')], {
      gates: ['check', ...['arch', 'security'].map((name) => judgedBy(name, [validate('judge')]))],
    }),
  ];
  return { world, plan: planOf(world.repository.base, steps, { settings: { setup: 'install' } }) };
}

const there: People = { ask: async () => ({ choice: 'continue', by: 'ada' }) };
const turns = (world: World) => world.asked.map(({ step, attempt }) => `${step}#${attempt}`);
const ends = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step-ended' ? [`${event.step} ${event.end}`] : [])).sort();
const history = (world: World) => withoutCost(world.repository.lane('main'));
const twice = (list: readonly string[]) => list.filter((one, index) => list.indexOf(one) !== index);

async function whole() {
  const { world, plan } = sample();
  const state = await startRun('r1', plan, world.ports({ people: there }));
  expect(state.status).toBe('passed');
  return world;
}

function expectSameEnd(world: World, state: RunState, expected: World, when: string): void {
  expect(state.status, when).toBe('passed');
  expect(history(world), when).toEqual(history(expected));
  expect(ends(world.log()), when).toEqual(ends(expected.log()));
  expect([...world.repository.lanes.keys()], when).toEqual(['/lanes/r1/main']);
  expect([twice(world.repository.merged), twice(world.repository.advanced)], when).toEqual([[], []]);
  expect([...world.repository.merged].sort(), when).toEqual([...expected.repository.merged].sort());
  // No turn is forgotten, and one that was under way is begun once more.
  const [begun, once] = [counted(turns(world)), counted(turns(expected))];
  expect([...begun.keys()].sort(), when).toEqual([...once.keys()].sort());
  for (const [turn, count] of begun) expect([0, 1], `${when}: ${turn}`).toContain(count - (once.get(turn) ?? 0));
}

function counted(list: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of list) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

describe('a run with lanes, a validator and a question whose process dies', () => {
  test('looks like this when nothing happens', async () => {
    const world = await whole();
    expect(history(world).map(({ subject }) => subject)).toEqual([
      'impl: auth',
      'impl: mail',
      'impl: docs',
      'one',
      'two',
    ]);
    expect(world.repository.merged).toHaveLength(5);
    // Each attempt is judged anew.
    expect(twice(turns(world))).toEqual(['plan/mail/impl/gate/review/judge#1']);
    expect(turns(world)).toContain('plan/mail/impl#2');
  });

  test.each(['at once', 'late'] as const)('comes to the same end from every event of its log on (%s)', async (dies) => {
    const expected = await whole();
    const count = expected.log().length;
    expect(count).toBeGreaterThan(100);
    let again = 0;
    for (let events = 1; events < count; events += 1) {
      const { world, plan } = sample();
      const people = { people: there };
      await expect(startRun('r1', plan, mortal(world, events, dies, people)), `event ${events}`).rejects.toBe(died);
      expect(world.log()).toHaveLength(events);
      const state = await continueRun('r1', world.ports(people));
      expectSameEnd(world, state, expected, `event ${events}`);
      again += world.asked.length - expected.asked.length;
    }
    // Lanes work side by side: some were under way each time.
    expect(again).toBeGreaterThan(10);
  });

  test('and dies again and again, it still ends', async () => {
    const { world, plan } = sample();
    const people = { people: there };
    await expect(startRun('r1', plan, mortal(world, 1, 'at once', people))).rejects.toBe(died);
    for (let life = 0; life < 300; life += 1) {
      const ports = mortal(world, world.log().length + 7, 'at once', people);
      const end = await continueRun('r1', ports).catch((error: unknown) => error);
      if (end === died && world.log().at(-1)?.type !== 'run-ended') continue;
      // A turn that was interrupted too often fails its step.
      expect(world.log().at(-1)).toMatchObject({ type: 'run-ended', end: expect.stringMatching(/passed|failed/) });
      expect([twice(world.repository.merged), twice(world.repository.advanced)]).toEqual([[], []]);
      return;
    }
    expect.unreachable('300 lives were not enough');
  });

  test('and is answered afterwards, with its log cut anywhere behind the question', async () => {
    const { world: alone, plan: planned } = sample();
    const waits = await startRun('r1', planned, alone.ports());
    expect(waits.status).toBe('running');
    const expected = await whole();
    const asked = alone.log().findIndex((event) => event.type === 'effect-requested' && event.effect.type === 'ask');
    for (let events = asked + 1; events <= alone.log().length; events += 1) {
      const { world, plan } = sample();
      await startRun('r1', plan, mortal(world, events, 'at once')).catch((error: unknown) => error);
      const state = await answerRun('r1', 'both/one', { choice: 'continue' }, world.ports());
      expectSameEnd(world, state, expected, `event ${events}`);
    }
  });
});

describe('a log that was cut in the middle of a decision', () => {
  test('is completed, also where something else is under way already', async () => {
    const expected = await whole();
    const planned = expected.log().findIndex(({ type }) => type === 'tasks-planned');
    const opens = expected.log().findIndex((event, at) => at > planned && event.type === 'effect-requested');
    const { world, plan } = sample();
    const people = { people: there };
    // One lane of three has been asked for.
    await expect(startRun('r1', plan, mortal(world, opens + 1, 'at once', people))).rejects.toBe(died);
    const before = world.log().length;
    const state = await continueRun('r1', world.ports(people));
    const added = world.appends.find(({ expected: at }) => at === before);
    expect(added?.events.filter(({ type }) => type === 'effect-requested')).toHaveLength(2);
    expect(state.status).toBe('passed');
  });

  test('of a replay, in its first decision', async () => {
    const first = await whole();
    const { world, plan } = sample();
    const from = {
      run: 'r0',
      step: 'both',
      commit: first.repository.base,
      lanes: { main: { head: first.repository.base, at: first.repository.base, dirty: false } },
      steps: {},
      frames: {},
      generation: 3,
    };
    world.append('r1', 0, [{ type: 'run-started', at: 1, run: 'r1', plan, from }]);
    expect((await continueRun('r1', world.ports({ people: there }))).status).toBe('passed');
    expect(world.log().filter(({ type }) => type === 'run-started')).toHaveLength(1);
  });
});

describe('what a process left running', () => {
  test('in any lane is ended before anything is settled', async () => {
    const { world, plan } = sample();
    const expected = await whole();
    const agents = expected
      .log()
      .flatMap((event, at) => (event.type === 'effect-requested' && event.effect.type === 'run-agent' ? [at] : []));
    // The plan's, then those of the three lanes.
    await expect(startRun('r1', plan, mortal(world, agents[3]! + 1))).rejects.toBe(died);
    const before = world.log().length;
    const seen: number[] = [];
    const sweep = async () => {
      seen.push(world.log().length);
      if (seen.length === 3) throw new Error('it will not go');
    };
    await expect(continueRun('r1', world.ports({ people: there, sweep }))).rejects.toThrow('it will not go');
    expect(seen).toEqual([before, before, before]);
    expect(world.log()).toHaveLength(before);
    const state = await continueRun('r1', world.ports({ people: there }));
    expect(state.status).toBe('passed');
    expect(world.log().filter((event) => event.type === 'warned' && event.code === 'interrupted')).toHaveLength(3);
  });
});
