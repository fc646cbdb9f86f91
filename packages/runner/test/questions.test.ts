import { type Answer, outstanding, type RunState } from '@pawl/core';
import { describe, expect, test, vi } from 'vitest';
import { abortRun, answerRun, continueRun, resumeRun, startRun } from '../src/index.ts';
import type { People, Question } from '../src/ports.ts';
import type { Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { parallelWorld } from './parallel-run.ts';
import { code, parallel, planOf } from './plans.ts';

const script: Script = ({ step, attempt, files }) => {
  files.set(`${step.split('/').at(-1)}.ts`, `${attempt}`);
  return {};
};
const open = (state: RunState) => outstanding(state).map(({ id }) => id);
const subjects = (world: World) =>
  world.repository
    .lane('main')
    .history()
    .map(({ subject }) => subject);

async function waiting(pause: 'before_gate' | 'after_gate' = 'before_gate') {
  const world = new World({ script });
  const steps = [code('impl', { pause, gates: ['check'], attempts: 2 }), code('next')];
  const state = await startRun('r1', planOf(world.repository.base, steps), world.ports());
  return { world, state };
}

describe('a question while nobody is there', () => {
  test.each(['before_gate', 'after_gate'] as const)('(%s) the run waits, and this process need not', async (pause) => {
    const { world, state } = await waiting(pause);
    expect(state.status).toBe('running');
    expect(open(state)).toEqual(['impl#1/ask']);
    expect(world.ran).toEqual(pause === 'before_gate' ? [] : ['check']);
    const log = world.log().length;
    expect((await continueRun('r1', world.ports())).status).toBe('running');
    expect((await resumeRun('r1', world.ports())).status).toBe('running');
    expect(world.log().length).toBe(log);
  });

  test('continue: it goes on', async () => {
    const { world } = await waiting();
    // What the person mended by hand belongs to the step.
    world.lane.files.set('by-hand.ts', 'x');
    const state = await answerRun('r1', 'impl', { choice: 'continue', by: 'ada' }, world.ports());
    expect(state.status).toBe('passed');
    expect(subjects(world)).toEqual(['impl', 'next']);
    expect(world.lane.history()[0]?.files).toEqual({ 'impl.ts': '1', 'by-hand.ts': 'x' });
  });

  test('retry: the agent is told, in its conversation, and it asks again', async () => {
    const { world } = await waiting();
    const state = await answerRun('r1', undefined, { choice: 'retry', comment: 'Shorter, please.' }, world.ports());
    expect(open(state)).toEqual(['impl#2/ask']);
    expect(world.asked.at(-1)?.input.prompt).toContain('Shorter, please.');
    expect(world.asked.at(-1)?.open.start.kind).toBe('resume');
    // The turn that the answer asks for was not under way before: nothing is interrupted.
    expect(world.log().filter(({ type }) => type === 'warned')).toEqual([]);
    expect((await answerRun('r1', 'impl', { choice: 'continue' }, world.ports())).status).toBe('passed');
  });

  test('abort: it ends, and a resume asks anew', async () => {
    const { world } = await waiting();
    const state = await answerRun('r1', 'impl', { choice: 'abort', comment: 'not like this' }, world.ports());
    expect(state.status).toBe('aborted');
    expect(world.log()).toContainEqual(expect.objectContaining({ type: 'abort-requested', reason: 'not like this' }));
    const again = await resumeRun('r1', world.ports());
    expect(again.status).toBe('running');
    expect(open(again)).toHaveLength(1);
  });

  test.each<[string, string | undefined, string]>([
    ['the wrong step', 'next', 'it asks at impl: name that step'],
    ['no such step', 'constructor', 'it asks at impl'],
  ])('an answer to %s is refused and stores nothing', async (_, step, message) => {
    const { world } = await waiting();
    const log = world.log().length;
    await expect(answerRun('r1', step, { choice: 'continue' }, world.ports())).rejects.toMatchObject({
      code: 'not-asking',
      message: expect.stringContaining(message),
    });
    expect(world.log().length).toBe(log);
  });

  test('an answer to a run that asks nothing, or is not known, is refused', async () => {
    const { world } = await waiting();
    await answerRun('r1', 'impl', { choice: 'continue' }, world.ports());
    const refused = (run: string) => expect(answerRun(run, undefined, { choice: 'continue' }, world.ports())).rejects;
    await refused('r1').toMatchObject({ code: 'not-asking', message: expect.stringContaining('asks nothing') });
    await refused('r2').toMatchObject({ code: 'unknown-run' });
  });

  test('an answer that is none is refused by name', async () => {
    const { world } = await waiting();
    const answer = { choice: 'maybe' } as unknown as Answer;
    await expect(answerRun('r1', 'impl', answer, world.ports())).rejects.toMatchObject({ code: 'decision-refused' });
    expect((await answerRun('r1', 'impl', { choice: 'continue' }, world.ports())).status).toBe('passed');
  });

  test('in two lanes at once: what else can be done is done, and each is answered by its step', async () => {
    const world = new World({ script });
    const steps = [
      parallel('all', [code('a', { pause: 'before_gate' }), code('b', { pause: 'before_gate' }), code('c')]),
    ];
    const state = await startRun('r1', planOf(world.repository.base, steps), world.ports());
    expect(open(state).sort()).toEqual(['all/a#1/ask', 'all/b#1/ask']);
    expect(world.asked.map(({ step }) => step).sort()).toEqual(['all/a', 'all/b', 'all/c']);
    await expect(answerRun('r1', undefined, { choice: 'continue' }, world.ports())).rejects.toMatchObject({
      message: expect.stringMatching(/all\/a, all\/b: name one of them/),
    });
    const one = await answerRun('r1', 'all/b', { choice: 'continue' }, world.ports());
    expect(open(one)).toEqual(['all/a#1/ask']);
    const both = await answerRun('r1', 'all/a', { choice: 'continue' }, world.ports());
    expect(both.status).toBe('passed');
    expect(subjects(world)).toEqual(['a', 'b', 'c']);
  });

  test('an abort of one of two ends the other question too', async () => {
    const world = new World({ script });
    const steps = [parallel('all', [code('a', { pause: 'before_gate' }), code('b', { pause: 'before_gate' })])];
    await startRun('r1', planOf(world.repository.base, steps), world.ports());
    const state = await answerRun('r1', 'all/a', { choice: 'abort' }, world.ports());
    expect([state.status, open(state)]).toEqual(['aborted', []]);
  });

  test('an abort of a run that waits ends it', async () => {
    const { world } = await waiting();
    const calls = world.repository.calls.length;
    const state = await abortRun('r1', 'not wanted', world.ports());
    expect([state.status, open(state)]).toEqual(['aborted', []]);
    expect(world.repository.calls.length).toBe(calls);
  });
});

describe('a question to someone who is there', () => {
  const people = (ask: People['ask']): { people: People } => ({ people: { ask } });
  const planned = (world: World) =>
    planOf(world.repository.base, [code('impl', { pause: 'after_gate', gates: ['check'], attempts: 2 })]);

  test('is put with what it is about, and the answer counts', async () => {
    const world = new World({ script });
    const asked: Question[] = [];
    const ask: People['ask'] = async (question) => {
      asked.push(question);
      return asked.length === 1 ? { choice: 'retry', comment: 'more' } : { choice: 'continue' };
    };
    const state = await startRun('r1', planned(world), world.ports(people(ask)));
    expect(state.status).toBe('passed');
    expect(asked).toEqual(
      [1, 2].map((attempt) => ({
        ...{ run: 'r1', step: 'impl', attempt, question: 'after_gate', lane: '/lanes/r1/main' },
        tree: expect.stringMatching(/^tree of /),
      })),
    );
  });

  test('holds other lanes back in nothing', async () => {
    const { world, plan } = parallelWorld(['a', 'b'], script);
    const answer = Promise.withResolvers<Answer>();
    const steps = [parallel('all', [code('slow', { pause: 'before_gate' }), code('one'), code('two')])];
    const ask: People['ask'] = () => answer.promise;
    const run = startRun('r1', { ...plan, steps: planOf('', steps).steps }, world.ports(people(ask)));
    await vi.waitUntil(() => world.asked.length === 3 && world.repository.advanced.length === 2);
    answer.resolve({ choice: 'continue' });
    expect((await run).status).toBe('passed');
  });

  test('nobody answers any more: the run waits, and does not take it for a yes', async () => {
    const world = new World({ script });
    let asked = 0;
    const ask: People['ask'] = async () => {
      asked += 1;
      return undefined;
    };
    const state = await startRun('r1', planned(world), world.ports(people(ask)));
    expect([state.status, asked, open(state)]).toEqual(['running', 1, ['impl#1/ask']]);
    expect((await answerRun('r1', 'impl', { choice: 'continue' }, world.ports())).status).toBe('passed');
  });

  test('nobody answers any more in one lane: the others go on', async () => {
    const world = new World({ script });
    const steps = [parallel('all', [code('a', { pause: 'before_gate' }), code('b')])];
    const state = await startRun(
      'r1',
      planOf(world.repository.base, steps),
      world.ports(people(async () => undefined)),
    );
    expect([open(state), world.repository.advanced]).toEqual([['all/a#1/ask'], ['b on pawl/r1/all/b']]);
  });

  test.each<[string, People['ask']]>([
    ['that hears the signal', (_, signal) => new Promise((_r, reject) => signal.addEventListener('abort', reject))],
    ['that does not', () => new Promise(() => {})],
    [
      'that answers too late',
      (_, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve({ choice: 'continue' }))),
    ],
  ])('is called off by an abort, with someone %s', async (_, ask) => {
    const world = new World({ script });
    const controller = new AbortController();
    const begun = Promise.withResolvers<void>();
    const asking: People['ask'] = (question, signal) => {
      begun.resolve();
      return ask(question, signal);
    };
    const run = startRun('r1', planned(world), world.ports(people(asking)), { signal: controller.signal });
    await begun.promise;
    controller.abort();
    expect((await run).status).toBe('interrupted');
    expect(subjects(world)).toEqual([]);
  });

  test('at which the run was interrupted is put again, word for word, and nothing begins before it is answered', async () => {
    const world = new World({ script });
    const controller = new AbortController();
    const questions: Question[] = [];
    const silent: People['ask'] = (question) => {
      questions.push(question);
      controller.abort();
      return new Promise(() => {});
    };
    const { signal } = controller;
    const stopped = await startRun('r1', planned(world), world.ports(people(silent)), { signal });
    expect([stopped.status, open(stopped)]).toEqual(['interrupted', ['impl#1/ask']]);
    // Told to end before it begins it asks nobody.
    expect((await resumeRun('r1', world.ports(people(silent)), { signal })).status).toBe('interrupted');
    expect(questions).toHaveLength(1);
    const turns = world.asked.length;
    const again: People['ask'] = async (question) => {
      questions.push(question);
      expect(world.asked).toHaveLength(turns);
      return { choice: 'continue' };
    };
    expect((await resumeRun('r1', world.ports(people(again)))).status).toBe('passed');
    expect(questions[1]).toEqual(questions[0]);
    const ran = world.log().flatMap((event) => (event.type === 'effect-requested' ? [event.effect] : []));
    expect(ran.filter(({ step, type }) => step === 'impl' && type === 'run-agent')).toHaveLength(1);
  });

  test('at which the run was interrupted is answered, or let go for good', async () => {
    const interrupted = async () => {
      const world = new World({ script });
      const controller = new AbortController();
      const silent: People['ask'] = () => {
        controller.abort();
        return new Promise(() => {});
      };
      await startRun('r1', planned(world), world.ports(people(silent)), { signal: controller.signal });
      return world;
    };
    const answered = await interrupted();
    expect((await answerRun('r1', 'impl', { choice: 'continue' }, answered.ports())).status).toBe('passed');
    const stopped = await interrupted();
    expect(await abortRun('r1', 'not wanted', stopped.ports())).toMatchObject({ status: 'aborted', open: {} });
  });

  test('that cannot be put fails the step by name', async () => {
    const world = new World({ script });
    const ask: People['ask'] = () => Promise.reject(new Error('no terminal'));
    const state = await startRun('r1', planned(world), world.ports(people(ask)));
    expect([state.status, state.failure?.message]).toEqual(['failed', 'internal: no terminal']);
  });
});
