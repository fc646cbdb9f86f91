import { describe, expect, test } from 'vitest';
import { type AgentStep, allSteps, outstanding } from '../src/index.ts';
import { broken, code, conflict, fails, files, group, plan, split, tasks, turn } from './given.ts';
import { finish, type Played, play } from './play.ts';

const resolver = (spec: Parameters<typeof code>[1] = {}): AgentStep =>
  code('on_conflict', { agent: 'opus', gates: ['test'], prompt: 'Make {task.name} fit.', ...spec });
const both = (spec: Parameters<typeof code>[1] = {}, attempts = 1) =>
  group('both', [code('a'), code('b')], { attempts, parallel: { onConflict: [resolver(spec), resolver(spec)] } });
const planned = { 'build#1/run-agent': turn({ json: tasks('one', 'two') }), 'build#1/checkpoint': files() };
const clash = { 'both#1/merge:1': conflict('a.ts') };
const tail = (run: Played, count: number) => run.ids.slice(-count);

describe('a conflict that an agent may resolve', () => {
  test('is resolved in the lane, under the gates of its unit, and merged with the files that came of it', () => {
    const run = play(plan([both()]), clash);
    expect(run.state).toMatchObject({ status: 'passed', frames: {}, lanes: { main: { head: 'merge of both/b' } } });
    expect(tail(run, 6)).toEqual(
      [
        'both#1/merge:1',
        'both#1/stage-conflict:1',
        'both/b/on_conflict#1/run-agent',
        'both/b/on_conflict#1/checkpoint',
        'both/b/on_conflict#1/gate:conflict_marks',
        'both/b/on_conflict#1/gate:test',
        'both#1/merge:1.resolved',
      ].slice(1),
    );
    const of = (id: string) => run.effects.find((effect) => effect.id === id);
    expect(of('both#1/stage-conflict:1')).toMatchObject({
      lane: 'both/b',
      head: 'commit of both/b',
      onto: 'merge of both/a',
    });
    expect(of('both/b/on_conflict#1/run-agent')).toMatchObject({ lane: 'both/b', agent: 'opus' });
    expect(of('both/b/on_conflict#1/gate:conflict_marks')).toMatchObject({ gate: { files: ['a.ts'] } });
    // Nothing is added to the lane's own branch: what was resolved is part of the merge.
    expect(of('both#1/merge:1.resolved')).toMatchObject({
      head: 'commit of both/b',
      onto: 'merge of both/a',
      resolution: 'both/b/on_conflict#1/checkpoint!',
    });
  });

  test('tells which files, and what the marks mean; the files stay named for a new session', () => {
    const failing = { ...clash, 'both/b/on_conflict#1/gate:conflict_marks': fails('a.ts:3') };
    const run = play(plan([both({ attempts: 2, entries: [{ attempt: 2, agent: 'sonnet' }] })]), failing);
    expect(run.state.status).toBe('passed');
    expect(run.prompt('both/b/on_conflict#1/run-agent')).toMatch(
      /Make[\s\S]*## In conflict\n\na\.ts\n\nBetween <<<<<<</,
    );
    const again = run.prompt('both/b/on_conflict#2/run-agent');
    expect(again).toContain('## In conflict');
    expect(again).toContain('a.ts:3');
  });

  test('of a task is one for all tasks, and knows which one it serves', () => {
    const build = split('build', [code('impl')], { parallel: { onConflict: [resolver()] } });
    const run = play(plan([build]), { ...planned, 'build#1/merge:1': conflict('a.ts') });
    expect(run.state.status).toBe('passed');
    expect(run.prompt('build/two/on_conflict#1/run-agent')).toContain('Make two fit.');
    expect(run.ofType('step-started').map(({ address }) => address)).toContain('build/on_conflict');
  });

  test('holds back the lanes after it, which go on working', () => {
    const three = group('both', [code('a'), code('b'), code('c')], {
      parallel: { onConflict: [resolver(), resolver(), resolver()] },
    });
    const run = play(plan([three]), clash);
    const merges = run.ids.filter((id) => id.includes('merge'));
    expect(merges).toEqual(['both#1/merge:0', 'both#1/merge:1', 'both#1/merge:1.resolved', 'both#1/merge:2']);
  });

  test('can be named in no replay, but is part of the plan', () => {
    expect(allSteps(plan([both()]).steps).map(({ address }) => address)).toContain('both/b/on_conflict');
  });
});

describe('a conflict that is not resolved', () => {
  const red = {
    ...clash,
    'both/b/on_conflict#1/gate:test': fails('RED'),
    'both/b/on_conflict#2/gate:test': fails('RED'),
  };

  test('after its attempts fails the lane, with both kept, and says why', () => {
    const run = play(plan([both({ attempts: 2 })]), red);
    expect(run.state).toMatchObject({
      status: 'failed',
      failure: {
        step: 'both/b/on_conflict',
        message:
          'lane both/b conflicts with what was merged before it in a.ts, and it was not resolved: gate failed: test',
      },
      lanes: { main: { head: 'merge of both/a' }, 'both/b': { head: 'commit of both/b' } },
    });
    expect(Object.keys(run.state.frames)).toEqual(['', 'both|1']);
  });

  test('is tried again when the run is resumed: the merge first, then by who knows what failed', () => {
    const run = play(plan([both()]), red);
    const before = run.effects.length;
    run.tell({ type: 'resume' });
    finish(run, { 'both@3#1/merge:1.4': conflict('a.ts') });
    const again = run.ids.slice(before);
    expect(run.state.status).toBe('passed');
    expect(again.filter((id) => /agent|merge|stage/.test(id))).toEqual([
      expect.stringMatching(/^both@\d#1\/merge:1/),
      expect.stringMatching(/^both@\d#1\/stage-conflict:1/),
      expect.stringMatching(/^both\/b\/on_conflict@\d#1\/run-agent$/),
      expect.stringMatching(/resolved$/),
    ]);
    expect(run.prompt(again.find((id) => id.includes('on_conflict') && id.endsWith('run-agent')) ?? '')).toContain(
      'RED',
    );
  });

  test('because the run was stopped is taken up again', () => {
    const run = play(plan([both()]), clash, { abortAt: 'both/b/on_conflict#1/run-agent' });
    expect(run.state.status).toBe('aborted');
    run.tell({ type: 'resume' });
    finish(run);
    expect(run.state).toMatchObject({ status: 'passed', frames: {} });
  });

  test('because its worktree cannot be made to hold it fails the lane', () => {
    const run = play(plan([both()]), { ...clash, 'both#1/stage-conflict:1': broken });
    expect(run.state).toMatchObject({ status: 'failed', failure: { message: expect.stringContaining('no space') } });
    expect(outstanding(run.state)).toEqual([]);
  });

  test('is not asked for twice: a merge that conflicts with what resolved it fails the lane', () => {
    const run = play(plan([both()]), { ...clash, 'both#1/merge:1.resolved': conflict('b.ts') });
    expect(run.state.status).toBe('failed');
    expect(run.ids.filter((id) => id.includes('stage-conflict'))).toHaveLength(1);
  });

  test('goes with the next attempt of its group', () => {
    const run = play(plan([both({}, 2)]), red);
    expect(run.state.status).toBe('passed');
    expect(run.ids.filter((id) => id.includes('merge'))).toEqual([
      'both#1/merge:0',
      'both#1/merge:1',
      expect.stringMatching(/^both#2\/merge:1/),
    ]);
  });
});
