import { describe, expect, test } from 'vitest';
import { type Condition, type PlannedGate, plannedAt } from '../src/index.ts';
import { checks, code, fails, files, group, plan, split, tasks, turn } from './given.ts';
import { play } from './play.ts';

const turns = (ids: readonly string[]) => ids.filter((id) => id.endsWith('run-agent'));
const passedOnce: Condition = { is: 'gate', gate: 'test' };

describe('a sequential group', () => {
  test('runs its steps one after the other in its own worktree, then its gates on all that they changed', () => {
    const run = play(plan([code('first'), group('setup', [code('a'), code('b')], { gates: ['test'] }), code('after')]));
    expect(run.ids.slice(4)).toEqual([
      'setup/a#1/run-agent',
      'setup/a#1/checkpoint',
      'setup/a#1/advance',
      'setup/b#1/run-agent',
      'setup/b#1/checkpoint',
      'setup/b#1/advance',
      'setup#1/checkpoint',
      'setup#1/gate:test',
      'after#1/run-agent',
      'after#1/checkpoint',
      'after#1/advance',
    ]);
    expect(run.effects.find(({ id }) => id === 'setup#1/checkpoint')).toMatchObject({ since: 'commit of first' });
    expect(new Set(run.effects.map(({ lane }) => lane))).toEqual(new Set(['main']));
    expect(run.step('setup/a')).toMatchObject({ phase: 'passed', parent: { step: 'setup' }, frame: 'setup|0' });
  });

  test('without a gate it records nothing of its own', () => {
    expect(play(plan([group('setup', [code('a')])])).ids.filter((id) => id.startsWith('setup#'))).toEqual([]);
  });

  test('without steps it passes', () => {
    expect(play(plan([group('nothing', [])])).state.status).toBe('passed');
  });

  test('nested groups pass from the inside out', () => {
    const run = play(plan([group('outer', [group('inner', [code('a')]), code('b')])]));
    expect(run.ofType('step-ended').map(({ step, end }) => [step, end])).toEqual([
      ['outer/inner/a', 'passed'],
      ['outer/inner', 'passed'],
      ['outer/b', 'passed'],
      ['outer', 'passed'],
    ]);
  });

  test('a failed step ends it, and the run names the innermost step', () => {
    const run = play(plan([group('outer', [group('inner', [code('a', { gates: ['test'] }), code('b')])])]), {
      'outer/inner/a#1/gate:test': fails('red'),
    });
    expect(run.state).toMatchObject({
      status: 'failed',
      failure: { step: 'outer/inner/a', message: 'gate failed: test' },
    });
    expect(turns(run.ids)).toEqual(['outer/inner/a#1/run-agent']);
    expect(run.attemptEnds.at(-1)?.failure).toMatchObject({ reason: 'steps', step: 'outer/inner/a', final: false });
  });
});

describe('the retry of a group', () => {
  const steps = [code('a'), code('b', { gates: ['test'] }), code('c')];

  test('after a failed step runs that one and those after it again, not the ones that passed', () => {
    const run = play(plan([group('setup', steps, { attempts: 2 })]), { 'setup/b#1/gate:test': fails('RED') });
    expect(turns(run.ids)).toEqual([
      'setup/a#1/run-agent',
      'setup/b#1/run-agent',
      'setup/b@1#1/run-agent',
      'setup/c@1#1/run-agent',
    ]);
    expect(run.prompt('setup/b@1#1/run-agent')).toContain('RED');
    expect(run.start('setup/b@1#1/run-agent')).toBe('session of setup/b#1');
    expect(run.state.status).toBe('passed');
  });

  test('after a failed gate of its own runs all of them again and tells each why', () => {
    const run = play(plan([group('setup', [code('a'), code('b')], { gates: ['test'], attempts: 2 })]), {
      'setup#1/gate:test': fails('TOGETHER'),
    });
    expect(turns(run.ids)).toEqual([
      'setup/a#1/run-agent',
      'setup/b#1/run-agent',
      'setup/a@1#1/run-agent',
      'setup/b@1#1/run-agent',
    ]);
    for (const id of ['setup/a@1#1/run-agent', 'setup/b@1#1/run-agent']) expect(run.prompt(id)).toContain('TOGETHER');
    expect(run.ids.slice(-2)).toEqual(['setup#2/checkpoint', 'setup#2/gate:test']);
    expect(run.state.status).toBe('passed');
  });

  test('after a failed gate of its own goes on in the conversations of its steps', () => {
    const run = play(plan([group('setup', [code('a'), code('b')], { gates: ['test'], attempts: 2 })]), {
      'setup#1/gate:test': fails('TOGETHER'),
    });
    expect(run.start('setup/a@1#1/run-agent')).toBe('session of setup/a#1');
    expect(run.start('setup/b@1#1/run-agent')).toBe('session of setup/b#1');
  });

  test('is used up when it fails as often as it may', () => {
    const run = play(plan([group('setup', [code('a')], { gates: ['test'], attempts: 2 })]), {
      'setup#1/gate:test': fails('1'),
      'setup#2/gate:test': fails('2'),
    });
    expect(run.state).toMatchObject({ status: 'failed', failure: { step: 'setup', message: 'gate failed: test' } });
  });

  test('tells the steps of a group inside it, too', () => {
    const run = play(plan([group('outer', [group('inner', [code('a')])], { gates: ['test'], attempts: 2 })]), {
      'outer#1/gate:test': fails('OUTSIDE'),
    });
    expect(run.prompt('outer/inner/a@1#1/run-agent')).toContain('OUTSIDE');
  });

  test('goes on inside a group that failed inside it', () => {
    const inner = group('inner', [code('a'), code('b', { gates: ['test'] })]);
    const run = play(plan([group('outer', [inner], { attempts: 2 })]), { 'outer/inner/b#1/gate:test': fails('no') });
    expect(turns(run.ids)).toEqual([
      'outer/inner/a#1/run-agent',
      'outer/inner/b#1/run-agent',
      'outer/inner/b@3#1/run-agent',
    ]);
    expect(run.state.status).toBe('passed');
  });

  test('plans a split in it anew after a failed gate, and only goes on with its task after a failed step', () => {
    const build = split('build', [code('impl', { gates: ['test'] })]);
    const planned = { 'outer/build#1/checkpoint': files(), 'outer/build@1#1/checkpoint': files() };
    const gated = play(plan([group('outer', [build], { gates: ['lint'], attempts: 2 })]), {
      ...planned,
      'outer#1/gate:lint': fails('no'),
      'outer/build@1#1/run-agent': turn({ json: tasks('two') }),
    });
    expect(turns(gated.ids)).toEqual([
      'outer/build#1/run-agent',
      'outer/build/one/impl#1/run-agent',
      'outer/build@1#1/run-agent',
      'outer/build/two/impl@1#1/run-agent',
    ]);
    const failed = play(plan([group('outer', [build], { attempts: 2 })]), {
      ...planned,
      'outer/build/one/impl#1/gate:test': fails('no'),
    });
    expect(turns(failed.ids)).toEqual([
      'outer/build#1/run-agent',
      'outer/build/one/impl#1/run-agent',
      'outer/build/one/impl@3#1/run-agent',
    ]);
  });
});

describe('a loop', () => {
  const until = (max: number, gates: readonly (string | PlannedGate)[] = []) =>
    group('fix', [code('impl')], { gates, loop: { until: passedOnce, max } });

  test('goes round until its condition holds', () => {
    const run = play(plan([until(5, ['test'])]), { 'fix#1/gate:test': fails('1'), 'fix#2/gate:test': fails('2') });
    expect(turns(run.ids)).toEqual(['fix/impl#1/run-agent', 'fix/impl@1#1/run-agent', 'fix/impl@2#1/run-agent']);
    expect(run.step('fix')).toMatchObject({ phase: 'passed', attempt: 3 });
    expect(run.state.status).toBe('passed');
  });

  test('keeps the conversations of its steps and tells them what does not hold', () => {
    const run = play(plan([until(2, ['test'])]), { 'fix#1/gate:test': fails('STILL RED') });
    expect(run.start('fix/impl@1#1/run-agent')).toBe('session of fix/impl#1');
    expect(run.prompt('fix/impl@1#1/run-agent')).toContain('STILL RED');
  });

  test('fails when its condition does not hold after the last round', () => {
    const loop = {
      until: { is: '==', left: { ref: 'step', address: 'fix/impl', field: 'output' }, right: 'done' },
      max: 2,
    } as const;
    const run = play(plan([group('fix', [code('impl', { kind: 'artifact' })], { loop })]));
    expect(run.failures).toEqual([
      'loop: its condition does not hold after round 1 of at most 2',
      'loop: its condition does not hold after round 2 of at most 2',
    ]);
    expect(run.state.failure).toMatchObject({ step: 'fix' });
  });

  test('may change nothing for many rounds: no progress is for retries', () => {
    const run = play(plan([until(4, ['test'])], { settings: { noProgress: 'stop' } }), {
      'fix#1/gate:test': fails('same'),
      'fix#2/gate:test': fails('same'),
      'fix#3/gate:test': fails('same'),
    });
    expect(run.warnings).toEqual([]);
    expect(run.state.status).toBe('passed');
  });

  test('with a step that is skipped in its first round', () => {
    const again: Condition = { is: '>', left: { ref: 'step', address: 'fix/impl', field: 'attempt' }, right: 0 };
    const run = play(
      plan([
        group('fix', [code('before', { when: again }), code('impl')], {
          gates: ['test'],
          loop: { until: passedOnce, max: 2 },
        }),
      ]),
      { 'fix#1/gate:test': fails('no') },
    );
    expect(turns(run.ids)).toEqual(['fix/impl#1/run-agent', 'fix/before@1#1/run-agent', 'fix/impl@1#1/run-agent']);
  });
});

describe('a step with a condition', () => {
  const when = (value: string): Condition => ({ is: '==', left: { ref: 'input', name: 'deploy' }, right: value });

  test('that does not hold is skipped: nothing of it begins', () => {
    const run = play(plan([code('a', { when: when('yes') }), code('b')], { inputs: { deploy: 'no' } }));
    expect(turns(run.ids)).toEqual(['b#1/run-agent']);
    expect(run.ofType('step-ended')[0]).toMatchObject({ step: 'a', end: 'skipped' });
    expect(run.step('a')).toMatchObject({ phase: 'skipped', attempt: 0 });
    expect(run.state.status).toBe('passed');
  });

  test('that holds runs as any other', () => {
    const run = play(plan([group('a', [code('x')], { when: when('yes') })], { inputs: { deploy: 'yes' } }));
    expect(turns(run.ids)).toEqual(['a/x#1/run-agent']);
  });

  test('a group is skipped with all that is inside it', () => {
    const run = play(plan([group('a', [code('x')], { when: when('yes'), gates: ['test'] }), checks('b', 'test')]));
    expect(run.ids).toEqual(['#1/open-worktree', 'b#1/gate:test']);
  });

  test('reads what steps before it gave, also inside groups', () => {
    const review: Condition = {
      is: 'contains',
      left: { ref: 'step', address: 'look/at', field: 'output' },
      right: 'risky',
    };
    const inner = group('look', [code('at', { kind: 'artifact' })]);
    const run = play(plan([inner, code('more', { when: review })]), {
      'look/at#1/run-agent': turn({ text: 'risky change' }),
    });
    expect(turns(run.ids)).toEqual(['look/at#1/run-agent', 'more#1/run-agent']);
  });
});

test('every step of a plan is found by its address, those of serving workflows included', () => {
  const planned = plan([group('g', [code('a')])]);
  expect(plannedAt(planned, 'g/a')?.name).toBe('a');
  expect(plannedAt(planned, 'a')).toBeUndefined();
});
