import type { Exit, SessionStart } from '@pawl/provider';
import type { BodyEvent, Launch } from '@pawl/provider-kit';
import type { QwenOptions } from '@pawl/provider-qwen';
import { describe, expect, test } from 'vitest';
import { translate } from '../src/translate.ts';

const launch: Launch<QwenOptions> = {
  cwd: '/work',
  options: { binary: 'qwen', args: [] },
  access: 'edit',
  start: { kind: 'new' },
  prompt: '',
  limits: {},
  env: {},
  freshId: 'unused',
};
const ok: Exit = { code: 0, signal: undefined, stderrTail: '' };
const ref = { provider: 'qwen', id: 'a', cwd: '/work' };

function play(lines: readonly object[], exit: Partial<Exit> = {}, start: SessionStart = { kind: 'new' }) {
  const translator = translate({ ...launch, start });
  const events: BodyEvent[] = lines.flatMap((line, index) => [
    ...translator.line({ line: index + 1, text: JSON.stringify(line) }),
  ]);
  return { events, end: translator.end({ ...ok, ...exit }), types: events.map(({ type }) => type) };
}

const init = (model = 'qwen3-coder') => ({
  ...{ type: 'system', subtype: 'init', session_id: 'a', cwd: '/work', model, tools: ['edit'], mcp_servers: [] },
  qwen_code_version: '0.24.4',
});
const none = { input_tokens: 0, output_tokens: 0 };
const some = { input_tokens: 100, output_tokens: 7, cache_read_input_tokens: 40 };
const assistant = (content: readonly object[], usage: object = some, over: object = {}) => ({
  type: 'assistant',
  uuid: 'u1',
  parent_tool_use_id: null,
  message: { id: 'u1', model: 'qwen3-coder', content, usage },
  ...over,
});
const say = (text: string) => ({ type: 'text', text });
const think = (thinking: string) => ({ type: 'thinking', thinking });
const use = (id: string, name = 'run_shell_command') => ({ type: 'tool_use', id, name, input: { command: 'ls' } });
const back = (id: string, content = 'out', failed = false) => ({
  type: 'user',
  message: { content: [{ type: 'tool_result', tool_use_id: id, content, is_error: failed }] },
});
const stream = (event: object) => ({ type: 'stream_event', parent_tool_use_id: null, event });
const begin = (type: string) => stream({ type: 'content_block_start', index: 0, content_block: { type } });
const piece = (text: string) => stream({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
const stop = stream({ type: 'content_block_stop', index: 0 });
const start = stream({ type: 'message_start', message: { id: 'u1' } });
const result = (over: object = {}) => ({
  ...{ type: 'result', subtype: 'success', is_error: false, num_turns: 1, result: 'done', permission_denials: [] },
  usage: { input_tokens: 100, output_tokens: 7 },
  ...over,
});
const failure = (message: string) => result({ subtype: 'error_during_execution', is_error: true, error: { message } });

describe('usage', () => {
  const life = { input_tokens: 41_000, output_tokens: 900, cache_read_input_tokens: 23_000 };

  test.each<SessionStart>([{ kind: 'resume', ref }, { kind: 'continue' }, { kind: 'fork', ref }])(
    'of a session that had turns before is this turn’s, never that of its life: $kind',
    (from) => {
      const { end } = play([init(), assistant([say('x')]), result({ usage: life })], {}, from);
      expect(end.usage).toEqual({ inputTokens: 100, cachedInputTokens: 40, outputTokens: 7, turns: 1 });
    },
  );

  test('one reply comes as several messages, of which the last has the figures', () => {
    const { events, end } = play([
      init(),
      assistant([think('a')], none),
      assistant([say('b')], none),
      assistant([use('1')]),
    ]);
    expect(events.filter(({ type }) => type === 'usage-update')).toHaveLength(1);
    expect(end.usage.turns).toBe(1);
  });

  test('of a session that began here is the result’s: it knows sub-agents too', () => {
    const usage = { input_tokens: 600, output_tokens: 30, cache_read_input_tokens: 90 };
    const { end } = play([init(), assistant([say('x')]), result({ usage })]);
    expect(end.usage).toEqual({ inputTokens: 600, cachedInputTokens: 90, outputTokens: 30, turns: 1 });
    // One that knows less is of no use.
    expect(play([init(), assistant([say('x')]), result({ usage: none })]).end.usage.inputTokens).toBe(100);
  });

  test('a sub-agent counts as soon as it is over, and its answers are no turns', () => {
    const note = { type: 'system', subtype: 'task_notification', data: { usage: { total_tokens: 1_234 } } };
    const { end } = play([init(), assistant([say('x')]), note, result({ usage: life })], {}, { kind: 'resume', ref });
    expect(end.usage).toMatchObject({ inputTokens: 1_334, turns: 1 });
    const inner = assistant([say('inner')], some, { parent_tool_use_id: 't' });
    expect(play([init(), inner]).end.usage).toMatchObject({ inputTokens: 100, turns: 0 });
  });

  test('nothing is reported as zero', () => {
    expect(play([init(), failure('x')], { code: 1 }).end.usage).not.toHaveProperty('costUsd');
    expect(play([init()]).end.usage).toEqual({});
  });
});

describe('text', () => {
  const spoken = (events: readonly BodyEvent[]) =>
    events.flatMap((event) => (event.type === 'text-delta' || event.type === 'reasoning-delta' ? event.delta : []));

  test('in pieces is not repeated whole', () => {
    const { events, types } = play([start, begin('text'), piece('hel'), piece('lo'), stop, assistant([say('hello')])]);
    expect(spoken(events)).toEqual(['hel', 'lo']);
    expect(types.filter((type) => type.startsWith('text-'))).toEqual([
      ...['text-start', 'text-delta', 'text-delta', 'text-end'],
    ]);
  });

  test('only whole comes once, reasoning too', () => {
    expect(spoken(play([assistant([think('hm')], none), assistant([say('hello')])]).events)).toEqual(['hm', 'hello']);
  });

  test('of an answer that broke off is closed, and the retry told', () => {
    const retry = { type: 'system', subtype: 'retry', data: { reason: 'retry', delayMs: 1_500 } };
    const { events, types } = play([
      start,
      begin('text'),
      piece('part'),
      retry,
      retry,
      start,
      begin('text'),
      piece('new'),
      stop,
    ]);
    expect(types.filter((type) => type !== 'text-delta')).toEqual([
      ...['text-start', 'text-end', 'retry-notice', 'retry-notice', 'text-start', 'text-end'],
    ]);
    expect(events.filter(({ type }) => type === 'retry-notice')).toMatchObject([
      { attempt: 1, delayMs: 1_500 },
      { attempt: 2, delayMs: 1_500 },
    ]);
  });

  test('an error of the API that stands in for an answer is not the agent’s word', () => {
    const said = '[API Error: 401 Incorrect API key]';
    const { events, end } = play(
      [init(), start, begin('text'), piece(said), stop, assistant([say(said)], none), failure(said)],
      { code: 1 },
    );
    expect(spoken(events)).toEqual([]);
    expect(end.outcome).toMatchObject({ kind: 'failed', error: { code: 'not-signed-in' } });
  });

  test('of a sub-agent is its own affair', () => {
    expect(spoken(play([assistant([say('inner')], some, { parent_tool_use_id: 't' })]).events)).toEqual([]);
    const inner = { ...piece('inner'), parent_tool_use_id: 't' };
    expect(spoken(play([start, begin('text'), inner]).events)).toEqual([]);
  });

  test('the state of a goal, which comes unasked, is nothing', () => {
    expect(play([stream({ type: 'goal_state', goal_state: {} })]).events).toEqual([]);
  });
});

describe('tools', () => {
  test.each<[string, string, boolean, string]>([
    ['ok', 'out', false, 'ok'],
    ['a command that failed', 'Exit Code: 3', true, 'error'],
    ['nobody to ask', 'Qwen Code requires permission to use "edit", but that permission was declined.', true, 'denied'],
    [
      'a rule',
      'This "run_shell_command" invocation was denied by permission rules. Matching deny rule: "edit".',
      true,
      'denied',
    ],
    ['words that a command printed', 'that permission was declined', false, 'ok'],
    ['a tool that never was', 'Tool "x" not found in registry.', true, 'error'],
  ])('%s', (_, content, failed, expected) => {
    const { events } = play([assistant([use('t')]), back('t', content, failed)]);
    expect(events.flatMap((event) => (event.type === 'tool-result' ? event.status : []))).toEqual([expected]);
  });

  test.each([
    ['read_file', 'read'],
    ['edit', 'edit'],
    ['agent', 'delegate'],
    ['mcp__x__y', 'other'],
    ['constructor', 'other'],
  ])('%s is of kind %s', (name, kind) => {
    expect(play([assistant([use('t', name)])]).events[0]).toMatchObject({ type: 'tool-call', kind, name });
  });

  test('of a sub-agent name the call they belong to', () => {
    const inner = assistant([use('i')], none, { parent_tool_use_id: 't' });
    expect(play([assistant([use('t', 'agent')]), inner]).events.at(-1)).toMatchObject({ id: 'i', parent: 't' });
  });

  test('a result that was cut off still answers its call', () => {
    const translator = translate(launch);
    const feed = (text: string) => [...translator.line({ line: 1, text, truncatedBytes: 9 })];
    expect([...translator.line({ line: 1, text: JSON.stringify(assistant([use('t')])) })]).toHaveLength(2);
    const cut = '{"type":"user","tool_use_id":"t","is_error":true,"content":"xxx';
    expect(feed(cut)).toMatchObject([{ type: 'tool-result', id: 't', status: 'error' }]);
    expect(feed(cut)).toEqual([{ type: 'native', name: 'cut' }]);
  });
});

describe('the session and the model', () => {
  test('are those of the beginning; a result alone tells none', () => {
    const { events, end } = play([init(), result()]);
    expect(events[0]).toMatchObject({
      type: 'session-ready',
      session: ref,
      model: 'qwen3-coder',
      cliVersion: '0.24.4',
    });
    expect(end).toMatchObject({ session: ref, model: 'qwen3-coder' });
    expect(play([{ ...failure('No auth type is selected.'), session_id: 'x' }], { code: 1 }).end).toMatchObject({
      session: undefined,
      outcome: { error: { code: 'not-signed-in' } },
    });
  });

  test('another model than that of the beginning is told at once', () => {
    const fallback = { type: 'system', subtype: 'model_fallback', data: { toModel: 'other' } };
    const told = (lines: readonly object[]) =>
      play(lines).events.flatMap((event) => (event.type === 'session-ready' ? event.model : []));
    expect(told([init(), fallback])).toEqual(['qwen3-coder', 'other']);
    expect(told([init('x'), assistant([say('y')])])).toEqual(['x', 'qwen3-coder']);
  });
});

describe('outcome', () => {
  const of = (lines: readonly object[], exit: Partial<Exit> = {}) => play([init(), ...lines], exit).end.outcome;

  test.each<[number, string, boolean]>([
    [400, 'internal', false],
    [401, 'not-signed-in', false],
    [402, 'quota-exhausted', false],
    [403, 'not-signed-in', false],
    [404, 'model-not-found', false],
    [413, 'context-too-long', false],
    [429, 'rate-limited', true],
    [500, 'internal', true],
    [503, 'overloaded', true],
    [529, 'overloaded', true],
  ])('HTTP %i is %s', (status, code, retryable) => {
    const said = `[API Error: ${status} no]\nPossible quota limitations in place or slow response times detected.`;
    expect(of([failure(said)], { code: 1 })).toMatchObject({
      error: { code, retryable, message: expect.stringMatching(/^no\./) },
    });
  });

  test.each<[string, object]>([
    ["[API Error: 400 This model's maximum context length is 131072 tokens]", { code: 'context-too-long' }],
    [
      'Context is too large to send safely after automatic compression. hard limit: 177000',
      { code: 'context-too-long' },
    ],
    ['[API Error: 429 You exceeded your current quota]', { code: 'quota-exhausted', retryable: false }],
    ['[API Error: 400 Arrearage: your account has an overdue bill]', { code: 'quota-exhausted' }],
    ['[API Error: 400 The model x does not exist]', { code: 'model-not-found' }],
    ['[API Error: Connection error. (cause: fetch failed)]', { code: 'network', retryable: true }],
    ['[API Error: Model stream ended without a finish reason.]', { code: 'internal', retryable: true }],
    ['something strange', { code: 'internal', retryable: false }],
  ])('%s', (said, error) => {
    expect(of([failure(said)], { code: 1 })).toMatchObject({ kind: 'failed', error });
  });

  test('an answer in text where a schema was asked for is an answer all the same', () => {
    const said = 'Model produced plain text instead of calling the structured_output tool as required by --json-schema';
    expect(of([assistant([say('{"a":1}')]), failure(said)], { code: 1 })).toEqual({
      kind: 'completed',
      text: '{"a":1}',
    });
    expect(of([result({ structured_result: { a: 1 } })])).toEqual({ kind: 'completed', text: 'done', json: { a: 1 } });
  });

  test('a filter of the provider is a refusal', () => {
    expect(of([failure('[API Error: 400 DataInspectionFailed: inappropriate content]')], { code: 1 })).toMatchObject({
      kind: 'refused',
    });
  });

  test('limits that it keeps end it without a result: by the exit code', () => {
    expect(of([assistant([say('so far')])], { code: 53 })).toEqual({ kind: 'limited', limit: 'turns', text: 'so far' });
    const stderrTail = 'Run aborted: wall-clock budget of 5s exceeded (--max-wall-time).';
    expect(of([], { code: 55, stderrTail })).toMatchObject({
      error: { message: expect.stringContaining('budget of 5s') },
    });
  });

  test('killed: crashed, unless it had said its last word', () => {
    expect(of([say('x')], { code: 130 })).toMatchObject({
      kind: 'failed',
      error: { code: 'crashed', retryable: true },
    });
    expect(of([result()], { code: undefined, signal: 'SIGKILL' })).toMatchObject({ kind: 'completed' });
    expect(of([result()], { code: 1 })).toMatchObject({ kind: 'failed' });
  });

  test.each<[string, number, string]>([
    ['No saved session found with ID x. Run `qwen --resume` without', 1, 'session-not-found'],
    ['No saved session found with title "x".', 1, 'session-not-found'],
    ['Error: Session Id x already exists (active or archived).', 1, 'bad-option'],
    ['Invalid --session-id: "nope". Must be a valid UUID', 1, 'bad-option'],
    ['No input provided via stdin.', 1, 'bad-option'],
    ['--json-schema is not valid JSON: Unexpected token', 52, 'bad-option'],
    [
      'Unknown arguments: no-such-flag\n      --json-schema   JSON Schema that the output must conform to',
      1,
      'protocol',
    ],
    ['Ripgrep not available: spawn rg\nwhy not\nRetrying provider attempt', 1, 'crashed'],
  ])('only on standard error: %s', (stderrTail, code, expected) => {
    expect(play([], { code, stderrTail }).end).toMatchObject({
      outcome: { error: { code: expected } },
      session: undefined,
    });
  });
});

test('lines it does not know are counted by name', () => {
  const lines = [{ type: 'brand_new' }, { type: 'system', subtype: 'brand_new' }, { nothing: 1 }];
  expect(play(lines).events).toEqual([
    { type: 'native', name: 'brand_new' },
    { type: 'native', name: 'system/brand_new' },
    { type: 'native', name: 'no-type' },
  ]);
});
