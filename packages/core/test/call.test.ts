import { describe, expect, test } from 'vitest';
import { call, code, fails, group, plan, split, tasks, turn, validate } from './given.ts';
import { play, took } from './play.ts';

const artifact = (text: string) => turn({ text });

describe('a call', () => {
  const deploy = call(
    'deploy',
    [code('prepare', { prompt: 'To {input:where}.' }), code('push', { kind: 'artifact' })],
    {
      inputs: { where: '{step:plan.output} and {input:region}' },
      outputs: { output: '{step:deploy/push.output}', url: 'https://{step:deploy/push.output}' },
    },
  );
  const steps = [
    code('plan', { kind: 'artifact' }),
    deploy,
    code('after', { prompt: '{step:deploy.url} {step:deploy.output}' }),
  ];
  const run = play(plan(steps, { inputs: { region: 'north', where: 'NOT THIS' } }), {
    'plan#1/run-agent': artifact('staging'),
    'deploy/push#1/run-agent': artifact('x.example'),
  });

  test("gets its inputs as they are in its caller's place", () => {
    expect(run.prompt('deploy/prepare#1/run-agent')).toMatch(/^To staging and north\./);
  });

  test('gives its outputs when it has passed, as its fields', () => {
    expect(run.ofType('call-returned')).toMatchObject([
      { step: 'deploy', outputs: { output: ['x.example'], url: ['https://', 'x.example'] } },
    ]);
    expect(run.prompt('after#1/run-agent')).toMatch(/^https:\/\/x\.example x\.example/);
  });

  test('sees nothing of its caller: an input it was not given is empty', () => {
    const inner = code('look', { prompt: 'See {input:region}!' });
    const alone = play(plan([call('deploy', [inner])], { inputs: { region: 'north' } }));
    expect(alone.prompt('deploy/look#1/run-agent')).toMatch(/^See !/);
  });

  test('ends the scope also for a call inside it, which takes what it is given', () => {
    const inner = call('inner', [code('look', { prompt: '{input:a}-{input:b}' })], { inputs: { b: '{input:a}' } });
    const nested = play(plan([call('outer', [inner], { inputs: { a: '{spec}' } })], { spec: 'SPEC {a}' }));
    expect(nested.prompt('outer/inner/look#1/run-agent')).toMatch(/^-SPEC \{a\}/);
  });

  test('holds a step in it that may not write to that', () => {
    const run = play(plan([call('deploy', [code('look', { guard: { noWrite: true } })])]));
    expect(run.state.failure).toMatchObject({ step: 'deploy/look', message: expect.stringMatching(/^no_write/) });
    expect(run.ids).toContain('deploy/look#1/undo');
  });

  test('in a task gets what is of the task', () => {
    const build = split('build', [
      call('do', [code('look', { prompt: '{input:what}' })], { inputs: { what: '{task.description}' } }),
    ]);
    const tasked = play(plan([build]), { 'build#1/run-agent': turn({ json: tasks('auth') }) });
    expect(tasked.prompt('build/auth/do/look#1/run-agent')).toMatch(/^Do auth\./);
  });

  test('is judged by its gates and done again when they fail', () => {
    const again = play(plan([call('deploy', [code('push')], { gates: ['test'], attempts: 2 })]), {
      'deploy#1/gate:test': fails('NO'),
    });
    expect(again.ids.filter((id) => /run-agent|gate/.test(id))).toEqual([
      'deploy/push#1/run-agent',
      'deploy#1/gate:test',
      'deploy/push@1#1/run-agent',
      'deploy#2/gate:test',
    ]);
    expect(again.prompt('deploy/push@1#1/run-agent')).toContain('NO');
  });
});

describe('the limits of a call', () => {
  const limited = (limits: object) => plan([call('deploy', [code('a'), code('b')], { limits }), code('after')]);

  test('end it, not the turns of others', () => {
    const run = play(limited({ costUsd: 0.25 }));
    expect(run.state.failure).toEqual({ step: 'deploy/b', message: 'max_budget of deploy is used up: $0.25 of $0.25' });
    expect(play(limited({ costUsd: 0.5 })).state.status).toBe('passed');
  });

  test('narrow its turns, and so do those of the run', () => {
    const both = play({ ...limited({ costUsd: 0.4 }), limits: { costUsd: 0.3 } });
    expect(both.agent('deploy/a#1/run-agent').limits.costUsd?.value).toBe(0.3);
    expect(both.agent('deploy/b#1/run-agent').limits.costUsd?.value).toBeCloseTo(0.05);
    expect(both.state.failure?.message).toBe('max_budget of the run is used up: $0.50 of $0.3');
    const run = play(limited({ costUsd: 0.4, tokens: 1000, wallMs: 60_000 }));
    expect(run.agent('deploy/b#1/run-agent').limits).toMatchObject({ tokens: { value: 890, by: 'run' } });
    expect(run.agent('deploy/b#1/run-agent').limits.costUsd?.value).toBeCloseTo(0.15);
    expect(run.agent('after#1/run-agent').limits).toEqual({});
  });

  test('of time begin when it begins', () => {
    const slow = { '#1/open-worktree': took(90_000, { kind: 'worktree-opened', path: '/w', branch: 'b' } as const) };
    expect(play(limited({ wallMs: 60_000 }), slow).state.status).toBe('passed');
    const run = play(limited({ wallMs: 60_000 }), { 'deploy/a#1/run-agent': took(70_000, turn()) });
    expect(run.state.failure).toEqual({ step: 'deploy/b', message: 'max_timeout of deploy is over: 60 s' });
  });

  test('count over its own attempts and over the lanes in it', () => {
    const lanes = group('both', [code('a'), code('b')], { parallel: {} });
    const run = play(plan([call('deploy', [lanes], { limits: { costUsd: 0.6 }, gates: ['test'], attempts: 3 })]), {
      'deploy#1/gate:test': fails('1'),
      'deploy#2/gate:test': fails('2'),
    });
    // Two turns are in flight when the rest of the money is spent.
    expect(run.step('deploy').spent).toMatchObject({ costUsd: 1 });
    expect(run.state.failure?.message).toBe('gate failed: test; max_budget of deploy is used up: $1.00 of $0.6');
  });

  test("hold for a validator's workflow, too: its gate fails, and the next run of it begins from nothing", () => {
    const review = {
      ...call('review', [code('read', { kind: 'artifact' }), validate('look')]),
      limits: { costUsd: 0.25 },
    };
    const steps = [code('impl', { gates: [{ name: 'review', kind: 'validate', call: review }], attempts: 2 })];
    const clean = (id: string) => ({
      [`impl/gate/review/${id}/checkpoint`]: none,
      [`impl/gate/review/${id.replace('#', '@1#')}/checkpoint`]: none,
    });
    const run = play(plan(steps), { ...clean('read#1'), ...clean('look#1') });
    expect(run.ofType('gate-decided').map(({ report }) => report.failure)).toEqual([
      expect.stringContaining('max_budget of impl/gate/review is used up'),
      expect.stringContaining('max_budget of impl/gate/review is used up'),
    ]);
    expect(run.state.failure).toMatchObject({ message: 'gate failed: review' });
  });
});

const none = {
  kind: 'checkpoint-made',
  checkpoint: { commit: 'c', tree: 't', files: [], insertions: 0, deletions: 0, diff: '' },
} as const;

describe('a workflow before each attempt', () => {
  const research = call('research', [code('read', { kind: 'artifact', prompt: 'On {input:topic}.' })], {
    inputs: { topic: '{spec} {attempt}' },
    outputs: { output: '{step:impl/get/research/read.output}' },
  });
  const impl = code('impl', {
    get: research,
    gates: ['test'],
    attempts: 2,
    prompt: 'With {step:impl/get/research.output}.',
  });
  const run = play(
    plan([impl, code('after', { prompt: 'Then {step:impl/get/research.output} {step:impl.output}' })], {
      spec: 'bees',
    }),
    {
      'impl/get/research/read#1/run-agent': artifact('honey'),
      'impl/get/research/read@1#1/run-agent': artifact('wax'),
      'impl#1/gate:test': fails('no'),
    },
  );

  test('runs first, and again before the next', () => {
    expect(run.ids.filter((id) => id.endsWith('run-agent'))).toEqual([
      'impl/get/research/read#1/run-agent',
      'impl#1/run-agent',
      'impl/get/research/read@1#1/run-agent',
      'impl#2/run-agent',
      'after#1/run-agent',
    ]);
  });

  test('is given what is of the attempt, and begins a conversation of its own each time', () => {
    expect(run.prompt('impl/get/research/read#1/run-agent')).toMatch(/^On bees 1\./);
    expect(run.prompt('impl/get/research/read@1#1/run-agent')).toMatch(/^On bees 2\./);
    expect(run.start('impl/get/research/read@1#1/run-agent')).toBe('new');
  });

  test('gives its outputs to the step and to those after it, and does not hide what the step gave', () => {
    expect(run.prompt('impl#1/run-agent')).toMatch(/^With honey\./);
    expect(run.prompt('after#1/run-agent')).toMatch(/^Then wax \+\+\+ src\/a\.ts/);
  });

  test('that fails fails the attempt', () => {
    const failed = play(plan([impl]), { 'impl/get/research/read#1/run-agent': artifact('') });
    expect(failed.failures).toEqual(
      expect.arrayContaining([expect.stringMatching(/^steps: the artifact is not usable/)]),
    );
    expect(failed.ids).not.toContain('impl#1/run-agent');
    expect(failed.ids).toContain('impl#2/run-agent');
  });
});
