import { describe, expect, test } from 'vitest';
import { code, crash, ended, fails, interrupted, limited, plan, split, tasks, turn } from './given.ts';
import { play } from './play.ts';

describe('session: from', () => {
  test('goes on with the conversation of the step', () => {
    const run = play(plan([code('red'), code('green', { from: 'red' })]));
    expect(run.start('red#1/run-agent')).toBe('new');
    expect(run.start('green#1/run-agent')).toBe('session of red#1');
    expect(run.warnings).toEqual([]);
  });

  test('another agent starts a new one and says so', () => {
    const run = play(plan([code('red'), code('green', { from: 'red', agent: 'sonnet' })]));
    expect(run.start('green#1/run-agent')).toBe('new');
    expect(run.warnings).toEqual(['green: session-other-agent']);
  });

  test.each([
    ['a step that has not run', [code('green', { from: 'later' }), code('later')], {}],
    ['a step that got none', [code('red'), code('green', { from: 'red' })], { 'red#1/run-agent': turn() }],
  ])('%s: a new one starts and says so', (_, steps, answers) => {
    const run = play(plan(steps), answers);
    expect(run.start('green#1/run-agent')).toBe('new');
    expect(run.warnings).toEqual(['green: session-not-found']);
  });

  test('reaches no further than the task', () => {
    const each = [code('red'), code('green', { from: 'build/red' })];
    const run = play(plan([code('red'), split('build', each)]), {
      'build#1/run-agent': turn({ json: tasks('a', 'b') }),
      'build/b/red#1/run-agent': turn(),
    });
    expect(run.start('build/a/green#1/run-agent')).toBe('session of build/a/red#1');
    // Neither the step of the same name at the top nor that of the task before stands in.
    expect(run.start('build/b/green#1/run-agent')).toBe('new');
    expect(run.warnings).toEqual(['build/b/green: session-not-found']);
  });

  test('may name the split around the task', () => {
    const run = play(plan([split('build', [code('impl', { from: 'build' })])]), {
      'build#1/run-agent': turn({ json: tasks('a'), session: 'planner' }),
    });
    expect(run.start('build/a/impl#1/run-agent')).toBe('planner');
  });

  test('a step that is named like a property of every object has no session before it ran', () => {
    const run = play(plan([code('impl', { from: 'constructor' }), code('constructor')]));
    expect(run.warnings).toEqual(['impl: session-not-found']);
  });
});

describe('a retry', () => {
  const failing = { 'impl#1/gate:test': fails('1'), 'impl#2/gate:test': fails('2') };

  test('keeps its conversation', () => {
    const run = play(plan([code('impl', { gates: ['test'], attempts: 3 })]), failing);
    expect(run.start('impl#2/run-agent')).toBe('session of impl#1');
    expect(run.start('impl#3/run-agent')).toBe('session of impl#1');
    expect(run.step('impl').use).toEqual({ mode: 'kept' });
    expect(run.warnings).toEqual([]);
  });

  test('keeps what its agent told last', () => {
    const run = play(plan([code('impl', { gates: ['test'], attempts: 3 })]), {
      ...failing,
      'impl#2/run-agent': turn({ session: 'moved' }),
    });
    expect(run.start('impl#3/run-agent')).toBe('moved');
  });

  test('after a first attempt without a session never goes on with that of another step', () => {
    const run = play(plan([code('other'), code('impl', { attempts: 2 })]), { 'impl#1/run-agent': crash() });
    expect(run.start('impl#2/run-agent')).toBe('new');
    expect(run.warnings).toEqual([]);
  });

  test('asks for what the step asked for while it has no session of its own', () => {
    const run = play(plan([code('red'), code('impl', { attempts: 2, from: 'red' })]), { 'impl#1/run-agent': crash() });
    expect(run.start('impl#2/run-agent')).toBe('session of red#1');
  });

  test('with another agent starts anew, says so, and that one is kept', () => {
    const run = play(
      plan([code('impl', { gates: ['test'], attempts: 3, entries: [{ attempt: 2, agent: 'opus' }] })]),
      failing,
    );
    expect(run.start('impl#2/run-agent')).toBe('new');
    expect(run.start('impl#3/run-agent')).toBe('session of impl#2');
    expect(run.warnings).toEqual(['impl: session-agent-changed']);
  });

  test('back with the first agent does not find its old conversation', () => {
    const entries = [
      { attempt: 2, agent: 'opus' },
      { attempt: 3, agent: 'haiku' },
    ];
    const run = play(plan([code('impl', { gates: ['test'], attempts: 3, entries })]), failing);
    expect(run.start('impl#3/run-agent')).toBe('new');
    expect(run.warnings).toEqual(['impl: session-agent-changed', 'impl: session-agent-changed']);
  });

  test('with session: new starts fresh, and so does every later one', () => {
    const entries = [{ attempt: 2, session: { mode: 'new' } as const }];
    const run = play(plan([code('impl', { gates: ['test'], attempts: 3, entries })]), failing);
    expect(run.start('impl#2/run-agent')).toBe('new');
    expect(run.start('impl#3/run-agent')).toBe('new');
    expect(run.warnings).toEqual([]);
  });

  test('with session: from goes on with that step', () => {
    const entries = [{ attempt: 2, session: { mode: 'from', address: 'red' } as const }];
    const run = play(plan([code('red'), code('impl', { gates: ['test'], attempts: 2, entries })]), {
      'impl#1/gate:test': fails('1'),
    });
    expect(run.start('impl#2/run-agent')).toBe('session of red#1');
  });
});

describe('a conversation that the agent could not go on with', () => {
  test('is not asked for again: the step it came from', () => {
    const run = play(plan([code('red'), code('impl', { attempts: 3, from: 'red' })]), {
      'impl#1/run-agent': crash('session-not-found'),
      'impl#2/run-agent': crash(),
    });
    expect(run.start('impl#1/run-agent')).toBe('session of red#1');
    expect(run.start('impl#2/run-agent')).toBe('new');
    expect(run.start('impl#3/run-agent')).toBe('new');
    expect(run.warnings).toEqual(['impl: session-unusable', 'impl: session-unusable']);
  });

  test('is not asked for again: its own', () => {
    const full = { code: 'context-too-long', message: 'full', retryable: false } as const;
    const run = play(plan([code('impl', { gates: ['test'], attempts: 4 })]), {
      'impl#1/gate:test': fails('1'),
      'impl#2/run-agent': ended({ kind: 'failed', error: full }, { session: 'session of impl#1' }),
      'impl#3/gate:test': fails('3'),
    });
    expect(run.start('impl#2/run-agent')).toBe('session of impl#1');
    expect(run.start('impl#3/run-agent')).toBe('new');
    expect(run.start('impl#4/run-agent')).toBe('session of impl#3');
    expect(run.warnings).toEqual(['impl: session-unusable']);
  });
});

test('a conversation that filled up is not gone on with', () => {
  const run = play(plan([code('impl', { attempts: 2 })]), { 'impl#1/run-agent': limited('context', 'agent') });
  expect(run.start('impl#2/run-agent')).toBe('new');
  expect(run.warnings).toEqual(['impl: session-unusable']);
});

describe('an interrupted turn', () => {
  test('goes on in its own conversation', () => {
    const run = play(plan([code('impl')]), { 'impl#1/run-agent': interrupted('s1') });
    expect(run.start('impl#1/run-agent.1')).toBe('s1');
    expect(run.agent('impl#1/run-agent.1').interruptions).toBe(1);
  });

  test('of a fresh attempt never goes on with the conversation of the attempt before', () => {
    const entries = [{ attempt: 2, session: { mode: 'new' } as const }];
    const run = play(plan([code('impl', { gates: ['test'], attempts: 2, entries })]), {
      'impl#1/gate:test': fails('1'),
      'impl#2/run-agent': interrupted(),
    });
    expect(run.start('impl#2/run-agent.1')).toBe('new');
  });

  test('of a kept conversation keeps it, told or not', () => {
    const run = play(plan([code('impl', { gates: ['test'], attempts: 2 })]), {
      'impl#1/gate:test': fails('1'),
      'impl#2/run-agent': interrupted(),
    });
    expect(run.start('impl#2/run-agent.1')).toBe('session of impl#1');
  });

  test('of a conversation from another step is begun there again', () => {
    const run = play(plan([code('red'), code('impl', { from: 'red' })]), { 'impl#1/run-agent': interrupted() });
    expect(run.start('impl#1/run-agent.1')).toBe('session of red#1');
  });
});
