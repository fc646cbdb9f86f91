import type { AgentEvent, Exit } from '@pawl/provider';
import type { ClaudeOptions } from '@pawl/provider-claude';
import type { BodyEvent, Launch } from '@pawl/provider-kit';
import { describe, expect, test } from 'vitest';
import { translate } from '../src/translate.ts';

const launch: Launch<ClaudeOptions> = {
  cwd: '/work',
  options: { binary: 'claude', args: [] },
  access: 'edit',
  start: { kind: 'new' },
  prompt: '',
  limits: {},
  env: {},
  freshId: 'unused',
};
const ok: Exit = { code: 0, signal: undefined, stderrTail: '' };

function play(lines: readonly object[], exit: Partial<Exit> = {}) {
  const translator = translate(launch);
  const events: BodyEvent[] = lines.flatMap((line, index) => [
    ...translator.line({ line: index + 1, text: JSON.stringify(line) }),
  ]);
  return { events, end: translator.end({ ...ok, ...exit }), types: events.map(({ type }) => type) };
}

const init = (id: string, model = 'claude-opus-5-5') => ({
  type: 'system',
  subtype: 'init',
  session_id: id,
  cwd: '/work',
  model,
});
const assistant = (id: string, content: readonly object[], over: object = {}) => ({
  uuid: `uuid-${id}`,
  parent_tool_use_id: null,
  message: {
    id,
    model: 'claude-opus-5-5',
    content,
    usage: { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1 },
  },
  type: 'assistant',
  ...over,
});
const stream = (id: string, event: object) => ({
  type: 'stream_event',
  event,
  parent_tool_use_id: null,
  api_message_id: id,
});
const say = (text: string) => ({ type: 'text', text });
const result = (over: object = {}) => ({
  is_error: false,
  result: 'done',
  subtype: 'success',
  type: 'result',
  terminal_reason: 'completed',
  total_cost_usd: 99,
  modelUsage: { m: { inputTokens: 9_999, costUSD: 99 } },
  model_usage_since_last_result: { m: { inputTokens: 10, cacheReadInputTokens: 5, outputTokens: 7, costUSD: 0.5 } },
  ...over,
});

describe('usage', () => {
  test('is this turn, never the life of the session; a fork starts at its parent and does not count it', () => {
    const { end } = play([init('a'), assistant('m1', [say('x')]), result()]);
    expect(end.usage).toEqual({
      ...{ inputTokens: 15, cachedInputTokens: 5, cacheWriteTokens: 0, outputTokens: 7, costUsd: 0.5, turns: 1 },
    });
  });

  test('several results in one run add up, and the last one is the word', () => {
    const { end } = play([
      init('a'),
      assistant('m1', []),
      result(),
      init('a'),
      assistant('m2', []),
      result({ result: 'later' }),
    ]);
    expect(end.usage).toMatchObject({ inputTokens: 30, outputTokens: 14, costUsd: 1, turns: 2 });
    expect(end.outcome).toEqual({ kind: 'completed', text: 'later' });
  });

  test('counts each answer once, though it comes block by block', () => {
    const { events, end } = play(
      [assistant('m1', [say('a')]), assistant('m1', [say('b')]), assistant('m2', [say('c')])],
      { code: 143 },
    );
    const live = events.flatMap((event) => (event.type === 'usage-update' ? event.usage.turns : []));
    expect(live).toEqual([1, 2]);
    expect(end.usage).toMatchObject({ inputTokens: 30, turns: 2 });
    expect(end.usage).not.toHaveProperty('outputTokens');
    expect(end.usage).not.toHaveProperty('costUsd');
  });

  test('output is known live from the end of each streamed answer', () => {
    const { end } = play([
      stream('m1', { type: 'message_start', message: { id: 'm1', usage: { input_tokens: 3, output_tokens: 1 } } }),
      stream('m1', { type: 'message_delta', usage: { output_tokens: 40 } }),
    ]);
    expect(end.usage).toMatchObject({ inputTokens: 3, outputTokens: 40 });
  });

  test('sub-agents cost tokens, but their answers are no turns', () => {
    const { end } = play([assistant('m1', []), assistant('s1', [], { parent_tool_use_id: 'toolu_1' })]);
    expect(end.usage).toMatchObject({ inputTokens: 30, turns: 1 });
  });
});

describe('context', () => {
  const contexts = (lines: readonly object[]) =>
    play(lines).events.flatMap((event) => (event.type === 'usage-update' ? [event.context] : []));

  test('is what the newest answer of the conversation read and said; its size comes with the result', () => {
    const told = contexts([
      init('a', 'claude-opus-5-5'),
      stream('m1', { type: 'message_start', message: { id: 'm1', usage: { input_tokens: 3, output_tokens: 1 } } }),
      stream('m1', { type: 'message_delta', usage: { output_tokens: 40 } }),
      result({
        modelUsage: { 'claude-haiku-4-5': { contextWindow: 1 }, 'claude-opus-5-5': { contextWindow: 200_000 } },
      }),
    ]);
    expect(told).toEqual([{ tokens: 3 }, { tokens: 43 }, { tokens: 43, window: 200_000 }]);
  });

  test('a sub-agent has a window of its own', () => {
    const told = contexts([assistant('m1', []), assistant('s1', [], { parent_tool_use_id: 'toolu_1' })]);
    expect(told).toEqual([{ tokens: 15 }, { tokens: 15 }]);
  });
});

describe('text', () => {
  const streamed = [
    stream('m1', { type: 'message_start', message: { id: 'm1' } }),
    stream('m1', { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
    stream('m1', { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'hel' } }),
    stream('m1', { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } }),
  ];
  const spoken = (events: readonly BodyEvent[]) =>
    events.flatMap((event) => (event.type === 'text-delta' ? event.delta : []));

  test('in pieces is not repeated whole', () => {
    const { events } = play([
      ...streamed,
      assistant('m1', [say('hello')]),
      stream('m1', { type: 'content_block_stop', index: 0 }),
    ]);
    expect(spoken(events)).toEqual(['hel', 'lo']);
  });

  test('only whole comes once', () => {
    expect(spoken(play([assistant('m1', [say('hello')])]).events)).toEqual(['hello']);
  });

  test('of a stream that broke off is closed when the next answer begins', () => {
    const { types, events } = play([...streamed, assistant('m2', [say('again')])]);
    expect(types.filter((type) => type.startsWith('text-'))).toEqual([
      ...['text-start', 'text-delta', 'text-delta', 'text-end', 'text-start', 'text-delta', 'text-end'],
    ]);
    expect(spoken(events)).toEqual(['hel', 'lo', 'again']);
  });

  test('of a sub-agent is its own affair', () => {
    expect(spoken(play([assistant('s1', [say('inner')], { parent_tool_use_id: 't' })]).events)).toEqual([]);
  });
});

describe('tools', () => {
  const use = (id: string, name = 'Bash') =>
    assistant('m1', [{ type: 'tool_use', id, name, input: { command: 'ls' } }]);
  const back = (id: string, over: object = {}, block: object = {}) => ({
    type: 'user',
    message: { content: [{ type: 'tool_result', tool_use_id: id, content: 'out', ...block }] },
    ...over,
  });
  const status = (events: readonly BodyEvent[]) =>
    events.flatMap((event) => (event.type === 'tool-result' ? event.status : []));

  test.each<[string, readonly object[], string]>([
    ['ok', [use('t'), back('t')], 'ok'],
    ['an error', [use('t'), back('t', {}, { is_error: true })], 'error'],
    [
      'denied by a line',
      [use('t'), { type: 'system', subtype: 'permission_denied', tool_use_id: 't' }, back('t', {}, { is_error: true })],
      'denied',
    ],
    [
      'denied by its meta',
      [use('t'), back('t', { tool_result_meta: [{ id: 't', permission_decision: { decision: 'reject' } }] })],
      'denied',
    ],
  ])('%s', (_, lines, expected) => {
    expect(status(play(lines).events)).toEqual([expected]);
  });

  test.each([
    ['Read', 'read'],
    ['Edit', 'edit'],
    ['Agent', 'delegate'],
    ['mcp__x__y', 'other'],
    ['constructor', 'other'],
  ])('%s is of kind %s', (name, kind) => {
    expect(play([use('t', name)]).events[0]).toMatchObject({ type: 'tool-call', kind, name });
  });

  test('a result that was cut off still answers its call', () => {
    const translator = translate(launch);
    const events: AgentEvent[] = [...translator.line({ line: 1, text: JSON.stringify(use('t')) })];
    events.push(
      ...translator.line({ line: 2, text: '{"type":"user","tool_use_id":"t","content":"xxx', truncatedBytes: 9 }),
    );
    expect(events.at(-1)).toMatchObject({ type: 'tool-result', id: 't', status: 'ok' });
    expect([...translator.line({ line: 3, text: '{"tool_use_id":"t"', truncatedBytes: 9 })]).toMatchObject([
      { type: 'native' },
    ]);
  });
});

describe('outcome', () => {
  const failed = (over: object, exit: Partial<Exit> = { code: 1 }) =>
    play([init('a'), result({ is_error: true, ...over })], exit).end.outcome;

  test.each<[string, object, object]>([
    ['refused', { stop_reason: 'refusal', result: 'no' }, { kind: 'refused', reason: 'no' }],
    ['out of output', { api_error: 'max_output_tokens' }, { kind: 'limited', limit: 'output-tokens' }],
    ['turns', { terminal_reason: 'max_turns', subtype: 'error_max_turns' }, { kind: 'limited', limit: 'turns' }],
    [
      'turns of an older version',
      { terminal_reason: undefined, subtype: 'error_max_turns' },
      { kind: 'limited', limit: 'turns' },
    ],
    ['money', { terminal_reason: 'budget_exhausted' }, { kind: 'limited', limit: 'costUsd' }],
    ['too long', { terminal_reason: 'prompt_too_long' }, { error: { code: 'context-too-long' } }],
    ['402', { api_error_status: 402 }, { error: { code: 'quota-exhausted', retryable: false } }],
    ['503', { api_error_status: 503 }, { error: { code: 'overloaded', retryable: true } }],
    ['502', { api_error_status: 502 }, { error: { code: 'internal', retryable: true } }],
    ['418', { api_error_status: 418 }, { error: { code: 'internal', retryable: false } }],
    ['no connection', { api_error: 'connection_failed' }, { error: { code: 'network', retryable: true } }],
    ['interrupted', { terminal_reason: 'aborted_tools' }, { error: { code: 'crashed', retryable: true } }],
    ['no reason at all', { result: undefined }, { kind: 'failed' }],
  ])('%s', (_, over, expected) => {
    expect(failed(over)).toMatchObject(expected);
  });

  test('a wait that the server asked for is told', () => {
    const retry = { type: 'system', subtype: 'api_retry', attempt: 1, retry_delay_ms: 7_000, error_status: 429 };
    const { end } = play([init('a'), retry, result({ is_error: true, api_error_status: 429 })], { code: 1 });
    expect(end.outcome).toMatchObject({ error: { code: 'rate-limited', retryable: true, retryAfterMs: 7_000 } });
  });

  test('killed while a background task had woken it: what was said before is not the last word', () => {
    const { end } = play([init('a'), result(), assistant('m2', [say('going on')])], { code: 143 });
    expect(end.outcome).toMatchObject({ kind: 'failed', error: { code: 'crashed' } });
  });

  test('ended from outside after its last word: the word counts', () => {
    for (const exit of [{ code: 143 }, { code: undefined, signal: 'SIGKILL' }]) {
      expect(play([init('a'), result()], exit).end.outcome.kind).toBe('completed');
    }
    expect(play([init('a'), result()], { code: 1 }).end.outcome.kind).toBe('failed');
  });

  test.each([
    ['Error: Session ID x is already in use.', 'bad-option'],
    ['Error: Invalid session ID. Must be a valid UUID.', 'bad-option'],
    ["error: unknown option '--x'", 'protocol'],
    ['something else', 'crashed'],
  ])('only on standard error: %s', (stderrTail, code) => {
    expect(play([], { code: 1, stderrTail }).end).toMatchObject({ outcome: { error: { code } }, session: undefined });
  });
});

test('an id that is only echoed is no session', () => {
  const { end } = play([{ ...result({ is_error: true, subtype: 'error_during_execution' }), session_id: 'echo' }], {
    code: 1,
  });
  expect(end.session).toBeUndefined();
});

test('another model than that of the beginning is told at once', () => {
  const { events } = play([
    init('a', 'claude-opus-5-5'),
    assistant('m1', [say('x')], { message: { id: 'm', model: 'claude-haiku-5-5' } }),
  ]);
  expect(events.flatMap((event) => (event.type === 'session-ready' ? event.model : []))).toEqual([
    'claude-opus-5-5',
    'claude-haiku-5-5',
  ]);
});

test('lines it does not know are counted by name', () => {
  const { events } = play([{ type: 'brand_new' }, { type: 'system', subtype: 'brand_new' }, { nothing: 1 }]);
  expect(events).toEqual([
    { type: 'native', name: 'brand_new' },
    { type: 'native', name: 'system/brand_new' },
    { type: 'native', name: 'no-type' },
  ]);
});
