import { describe, expect, test } from 'vitest';
import { type Fork, outstanding, replayOf } from '../src/index.ts';
import { call, code, conflict, fails, files, group, plan, split, tasks, turn } from './given.ts';
import { type Answers, finish, Played, play } from './play.ts';

function forkOf(run: Played, step: string): Fork {
  const replay = replayOf(run.events, step);
  if (!replay.ok) throw new Error(`${replay.code}: ${replay.message}`);
  // What a store hands back.
  return JSON.parse(JSON.stringify(replay.from)) as Fork;
}
/** A new run from there. */
function begun(run: Played, step: string): Played {
  const again = new Played();
  again.tell({ type: 'start', run: 'r2', plan: run.state.plan, from: forkOf(run, step) });
  return again;
}
const replayed = (run: Played, step: string, answers: Answers = {}) => finish(begun(run, step), answers);
const bare = (ids: readonly string[]) => ids.map((id) => id.replace(/@\d+/g, ''));
const turns = (run: Played) => bare(run.ids.filter((id) => id.endsWith('run-agent')));

describe('a replay from a step', () => {
  const steps = [
    code('a', { kind: 'artifact' }),
    code('b', { gates: ['test'], attempts: 2, prompt: '{step:a.output} {step:c.output}' }),
    code('c', { from: 'a' }),
  ];
  const old = play(plan(steps), {
    'a#1/run-agent': turn({ text: 'NOTES', session: 'of a' }),
    'b#1/gate:test': fails('RED'),
  });

  test('is a new run, whose worktree begins at the commit before the step', () => {
    const run = begun(old, 'b');
    expect(run.state).toMatchObject({
      run: 'r2',
      status: 'running',
      plan: { base: { commit: 'base' } },
      spent: { costUsd: 0 },
    });
    expect(outstanding(run.state)).toMatchObject([{ type: 'open-worktree', base: 'commit of a' }]);
    expect(forkOf(old, 'b')).toMatchObject({ run: 'r1', step: 'b', commit: 'commit of a' });
  });

  test('skips what came before, whose outputs are there, and runs it and all that follows', () => {
    const run = replayed(old, 'b');
    expect(turns(run)).toEqual(['b#1/run-agent', 'c#1/run-agent']);
    expect(run.prompt('b#1/run-agent')).toMatch(/^NOTES /);
    expect(run.effects.filter(({ type }) => type === 'advance')).toMatchObject([
      { step: 'b', from: 'commit of a' },
      { step: 'c', from: 'commit of b' },
    ]);
    expect(run.state.status).toBe('passed');
  });

  test('clears the outputs of the step and of those that follow it', () => {
    expect(Object.keys(forkOf(old, 'b').steps)).toEqual(['a']);
    expect(Object.keys(forkOf(old, 'a').steps)).toEqual([]);
    expect(replayed(old, 'b').prompt('b#1/run-agent')).not.toContain('src/a.ts');
  });

  test('has no conversation of the old run', () => {
    const run = replayed(old, 'b');
    expect(run.start('c#1/run-agent')).toBe('new');
    expect(run.warnings).toContain('c: session-not-found');
    expect(JSON.stringify(forkOf(old, 'c'))).not.toContain('"ref"');
  });

  test('counts attempts from 1 and knows no failure of the old run', () => {
    const run = replayed(old, 'b');
    expect(run.prompt('b#1/run-agent')).not.toContain('RED');
    expect(run.ofType('attempt-started').map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  test('also of a step that had passed, of the first, of a run that failed or was stopped', () => {
    expect(turns(replayed(old, 'a'))).toEqual(['a#1/run-agent', 'b#1/run-agent', 'c#1/run-agent']);
    const failed = play(plan(steps), { 'b#1/gate:test': fails('1'), 'b#2/gate:test': fails('2') });
    expect(turns(replayed(failed, 'a'))).toHaveLength(3);
    const stopped = play(plan(steps), {}, { abortAt: 'b#1/run-agent' });
    expect(turns(replayed(stopped, 'b'))).toEqual(['b#1/run-agent', 'c#1/run-agent']);
  });

  test('of a run that was resumed begins before the last time the step began', () => {
    const failed = play(plan(steps), { 'b#1/gate:test': fails('1'), 'b#2/gate:test': fails('2') });
    failed.tell({ type: 'resume' });
    finish(failed);
    const run = replayed(failed, 'b');
    expect(run.effects[0]).toMatchObject({ base: 'commit of a' });
    expect(turns(run)).toEqual(['b#1/run-agent', 'c#1/run-agent']);
  });

  test('leaves the old run as it was', () => {
    const before = JSON.stringify(old.events);
    replayed(old, 'b');
    expect(JSON.stringify(old.events)).toBe(before);
  });

  test('can fail, be resumed, and be replayed itself', () => {
    const run = begun(old, 'b');
    finish(run, { 'b#1/gate:test': fails('1'), 'b#2/gate:test': fails('2') });
    expect(run.state.status).toBe('failed');
    const third = replayed(run, 'b');
    expect(turns(third)).toEqual(['b#1/run-agent', 'c#1/run-agent']);
    expect(forkOf(run, 'b')).toMatchObject({ run: 'r2', commit: 'commit of a' });
    run.tell({ type: 'resume' });
    expect(finish(run).state.status).toBe('passed');
    expect(new Set(run.ids).size).toBe(run.ids.length);
    // What ran in the first run is not in the log of the second.
    expect(replayOf(run.events, 'a')).toMatchObject({
      ok: false,
      code: 'step-unknown',
      message: expect.stringContaining('earlier run'),
    });
  });
});

describe('a replay inside each', () => {
  const steps = [split('build', [code('red'), code('impl', { gates: ['test'] })]), code('after')];
  const planned = { 'build#1/run-agent': turn({ json: tasks('task-1', 'task-2', 'task-3') }) };
  const old = play(plan(steps), planned);

  test.each(['impl', 'build/impl', 'build/red', '/build/impl/'])(
    '%s restarts all tasks, with the plan they had',
    (step) => {
      const run = replayed(old, step);
      expect(turns(run)).toEqual([
        ...['task-1', 'task-2', 'task-3'].flatMap((task) => [
          `build/${task}/red#1/run-agent`,
          `build/${task}/impl#1/run-agent`,
        ]),
        'after#1/run-agent',
      ]);
      expect(run.effects[0]).toMatchObject({ base: 'commit of build' });
      expect(run.state.status).toBe('passed');
    },
  );

  test('the split itself plans anew', () => {
    const run = replayed(old, 'build');
    expect(turns(run).slice(0, 2)).toEqual(['build#1/run-agent', 'build/one/red#1/run-agent']);
    expect(run.effects[0]).toMatchObject({ base: 'base' });
  });

  test('a whole path goes on in that task: those before it keep their work, those after it stand on it and run again', () => {
    const run = replayed(old, 'build/task-2/impl');
    expect(turns(run)).toEqual([
      'build/task-2/impl#1/run-agent',
      'build/task-3/red#1/run-agent',
      'build/task-3/impl#1/run-agent',
      'after#1/run-agent',
    ]);
    expect(run.effects[0]).toMatchObject({ base: 'commit of build/task-2/red' });
    expect(run.state.status).toBe('passed');
  });

  test('an end of a whole path will do where it means one', () => {
    expect(turns(replayed(old, 'task-2/impl'))).toEqual(turns(replayed(old, 'build/task-2/impl')));
  });

  test('of a split in a split: all tasks of the outermost one that is not named', () => {
    const nested = play(plan([split('outer', [split('inner', [code('impl')])])]), {
      'outer#1/run-agent': turn({ json: tasks('x', 'y') }),
      'outer/x/inner#1/run-agent': turn({ json: tasks('p', 'q') }),
    });
    expect(turns(replayed(nested, 'outer/inner/impl'))[0]).toBe('outer/x/inner#1/run-agent');
    expect(turns(replayed(nested, 'outer/x/inner/impl')).slice(0, 2)).toEqual([
      'outer/x/inner/p/impl#1/run-agent',
      'outer/x/inner/q/impl#1/run-agent',
    ]);
  });
});

describe('a replay in lanes', () => {
  const build = split('build', [code('red'), code('impl', { gates: ['test'] })], { parallel: {} });
  const planned = { 'build#1/run-agent': turn({ json: tasks('one', 'two', 'three') }) };

  test.each(['passed', 'failed'])(
    'of a run that %s: a whole path runs only that task; the others are merged as they were',
    (end) => {
      const old = play(plan([build, code('after')]), {
        ...planned,
        ...(end === 'failed' && { 'build/two/impl#1/gate:test': fails('RED') }),
      });
      expect(old.state.status).toBe(end);
      const run = replayed(old, 'build/two/impl');
      expect(turns(run)).toEqual(['build/two/impl#1/run-agent', 'after#1/run-agent']);
      expect(run.effects[0]).toMatchObject({ lane: 'main', base: 'commit of build' });
      expect(run.effects.filter(({ type }) => type === 'open-worktree').slice(1)).toMatchObject([
        { lane: 'build/one', base: 'commit of build/one/impl' },
        { lane: 'build/two', base: 'commit of build/two/red' },
        { lane: 'build/three', base: 'commit of build/three/impl' },
      ]);
      expect(run.effects.filter(({ type }) => type === 'merge')).toMatchObject([
        { from: 'build/one', base: 'commit of build', head: 'commit of build/one/impl', onto: 'commit of build' },
        { from: 'build/two', base: 'commit of build', onto: 'merge of build/one' },
        { from: 'build/three', onto: 'merge of build/two' },
      ]);
      expect(run.state.status).toBe('passed');
    },
  );

  test('opens no more lanes at once than it may, and keeps what was merged before the lane was opened', () => {
    const old = play(plan([{ ...build, parallel: { max: 1 } }]), planned);
    const run = begun(old, 'build/three/red');
    expect(outstanding(run.state)).toMatchObject([{ type: 'open-worktree', base: 'merge of build/one' }]);
    finish(run);
    expect(turns(run)).toEqual(['build/three/red#1/run-agent', 'build/three/impl#1/run-agent']);
    expect(run.effects.filter(({ type }) => type === 'merge')).toMatchObject([
      { from: 'build/two', onto: 'merge of build/one' },
      { from: 'build/three', onto: 'merge of build/two' },
    ]);
  });

  test('a lane that had failed beside it goes on where it had', () => {
    const old = play(plan([build]), {
      ...planned,
      'build/one/impl#1/gate:test': fails('1'),
      'build/two/impl#1/gate:test': fails('2'),
    });
    expect(turns(replayed(old, 'build/two/red'))).toEqual([
      'build/one/impl#1/run-agent',
      'build/two/red#1/run-agent',
      'build/two/impl#1/run-agent',
    ]);
  });

  test('of a parallel group keeps what its other steps gave', () => {
    const both = group('both', [code('a', { kind: 'artifact' }), code('b')], { parallel: {}, gates: ['test'] });
    const old = play(plan([both, code('after', { prompt: '{step:both/a.output}' })]), {
      'both/a#1/run-agent': turn({ text: 'FROM A' }),
    });
    const run = replayed(old, 'both/b');
    expect(turns(run)).toEqual(['both/b#1/run-agent', 'after#1/run-agent']);
    expect(run.prompt('after#1/run-agent')).toMatch(/^FROM A/);
    expect(run.ids.some((id) => /^both(@\d+)?#1\/gate:test$/.test(id))).toBe(true);
  });

  test('after a merge conflict', () => {
    const old = play(plan([build]), { ...planned, 'build#1/merge:1': conflict('a.ts') });
    expect(replayed(old, 'build/two/red').state.status).toBe('passed');
  });

  test('of a group that ran twice keeps only lanes of the second time', () => {
    const both = group('both', [code('a'), code('b')], { parallel: { max: 1 }, gates: ['lint'], attempts: 2 });
    const old = play(plan([both]), { 'both#1/gate:lint': fails('x'), 'both/a@1#1/run-agent': { kind: 'cancelled' } });
    const run = replayed(old, 'both/a');
    expect(turns(run)).toEqual(['both/a#1/run-agent', 'both/b#1/run-agent']);
  });
});

describe('a replay inside', () => {
  test('a group goes on in it, and its gates and its retry count anew', () => {
    const old = play(plan([group('setup', [code('a'), code('b')], { gates: ['test'], attempts: 2 })]), {
      'setup#1/gate:test': fails('x'),
    });
    const run = replayed(old, 'setup/b');
    expect(turns(run)).toEqual(['setup/b#1/run-agent']);
    expect(run.effects[0]).toMatchObject({ base: 'commit of setup/a' });
    expect(run.step('setup')).toMatchObject({ phase: 'passed', attempt: 1 });
  });

  test('a call keeps its inputs, and its budget begins from nothing', () => {
    const deploy = call('deploy', [code('a'), code('b', { prompt: 'On {input:x}.' })], {
      inputs: { x: 'GIVEN' },
      outputs: { output: '{step:deploy/b.output}' },
      limits: { costUsd: 0.5 },
    });
    const run = replayed(play(plan([deploy])), 'b');
    expect(turns(run)).toEqual(['deploy/b#1/run-agent']);
    expect(run.prompt(run.ids.find((id) => id.endsWith('run-agent')) ?? '')).toMatch(/^On GIVEN\./);
    expect(run.step('deploy').spent).toMatchObject({ costUsd: 0.25 });
    expect(run.ofType('call-returned')).toHaveLength(1);
  });
});

test('a step of an earlier round stands in that round: what has begun again since is not mixed with it', () => {
  const build = split('build', [code('impl')], { parallel: {} });
  const old = play(plan([group('all', [build], { gates: ['lint'], attempts: 2 })]), {
    'all/build#1/run-agent': turn({ json: tasks('one', 'two') }),
    'all#1/gate:lint': fails('no'),
    'all/build@1#1/run-agent': { kind: 'cancelled' },
  });
  expect(old.state.status).toBe('failed');
  const run = replayed(old, 'all/build/two/impl');
  expect(turns(run)).toEqual(['all/build/two/impl#1/run-agent']);
  expect(run.effects.filter(({ type }) => type === 'merge')).toMatchObject([
    { from: 'all/build/one' },
    { from: 'all/build/two' },
  ]);
  expect(run.state.status).toBe('passed');
});

test('names that every object has are names like others', () => {
  const steps = [split('__proto__', [code('constructor'), code('toString', { gates: ['test'] })], { parallel: {} })];
  const old = play(plan(steps), { '__proto__#1/run-agent': turn({ json: tasks('hasOwnProperty', 'valueOf') }) });
  const run = replayed(old, '__proto__/valueOf/toString');
  expect(turns(run)).toEqual(['__proto__/valueOf/toString#1/run-agent']);
  expect(run.state.status).toBe('passed');
});

describe('is refused', () => {
  const old = play(
    plan([
      group('x', [code('impl')]),
      group('y', [code('impl')]),
      code('later', { when: { is: 'true', value: true } }),
      code('end'),
    ]),
    {},
    { until: 'later#1/run-agent' },
  );
  const refusal = (step: string, events = old.events) => {
    const replay = replayOf(events, step);
    if (replay.ok) throw new Error('not refused');
    return replay;
  };

  test('a step of several names, with all of them', () => {
    expect(refusal('impl')).toMatchObject({
      code: 'step-ambiguous',
      candidates: ['x/impl', 'y/impl'],
      message: expect.stringContaining('x/impl, y/impl'),
    });
  });

  test('a step that has not begun, and one that is none', () => {
    expect(refusal('end')).toMatchObject({ code: 'step-unknown', message: expect.stringContaining('has not begun') });
    expect(refusal('im')).toMatchObject({ code: 'step-unknown', candidates: ['x/impl', 'y/impl'] });
    expect(refusal('').candidates).toEqual(['x', 'x/impl', 'y', 'y/impl', 'later']);
    expect(refusal('__proto__').code).toBe('step-unknown');
  });

  test('a step of a validator: its own step is named', () => {
    const by = call('review', [code('look')]);
    const run = play(plan([code('impl', { gates: [{ name: 'review', kind: 'validate', call: by }] })]), {
      'impl/gate/review/look#1/checkpoint': files(),
    });
    expect(refusal('impl/gate/review/look', run.events)).toMatchObject({ code: 'step-unknown', candidates: ['impl'] });
    const each = split('build', [code('impl', { gates: [{ name: 'review', kind: 'validate', call: by }] })]);
    const tasked = play(plan([each]), { 'build/one/impl/gate/review/look#1/checkpoint': files() });
    expect(refusal('impl/gate/review/look', tasked.events).code).toBe('step-unknown');
  });

  test('a log without a run', () => {
    expect(refusal('x', []).code).toBe('not-started');
  });
});
