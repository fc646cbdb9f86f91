import { describe, expect, test } from 'vitest';
import { broken, checks, code, crash, ended, fails, files, plan, split, tasks, turn } from './given.ts';
import { play } from './play.ts';

describe('a failed attempt', () => {
  test('is followed by another that is told what failed', () => {
    const run = play(plan([code('impl', { gates: ['test'], attempts: 2, prompt: 'Fix {error}' })]), {
      'impl#1/gate:test': fails('expected 1, got 2', 'npm test'),
    });
    expect(run.failures).toEqual(['gate: gate failed: test']);
    expect(run.step('impl')).toMatchObject({ attempt: 2, phase: 'passed', previous: { attempt: 1 } });
    expect(run.prompt('impl#2/run-agent')).toContain('Gate test failed: npm test (exit code 1)\nexpected 1, got 2');
    expect(run.state.status).toBe('passed');
  });

  test('that was the last one fails the run', () => {
    const run = play(plan([code('impl', { gates: ['test'], attempts: 2 })]), {
      'impl#1/gate:test': fails('a'),
      'impl#2/gate:test': fails('b'),
    });
    expect(run.ids.filter((id) => id.endsWith('run-agent'))).toHaveLength(2);
    expect(run.state).toMatchObject({ status: 'failed', failure: { step: 'impl', message: 'gate failed: test' } });
  });

  test('of an agent that crashed or refused is tried again too', () => {
    const run = play(plan([code('impl', { attempts: 3 })]), {
      'impl#1/run-agent': crash(),
      'impl#2/run-agent': ended({ kind: 'refused', reason: 'not that' }),
    });
    expect(run.failures).toEqual(['agent: crashed: it fell over', 'agent: the agent refused: not that']);
    expect(run.state.status).toBe('passed');
  });

  test('never inherits the failure of another step', () => {
    const run = play(
      plan([code('red', { gates: ['test'], attempts: 2 }), code('green', { attempts: 2, prompt: 'G {error}' })]),
      {
        'red#1/gate:test': fails('RED TEXT'),
        'green#1/run-agent': crash(),
      },
    );
    expect(run.prompt('green#1/run-agent')).not.toContain('RED TEXT');
    expect(run.prompt('green#2/run-agent')).toMatch(/^G crashed: it fell over/);
  });
});

describe('a failure that another attempt cannot help is final', () => {
  test.each([
    ['an agent that is not signed in', { 'impl#1/run-agent': crash('not-signed-in') }, 'not-signed-in: it fell over'],
    ['a turn that cannot be begun', { 'impl#1/run-agent': broken }, 'disk-full: no space is left'],
    ['a checkpoint that cannot be made', { 'impl#1/checkpoint': broken }, 'disk-full: no space is left'],
    ['a gate that cannot be run', { 'impl#1/gate:test': broken }, 'disk-full: no space is left'],
    [
      'a gate nobody knows the end of',
      { 'impl#1/gate:test': { kind: 'interrupted' } as const },
      'interrupted: nobody knows how it ended',
    ],
    ['a commit that cannot be made', { 'impl#1/advance': broken }, 'disk-full: no space is left'],
    ['a turn that someone cancelled', { 'impl#1/run-agent': ended({ kind: 'cancelled' }) }, 'the turn was cancelled'],
    ['a turn that was never begun', { 'impl#1/run-agent': { kind: 'cancelled' } as const }, 'it was cancelled'],
  ])('%s', (_, answers, message) => {
    const run = play(plan([code('impl', { gates: ['test'], attempts: 5 })]), answers);
    expect(run.state).toMatchObject({ status: 'failed', failure: { step: 'impl', message } });
    expect(run.ids.join()).not.toContain('impl#2');
    expect(run.attemptEnds).toHaveLength(1);
  });

  test('a worktree that cannot be opened ends the run before any step', () => {
    const run = play(plan([code('impl')]), { '#1/open-worktree': broken });
    expect(run.state).toMatchObject({
      status: 'failed',
      failure: { step: '', message: 'disk-full: no space is left' },
    });
    expect(run.ids).toEqual(['#1/open-worktree']);
  });

  test('an agent that this run does not know', () => {
    const run = play(plan([code('impl', { agent: '{input:who}', attempts: 3 })], { inputs: { who: 'constructor' } }));
    expect(run.state.failure?.message).toBe('no agent is named "constructor" in this run');
    expect(run.ids).toEqual(['#1/open-worktree']);
  });

  test('what could not be recorded either is told after what went wrong first', () => {
    const run = play(plan([code('impl')]), { 'impl#1/run-agent': broken, 'impl#1/checkpoint': broken });
    expect(run.state.failure?.message).toBe('disk-full: no space is left; disk-full: no space is left');
  });
});

test('what an agent left is recorded, also when its turn could not be carried out to its end', () => {
  expect(play(plan([code('impl')]), { 'impl#1/run-agent': broken }).ids).toContain('impl#1/checkpoint');
});

describe('retry entries', () => {
  const entries = [
    { attempt: 2, agent: 'sonnet' },
    { attempt: 4, agent: 'opus' },
  ];
  test('are sticky, and later ones override earlier ones', () => {
    const run = play(plan([code('impl', { gates: ['test'], attempts: 5, entries })]), {
      'impl#1/gate:test': fails('1'),
      'impl#2/gate:test': fails('2'),
      'impl#3/gate:test': fails('3'),
      'impl#4/gate:test': fails('4'),
    });
    expect(run.ofType('attempt-started').map(({ agent, entries }) => [agent, entries])).toEqual([
      ['haiku', []],
      ['sonnet', [0]],
      ['sonnet', [0]],
      ['opus', [0, 1]],
      ['opus', [0, 1]],
    ]);
  });

  test('that wait for a gate to fail are in force only when it did', () => {
    const retry = { attempts: 3, entries: [{ attempt: 2, not: 'test', agent: 'opus' }] };
    const answers = { 'impl#1/gate:lint': fails('1'), 'impl#2/gate:test': fails('2') };
    const run = play(plan([code('impl', { gates: ['lint', 'test'], ...retry })]), answers);
    expect([1, 2, 3].map((attempt) => run.agent(`impl#${attempt}/run-agent`).agent)).toEqual([
      'haiku',
      'haiku',
      'opus',
    ]);
  });

  test('combine: each sets what it names', () => {
    const run = play(
      plan([
        code('impl', {
          gates: ['test'],
          attempts: 3,
          entries: [
            { attempt: 2, agent: 'sonnet', prompt: 'Think.' },
            { attempt: 3, worktree: 'reset' },
          ],
        }),
      ]),
      { 'impl#1/gate:test': fails('1'), 'impl#2/gate:test': fails('2') },
    );
    expect(run.agent('impl#3/run-agent').agent).toBe('sonnet');
    expect(run.prompt('impl#3/run-agent')).toMatch(/^Think\./);
    expect(run.ids).toContain('impl#3/reset');
    expect(run.ids).not.toContain('impl#2/reset');
  });

  test('an agent named by a template is that of the attempt that begins', () => {
    const run = play(
      plan([code('impl', { gates: ['test'], attempts: 3, entries: [{ attempt: 2, agent: '{prev.agent}' }] })], {
        inputs: {},
      }),
      { 'impl#1/gate:test': fails('1') },
    );
    expect(run.agent('impl#2/run-agent').agent).toBe('haiku');
  });
});

describe('worktree: reset', () => {
  const resets = code('impl', { gates: ['test'], attempts: 3, entries: [{ attempt: 3, worktree: 'reset' }] });
  test('goes back to the state before the step, not before the last attempt', () => {
    const run = play(plan([code('first'), resets]), { 'impl#1/gate:test': fails('1'), 'impl#2/gate:test': fails('2') });
    expect(run.effects.find((effect) => effect.id === 'impl#3/reset')).toMatchObject({ to: 'commit of first' });
    expect(run.ids.indexOf('impl#3/reset')).toBeLessThan(run.ids.indexOf('impl#3/run-agent'));
  });

  test('comes before the agent, and what was there is in a checkpoint', () => {
    const run = play(plan([resets]), { 'impl#1/gate:test': fails('1'), 'impl#2/gate:test': fails('2') });
    expect(run.ids.slice(run.ids.indexOf('impl#2/checkpoint'))).toEqual([
      'impl#2/checkpoint',
      'impl#2/gate:test',
      'impl#3/reset',
      'impl#3/run-agent',
      'impl#3/checkpoint',
      'impl#3/gate:test',
      'impl#3/advance',
    ]);
  });
});

describe('gates', () => {
  test('all run though an earlier one failed, and the failure text holds each that failed', () => {
    const run = play(plan([code('impl', { gates: ['compile', 'test', 'lint'], attempts: 2 })]), {
      'impl#1/gate:compile': fails('no such type'),
      'impl#1/gate:lint': fails('unused', 'npm run lint'),
    });
    const [first] = run.attemptEnds;
    expect(run.ids).toEqual(expect.arrayContaining(['impl#1/gate:compile', 'impl#1/gate:test', 'impl#1/gate:lint']));
    expect(first?.failure).toEqual({
      reason: 'gate',
      message: 'gates failed: compile, lint',
      text: 'Gate compile failed (exit code 1)\nno such type\n---\nGate lint failed: npm run lint (exit code 1)\nunused',
      gates: ['compile', 'lint'],
      final: false,
    });
  });

  test('run again in each attempt, on the files of that attempt', () => {
    const run = play(plan([code('impl', { gates: ['test'], attempts: 2 })]), { 'impl#1/gate:test': fails('1') });
    expect(run.step('impl').gates).toEqual({ test: { pass: true, durationMs: 100 } });
    expect(run.ids).toContain('impl#2/gate:test');
  });

  test('have the configured time, or what the run has left', () => {
    const run = play(plan([checks('a', 'test')], { limits: { wallMs: 5000 } }));
    expect(run.effects.at(-1)).toMatchObject({ wallMs: 4000 });
    expect(play(plan([checks('a', 'test')])).effects.at(-1)).toMatchObject({ wallMs: 60_000 });
  });

  test('a task that names its files is held to them, before all other gates', () => {
    const json = { tasks: [{ name: 'auth', description: 'x', files: ['src/auth/**'] }] };
    const run = play(plan([split('build', [code('impl', { gates: ['test'] })])]), {
      'build#1/run-agent': turn({ json }),
      'build#1/checkpoint': files(),
    });
    expect(run.effects.find((effect) => effect.id === 'build/auth/impl#1/gate:task_files')).toMatchObject({
      gate: { kind: 'task_files', globs: ['src/auth/**'] },
    });
    expect(run.ids.indexOf('build/auth/impl#1/gate:task_files')).toBeLessThan(
      run.ids.indexOf('build/auth/impl#1/gate:test'),
    );
  });

  test('a task that names none is not', () => {
    const run = play(plan([split('build', [code('impl')])]), { 'build#1/run-agent': turn({ json: tasks('auth') }) });
    expect(run.ids.join()).not.toContain('task_files');
  });
});
