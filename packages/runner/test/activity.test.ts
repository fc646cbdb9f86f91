import type { AgentEvent, Json, ToolKind, Usage } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { createActivityMeter } from '../src/index.ts';

type Timed = readonly [at: number, event: AgentEvent];

function activityOf(events: readonly Timed[]) {
  const meter = createActivityMeter();
  for (const [at, event] of events) meter.see(event, at);
  return meter.current();
}
const atOnce = (events: readonly AgentEvent[]) => activityOf(events.map((event) => [0, event]));

const begin: AgentEvent = { type: 'turn-start' };
const text: AgentEvent = { type: 'text-start', id: 't' };
const reasoning: AgentEvent = { type: 'reasoning-start', id: 'r' };
let ids = 0;
const call = (id: string, kind: ToolKind, input: Json = {}, parent?: string): AgentEvent => ({
  type: 'tool-call',
  id,
  kind,
  name: kind,
  input,
  ...(parent !== undefined && { parent }),
});
const result = (id: string, status: 'ok' | 'error' | 'denied' = 'ok'): AgentEvent => ({
  type: 'tool-result',
  id,
  status,
  output: '',
});
/** A call with its result. */
function done(kind: ToolKind, input: Json = {}, status: 'ok' | 'error' | 'denied' = 'ok'): readonly AgentEvent[] {
  ids += 1;
  return [call(`c${ids}`, kind, input), result(`c${ids}`, status)];
}
const used = (usage: Usage, context?: { tokens: number; window?: number }): AgentEvent => ({
  type: 'usage-update',
  usage,
  ...(context && { context }),
});

describe('answers by class', () => {
  test('what follows the result of a tool is another answer; the most telling thing is its class', () => {
    const { answers } = atOnce([
      begin,
      reasoning,
      text,
      ...done('read'), // exploring
      text,
      ...done('execute'), // running
      reasoning,
      call('a', 'read'),
      call('b', 'edit'),
      result('a'),
      result('b'), // coding: both calls are of one answer
      text, // talking, still open
    ]);
    expect(answers).toEqual({ exploring: 1, running: 1, coding: 1, talking: 1 });
  });

  test.each([
    ['edit', 'coding'],
    ['execute', 'running'],
    ['search', 'exploring'],
    ['fetch', 'exploring'],
    ['delegate', 'delegating'],
    ['think', 'thinking'],
    ['other', 'other'],
  ] as const)('a call of kind %s alone is %s', (kind, expected) => {
    expect(atOnce([begin, ...done(kind)]).answers).toEqual({ [expected]: 1 });
  });

  test('what a sub-agent does is counted as calls, not as an answer of this conversation', () => {
    const activity = atOnce([
      begin,
      call('d', 'delegate'),
      call('inner', 'edit', {}, 'd'),
      result('inner'),
      result('d'),
    ]);
    expect(activity.answers).toEqual({ delegating: 1 });
    expect(activity.calls).toEqual({ delegate: 1, edit: 1 });
  });

  test('a turn that said nothing has no answers', () => {
    expect(atOnce([begin])).toEqual({
      answers: {},
      calls: {},
      failedCalls: 0,
      deniedCalls: 0,
      corrections: 0,
      stuck: 0,
      repeats: 0,
      stalls: 0,
      stalledMs: 0,
      modelRetries: 0,
      compactions: 0,
    });
  });
});

describe('rows of calls', () => {
  const npm = { command: 'npm test' };

  test('a call that failed and then succeeds on the same target is one correction, however often it failed', () => {
    const activity = atOnce([
      begin,
      ...done('execute', npm, 'error'),
      ...done('edit', { file_path: 'a.js', text: 'one' }, 'error'),
      ...done('edit', { file_path: 'a.js', text: 'two' }),
      ...done('execute', npm, 'error'),
      ...done('execute', npm),
      ...done('execute', npm),
    ]);
    expect(activity).toMatchObject({ failedCalls: 3, corrections: 2, stuck: 0, repeats: 0 });
  });

  test('three failures that no success follows are stuck, once; a success later makes a correction of them', () => {
    const failures = [1, 2, 3, 4].flatMap(() => done('execute', npm, 'error'));
    expect(atOnce([begin, ...failures])).toMatchObject({ failedCalls: 4, stuck: 1, corrections: 0 });
    expect(atOnce([begin, ...failures, ...done('execute', npm)])).toMatchObject({ stuck: 0, corrections: 1 });
    expect(atOnce([begin, ...failures.slice(0, 4)])).toMatchObject({ failedCalls: 2, stuck: 0 });
  });

  test('the very same call three times in a row is one repetition; another input or a call between is none', () => {
    const same = () => done('read', { path: 'a', from: 1 });
    expect(atOnce([begin, ...same(), ...same(), ...same(), ...same()]).repeats).toBe(1);
    expect(atOnce([begin, ...same(), ...same(), ...done('read', { path: 'a', from: 2 }), ...same()]).repeats).toBe(0);
    const row = [...same(), ...same(), ...same()];
    expect(atOnce([begin, ...row, ...done('execute', npm), ...row]).repeats).toBe(2);
  });

  test('a call that was not allowed is counted apart and is no failure of a tool', () => {
    const denied = [1, 2, 3].flatMap(() => done('execute', npm, 'denied'));
    expect(atOnce([begin, ...denied])).toMatchObject({ deniedCalls: 3, failedCalls: 0, stuck: 0 });
  });

  test('inputs of any form and a result without a call are taken as they are', () => {
    const inputs: readonly Json[] = [null, [], 'x', 3, { path: 4 }, { command: ['ls'] }, { text: 'y'.repeat(100_000) }];
    const activity = atOnce([begin, ...inputs.flatMap((input) => done('other', input, 'error')), result('nobody')]);
    expect(activity).toMatchObject({ calls: { other: 7 }, failedCalls: 7 });
  });

  test('an agent that calls a hundred thousand things is counted, and watched within bounds', () => {
    const meter = createActivityMeter();
    for (let index = 0; index < 100_000; index += 1) meter.see(call(`n${index}`, 'read', { path: `p${index}` }), index);
    expect(meter.current().calls).toEqual({ read: 100_000 });
  });
});

describe('time', () => {
  test('the first edit counts from the start of the turn, when it has succeeded', () => {
    const activity = activityOf([
      [1_000, begin],
      [3_000, call('no', 'edit')],
      [4_000, result('no', 'error')],
      [5_000, call('yes', 'edit')],
      [9_500, result('yes')],
      [20_000, call('later', 'edit')],
      [21_000, result('later')],
    ]);
    expect(activity.firstEditMs).toBe(8_500);
  });

  test('a minute of silence is a stall unless a tool is at work', () => {
    const activity = activityOf([
      [0, begin],
      [59_999, text],
      [119_999, call('slow', 'execute')], // 60 s of silence
      [600_000, result('slow')], // the tool worked
      [700_000, text], // 100 s of silence
    ]);
    expect(activity).toMatchObject({ stalls: 2, stalledMs: 160_000 });
  });

  test('retries of the agent itself and compactions are counted', () => {
    const activity = atOnce([
      begin,
      { type: 'retry-notice', attempt: 1, reason: 'overloaded' },
      { type: 'retry-notice', attempt: 2, reason: 'overloaded' },
      { type: 'compaction', trigger: 'auto' },
    ]);
    expect(activity).toMatchObject({ modelRetries: 2, compactions: 1 });
  });
});

describe('context', () => {
  test('as the agent tells it, at its fullest; the window may be told later', () => {
    const activity = atOnce([
      begin,
      used({}, { tokens: 1_000 }),
      used({}, { tokens: 5_000 }),
      used({}, { tokens: 3_000, window: 200_000 }),
    ]);
    expect(activity.context).toEqual({ tokens: 5_000, window: 200_000, told: true });
  });

  test('else the largest rise of the totals from one answer to the next', () => {
    const activity = atOnce([
      begin,
      used({ inputTokens: 100, outputTokens: 10, turns: 1 }), // 110
      used({ inputTokens: 400, outputTokens: 30, turns: 2 }), // 320
      used({ inputTokens: 600, outputTokens: 40, turns: 3 }), // 210
    ]);
    expect(activity.context).toEqual({ tokens: 320, told: false });
  });

  test('several answers told at once say nothing of one of them', () => {
    expect(atOnce([begin, used({ inputTokens: 900, outputTokens: 90, turns: 4 })]).context).toBeUndefined();
    expect(atOnce([begin, used({ inputTokens: 900 })]).context).toBeUndefined();
  });
});
