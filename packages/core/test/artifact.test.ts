import { describe, expect, test } from 'vitest';
import type { AgentEnd, OutputCandidate } from '../src/index.ts';
import { checks, code, ended, fails, files, plan, turn, validate } from './given.ts';
import { play } from './play.ts';

const schema = { type: 'object', required: ['risk'] } as const;
const completed = (text: string, ...outputs: readonly OutputCandidate[]) =>
  ended({ kind: 'completed', text, outputs } satisfies AgentEnd);
const notes = (over: Parameters<typeof code>[1] = {}) => code('notes', { kind: 'artifact', attempts: 2, ...over });
const output = (end: ReturnType<typeof completed>, over = {}) => {
  const run = play(plan([notes(over)]), { 'notes#1/run-agent': end, 'notes#2/run-agent': completed('second') });
  return [run.ofType('output-accepted')[0]?.output, ...run.failures];
};

describe('an artifact', () => {
  test('is the final message', () => {
    expect(output(completed('The plan.'))).toEqual(['The plan.']);
  });

  test('is the file that was written, whatever is in it, before the message', () => {
    expect(output(completed('See the file.', { source: 'file', text: 'not { json' }))).toEqual(['not { json']);
  });

  test('may be long: it stands outside', () => {
    const blob = { blob: 'b'.repeat(64), bytes: 5_000_000 };
    expect(output(completed('See the file.', { source: 'file', text: blob }))).toEqual([blob]);
  });

  test('that is empty is none: the attempt fails and is told', () => {
    const [first, failure] = output(completed(''));
    expect([first, failure]).toEqual(['second', 'output: the artifact is not usable: it is empty']);
  });

  test('by a schema is JSON that satisfies it', () => {
    expect(output(completed('x', { source: 'message', json: { risk: 3 } }), { output: schema })).toEqual([
      '{"risk":3}',
    ]);
  });

  test('that does not satisfy its schema is told why', () => {
    const bad = completed('x', { source: 'schema', error: 'risk is missing' }, { source: 'file', text: 'risky' });
    const run = play(plan([notes({ output: schema })]), {
      'notes#1/run-agent': bad,
      'notes#2/run-agent': completed('x', { source: 'message', json: { risk: 1 } }),
    });
    expect(run.failures).toEqual(['output: the artifact is not usable: structured output: risk is missing']);
    expect(run.prompt('notes#2/run-agent')).toContain(
      'Your artifact could not be used. structured output: risk is missing',
    );
    expect(run.state.status).toBe('passed');
  });

  test('is what later steps read', () => {
    const run = play(plan([notes(), code('impl', { prompt: '{step:notes.output}' })]), {
      'notes#1/run-agent': completed('Do {this}.'),
    });
    expect(run.prompt('impl#1/run-agent')).toMatch(/^Do \{this\}\./);
  });
});

describe('an agent without a worktree', () => {
  test('works apart, and its step may still be judged by gates on the project', () => {
    const run = play(plan([notes({ worktree: 'none', gates: ['test'] }), code('impl')]), {
      'notes#1/checkpoint': files(),
    });
    expect(run.agent('notes#1/run-agent')).toMatchObject({ apart: true, expect: 'artifact' });
    expect(run.agent('impl#1/run-agent')).not.toHaveProperty('apart');
    expect(run.ids).toContain('notes#1/gate:test');
    expect(run.state.status).toBe('passed');
  });

  test('gives a verdict, too', () => {
    const run = play(plan([validate('look', { worktree: 'none' })]), { 'look#1/checkpoint': files() });
    expect(run.agent('look#1/run-agent')).toMatchObject({ apart: true, expect: 'verdict' });
    expect(run.step('look')).toMatchObject({ phase: 'passed', output: 'true' });
  });
});

describe('a step of nobody', () => {
  const step = code('check', { agent: 'pass', gates: ['test'], attempts: 2 });

  test('runs no agent: its gates judge the files as they are', () => {
    const run = play(plan([code('impl'), step]), { 'check#1/checkpoint': files() });
    expect(run.ids.filter((id) => id.startsWith('check'))).toEqual(['check#1/checkpoint', 'check#1/gate:test']);
    expect(run.ofType('attempt-started').at(-1)).not.toHaveProperty('agent');
  });

  test('takes what lies there onto the branch when it passes', () => {
    expect(play(plan([checks('before', 'test'), step])).ids).toContain('check#1/advance');
  });

  test('is tried again without anyone', () => {
    const run = play(plan([step]), { 'check#1/gate:test': fails('flaky') });
    expect(run.ids).toContain('check#2/gate:test');
    expect(run.state).toMatchObject({ status: 'passed', spent: { costUsd: 0, unpriced: 0 } });
  });
});

test('what an agent told is not taken for the output of another step', () => {
  const run = play(plan([notes(), notes({ attempts: 1 })].map((step, index) => ({ ...step, name: `n${index}` }))), {
    'n0#1/run-agent': turn({ text: 'first' }),
    'n1#1/run-agent': turn({ text: 'other' }),
  });
  expect([run.step('n0').output, run.step('n1').output]).toEqual(['first', 'other']);
});
