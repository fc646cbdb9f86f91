import { describe, expect, test } from 'vitest';
import type { AgentStep, Effect } from '../src/index.ts';
import { checks, code, fails, files, plan, split, tasks, turn, validate } from './given.ts';
import { finish, play } from './play.ts';

describe('a code step', () => {
  test('runs its agent, records the files, runs its gates in order and puts one commit on the branch', () => {
    const run = play(plan([code('impl', { gates: ['compile', 'test'] })]));
    expect(run.ids).toEqual([
      '#1/open-worktree',
      'impl#1/run-agent',
      'impl#1/checkpoint',
      'impl#1/gate:compile',
      'impl#1/gate:test',
      'impl#1/advance',
    ]);
    expect(run.state).toMatchObject({ status: 'passed', open: {}, lanes: { main: { head: 'commit of impl' } } });
    expect(run.step('impl')).toMatchObject({ phase: 'passed', commit: 'commit of impl' });
  });

  test('the next step begins on its commit', () => {
    const run = play(plan([code('red'), code('green')]));
    expect(run.effects.filter((effect) => effect.type === 'advance')).toEqual([
      expect.objectContaining({ step: 'red', from: 'base', checkpoint: 'red#1/checkpoint!', subject: 'red' }),
      expect.objectContaining({ step: 'green', from: 'commit of red' }),
    ]);
    expect(run.effects.find((effect) => effect.id === 'green#1/checkpoint')).toMatchObject({ since: 'commit of red' });
  });

  test('that changed nothing passes without a commit', () => {
    const run = play(plan([code('impl', { gates: ['test'] })]), { 'impl#1/checkpoint': files() });
    expect(run.ids).not.toContain('impl#1/advance');
    expect(run.state.status).toBe('passed');
    expect(run.ofType('step-ended')).toEqual([
      { at: expect.any(Number), type: 'step-ended', step: 'impl', end: 'passed' },
    ]);
  });

  test('a branch that did not move keeps its head', () => {
    const run = play(plan([code('impl')]), { 'impl#1/advance': { kind: 'branch-advanced', commit: undefined } });
    expect(run.state.lanes.main?.head).toBe('base');
    expect(run.state.status).toBe('passed');
  });
});

test('a step of gates alone runs them and fails the run when one fails', () => {
  expect(play(plan([checks('check', 'test')])).ids).toEqual(['#1/open-worktree', 'check#1/gate:test']);
  const run = play(plan([checks('check', 'compile', 'test'), code('never')]), { 'check#1/gate:compile': fails('no') });
  expect(run.ids).toEqual(['#1/open-worktree', 'check#1/gate:compile', 'check#1/gate:test']);
  expect(run.state).toMatchObject({ status: 'failed', failure: { step: 'check', message: 'gate failed: compile' } });
});

test('a workflow without steps passes', () => {
  expect(play(plan([])).state.status).toBe('passed');
});

describe('a split', () => {
  const each = [code('red'), code('green', { from: 'build/red' })];

  test('plans its tasks and runs its steps for each, in the order of the plan', () => {
    const run = play(plan([split('build', each), code('after')]), {
      'build#1/run-agent': turn({ json: tasks('auth', 'login') }),
      'build#1/checkpoint': files(),
    });
    expect(run.ids.filter((id) => id.endsWith('run-agent'))).toEqual([
      'build#1/run-agent',
      'build/auth/red#1/run-agent',
      'build/auth/green#1/run-agent',
      'build/login/red#1/run-agent',
      'build/login/green#1/run-agent',
      'after#1/run-agent',
    ]);
    expect(run.ofType('frame-started').map(({ task, frame }) => [task, frame])).toEqual([
      [undefined, ''],
      ['auth', 'build|0'],
      ['login', 'build|1'],
    ]);
    expect(run.ofType('frame-ended').map(({ frame, end }) => [frame, end])).toEqual([
      ['build|0', 'passed'],
      ['build|1', 'passed'],
      ['', 'passed'],
    ]);
    expect(run.effects.find((effect) => effect.id === 'build/auth/green#1/advance')).toMatchObject({
      subject: 'green: auth',
      from: 'commit of build/auth/red',
    });
    expect(run.state.status).toBe('passed');
  });

  test('its gate, its pause and its guard are its planner’s: they come before the tasks, and hold for none of them', () => {
    const guard = { turns: 7, noWrite: true };
    const run = play(plan([split('build', [code('impl')], { gates: ['lint'], pause: 'after_gate', guard })]), {
      'build#1/checkpoint': files(),
      'build#1/checkpoint.asked': files(),
      'build#1/checkpoint.answered': files(),
    });
    const own = run.ids.filter((id) => id.startsWith('build#') && !id.includes('checkpoint'));
    expect(own).toEqual(['build#1/run-agent', 'build#1/gate:lint', 'build#1/ask']);
    expect(run.ids.indexOf('build#1/ask')).toBeLessThan(run.ids.indexOf('build/one/impl#1/run-agent'));
    expect(run.agent('build#1/run-agent').limits.turns?.value).toBe(7);
    expect(run.agent('build/one/impl#1/run-agent').limits).toEqual({});
    expect(run.state.status).toBe('passed');
  });

  test('the steps of a finished task leave the state', () => {
    const run = play(
      plan([split('build', each)]),
      { 'build#1/run-agent': turn({ json: tasks('auth', 'login') }) },
      { until: 'build/login/green#1/run-agent' },
    );
    expect(Object.keys(run.state.steps)).toEqual(['build', 'build/login/red', 'build/login/green']);
  });

  test('within a split has paths with both tasks', () => {
    const inner = split('inner', [code('impl', { prompt: '{task.name} {step:outer.output}' })]);
    const run = play(plan([split('outer', [inner, validate('review')])]), {
      'outer#1/run-agent': turn({ json: tasks('a') }),
      'outer/a/inner#1/run-agent': turn({ json: tasks('b', 'c') }),
      'outer/a/review#1/checkpoint': files(),
    });
    expect(run.ids.filter((id) => id.endsWith('run-agent'))).toEqual([
      'outer#1/run-agent',
      'outer/a/inner#1/run-agent',
      'outer/a/inner/b/impl#1/run-agent',
      'outer/a/inner/c/impl#1/run-agent',
      'outer/a/review#1/run-agent',
    ]);
    expect(run.prompt('outer/a/inner/c/impl#1/run-agent')).toMatch(/^c \[\{"name":"a"/);
    expect(run.state.status).toBe('passed');
  });

  test('stops at the first task that fails: it, its split and the run have failed', () => {
    const run = play(plan([split('build', [code('impl', { gates: ['test'] })])]), {
      'build#1/run-agent': turn({ json: tasks('auth', 'login') }),
      'build/auth/impl#1/gate:test': fails('red'),
    });
    expect(run.events.slice(-5).map((event) => event.type)).toEqual([
      'step-ended',
      'frame-ended',
      'step-ended',
      'frame-ended',
      'run-ended',
    ]);
    expect(run.state).toMatchObject({ status: 'failed', failure: { step: 'build/auth/impl' } });
    expect(run.ids.join()).not.toContain('login');
  });

  describe('with a retry', () => {
    const twice = (attempts: number, spec: Parameters<typeof code>[1] = {}) =>
      plan([split('build', [code('red'), code('green', { gates: ['test'], ...spec })], { attempts })]);
    const planned = { 'build#1/run-agent': turn({ json: tasks('a', 'b', 'c') }), 'build#1/checkpoint': files() };
    const red = { ...planned, 'build/b/green#1/gate:test': fails('RED') };
    const turnsOf = (ids: readonly string[]) => ids.filter((id) => id.endsWith('run-agent'));

    test('goes on with the task that failed, at the step that failed, in its conversation; its plan stays', () => {
      const run = play(twice(2), red);
      expect(turnsOf(run.ids)).toEqual([
        'build#1/run-agent',
        'build/a/red#1/run-agent',
        'build/a/green#1/run-agent',
        'build/b/red#1/run-agent',
        'build/b/green#1/run-agent',
        'build/b/green@2#1/run-agent',
        'build/c/red@1#1/run-agent',
        'build/c/green@1#1/run-agent',
      ]);
      expect(run.prompt('build/b/green@2#1/run-agent')).toContain('RED');
      expect(run.start('build/b/green@2#1/run-agent')).toBe('session of build/b/green#1');
      expect(run.ofType('step-reopened')).toMatchObject([{ step: 'build', round: 2 }]);
      expect(run.step('build')).toMatchObject({ phase: 'passed', attempt: 1, output: expect.stringContaining('"c"') });
      expect(run.state.status).toBe('passed');
    });

    test('fails when that has failed as often as it may; resumed it counts anew', () => {
      const run = play(twice(2), { ...red, 'build/b/green@2#1/gate:test': fails('STILL') });
      expect(run.state).toMatchObject({ status: 'failed', failure: { step: 'build/b/green' } });
      expect(turnsOf(run.ids).join()).not.toContain('build/c');
      run.tell({ type: 'resume' });
      const gate = (effect: Effect) => effect.type === 'run-gate' && effect.step === 'build/b/green';
      const [next] = finish(run, {}, []).effects.filter(gate).slice(-1);
      expect(next?.id).not.toBe('build/b/green@2#1/gate:test');
      expect(run.state.status).toBe('passed');
      expect(run.step('build').round).toBeUndefined();
    });

    test('has none for a step with a retry of its own, which had all its attempts', () => {
      const run = play(twice(3, { attempts: 2 }), { ...red, 'build/b/green#2/gate:test': fails('RED') });
      expect(run.state.status).toBe('failed');
      expect(run.ofType('step-reopened')).toEqual([]);
    });

    test('side by side: only the lanes that failed run again, and all are merged in the order of the plan', () => {
      const [own] = twice(2).steps;
      const aside = { ...(own as AgentStep), parallel: {} };
      const run = play(plan([aside]), { ...red, 'build/a/green#1/gate:test': fails('RED') });
      expect(run.state.status).toBe('passed');
      expect(turnsOf(run.ids).filter((id) => id.includes('@'))).toEqual([
        'build/a/green@2#1/run-agent',
        'build/b/green@3#1/run-agent',
      ]);
      expect(run.effects.filter(({ type }) => type === 'merge').map((merge) => 'from' in merge && merge.from)).toEqual([
        'build/a',
        'build/b',
        'build/c',
      ]);
    });
  });

  test('of no task warns and passes', () => {
    const run = play(plan([split('build', each), code('after')]), { 'build#1/run-agent': turn({ json: [] }) });
    expect(run.warnings).toEqual(['build: no-tasks']);
    expect(run.ids).toContain('after#1/run-agent');
    expect(run.state.status).toBe('passed');
  });

  test('puts the files its planner wrote on the branch before the tasks begin', () => {
    const run = play(plan([split('build', [code('impl')])]));
    expect(run.ids.indexOf('build#1/advance')).toBeLessThan(run.ids.indexOf('build/one/impl#1/run-agent'));
    expect(run.effects.find((effect) => effect.id === 'build/one/impl#1/checkpoint')).toMatchObject({
      since: 'commit of build',
    });
  });
});
