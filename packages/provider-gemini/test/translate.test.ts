import type { Exit, SessionStart } from '@pawl/provider';
import type { GeminiOptions } from '@pawl/provider-gemini';
import type { BodyEvent, Launch } from '@pawl/provider-kit';
import { describe, expect, test } from 'vitest';
import { translate } from '../src/translate.ts';

const launch: Launch<GeminiOptions> = {
  cwd: '/work',
  options: { binary: 'gemini', args: [] },
  access: 'edit',
  start: { kind: 'new' },
  prompt: '',
  limits: {},
  env: {},
  freshId: 'unused',
};
const ok: Exit = { code: 0, signal: undefined, stderrTail: '' };

function play(lines: readonly object[], exit: Partial<Exit> = {}, start: SessionStart = { kind: 'new' }) {
  const translator = translate({ ...launch, start });
  const events: BodyEvent[] = lines.flatMap((line, index) => [
    ...translator.line({ line: index + 1, text: JSON.stringify(line) }),
  ]);
  return { events, end: translator.end({ ...ok, ...exit }), types: events.map(({ type }) => type) };
}

const init = (model = 'gemini-2.5-flash') => ({ type: 'init', session_id: 'a', model });
const say = (content: string) => ({ type: 'message', role: 'assistant', content, delta: true });
const use = (id: string, name = 'run_shell_command', parameters: object = { command: 'ls' }) => ({
  ...{ type: 'tool_use', tool_name: name, tool_id: id, parameters },
});
const back = (id: string, over: object = {}) => ({ type: 'tool_result', tool_id: id, status: 'success', ...over });
const stats = (over: object = {}) => ({
  ...{ total_tokens: 1_150, input_tokens: 1_000, output_tokens: 100, cached: 400, input: 600, duration_ms: 1 },
  models: {
    'gemini-3.5-flash-lite': { input_tokens: 50, output_tokens: 5 },
    'gemini-2.5-flash': { input_tokens: 950, output_tokens: 95 },
  },
  ...over,
});
const result = (over: object = {}) => ({ type: 'result', status: 'success', stats: stats(), ...over });
const failure = (message: string, over: object = {}) =>
  result({ status: 'error', error: { type: 'unknown', message: `[API Error: ${message}]` }, ...over });

describe('usage', () => {
  test('is of this process alone; cached tokens are a part of the input, thoughts of the output', () => {
    expect(play([init(), say('x'), result()]).end.usage).toEqual({
      ...{ inputTokens: 1_000, cachedInputTokens: 400, outputTokens: 150, reasoningTokens: 50, turns: 1 },
    });
  });

  test('live turns: an answer begins after a prompt or after results, parallel calls are one', () => {
    const { events, end } = play([
      ...[init(), say('I '), say('look'), use('1'), use('2'), back('1'), back('2')],
      ...[use('3'), back('3'), say('done'), result()],
    ]);
    const live = events.flatMap((event) => (event.type === 'usage-update' ? event.usage.turns : []));
    expect(live).toEqual([1, 2, 3, 3]);
    expect(end.usage.turns).toBe(3);
  });

  test('zeros of a run that failed early are no figures', () => {
    const zeros = stats({ total_tokens: 0, input_tokens: 0, output_tokens: 0, cached: 0 });
    expect(play([init(), failure('x', { stats: zeros })], { code: 145 }).end.usage).toEqual({});
  });
});

describe('the model that answered', () => {
  test('is the one with most of the output: a router and its like only help', () => {
    expect(play([init('auto'), say('x'), result()]).end.model).toBe('gemini-2.5-flash');
  });

  test('is not taken from the beginning, which repeats what was asked for', () => {
    expect(play([init('flash'), say('x')]).end).not.toHaveProperty('model');
    const models = { 'gemini-2.5-flash': { input_tokens: 0, output_tokens: 0 } };
    expect(play([init(), result({ stats: stats({ models }) })]).end).not.toHaveProperty('model');
  });
});

describe('the session', () => {
  test('a new one whose first request failed cannot be resumed, and is not told', () => {
    expect(play([init(), failure('x')], { code: 145 }).end.session).toBeUndefined();
    expect(play([init(), say('x'), failure('x')], { code: 145 }).end.session).toMatchObject({ id: 'a', cwd: '/work' });
  });

  test.each<SessionStart>([
    { kind: 'resume', ref: { provider: 'gemini', id: 'a', cwd: '/work' } },
    { kind: 'continue' },
    { kind: 'fork', ref: { provider: 'gemini', id: 'b', cwd: '/work' } },
  ])('one that had a history stays: $kind', (start) => {
    expect(play([init(), failure('x')], { code: 145 }, start).end.session).toMatchObject({ id: 'a' });
  });
});

describe('tools', () => {
  const status = (lines: readonly object[]) =>
    play(lines).events.flatMap((event) => (event.type === 'tool-result' ? event.status : []));
  const failed = (type: string, message = 'no') => ({ status: 'error', output: message, error: { type, message } });

  test.each<[string, readonly object[], string]>([
    ['ok', [use('t'), back('t')], 'ok'],
    ['a command that failed says so only in its text', [use('t'), back('t', { output: 'exit 3' })], 'ok'],
    ['an error', [use('t'), back('t', failed('edit_no_occurrence_found'))], 'error'],
    ['denied by a rule', [use('t'), back('t', failed('policy_violation'))], 'denied'],
    ['taken away, so not there', [use('t', 'write_file'), back('t', failed('tool_not_registered'))], 'denied'],
    ['a tool that never was', [use('t', 'no_such_tool'), back('t', failed('tool_not_registered'))], 'error'],
    ['of a name that objects have', [use('t', 'constructor'), back('t', failed('tool_not_registered'))], 'error'],
    [
      'somebody would have to be asked',
      [
        use('t'),
        back(
          't',
          failed(
            'unhandled_exception',
            'Tool execution for "Shell" requires user confirmation, which is not supported',
          ),
        ),
      ],
      'denied',
    ],
    [
      'blocked, told as a success',
      [use('t'), back('t', { output: 'Blocked: command substitution detected in shell command.' })],
      'denied',
    ],
  ])('%s', (_, lines, expected) => {
    expect(status(lines)).toEqual([expected]);
  });

  test.each([
    ['read_file', 'read'],
    ['replace', 'edit'],
    ['invoke_agent', 'delegate'],
    ['mcp_x_y', 'other'],
    ['constructor', 'other'],
  ])('%s is of kind %s', (name, kind) => {
    expect(play([use('t', name)]).events.find(({ type }) => type === 'tool-call')).toMatchObject({ kind, name });
  });

  test('a result that was cut off still answers its call; a prompt that was is nothing new', () => {
    const translator = translate(launch);
    const feed = (text: string) => [...translator.line({ line: 1, text, truncatedBytes: 9 })];
    expect(feed('{"type":"message","timestamp":"2026","role":"user","content":"xxx')).toEqual([]);
    expect([...translator.line({ line: 1, text: JSON.stringify(use('t')) })]).toHaveLength(2);
    const cut = '{"type":"tool_result","timestamp":"2026","tool_id":"t","status":"success","output":"xxx';
    expect(feed(cut)).toMatchObject([{ type: 'tool-result', id: 't', status: 'ok' }]);
    expect(feed(cut)).toEqual([{ type: 'native', name: 'cut' }]);
  });
});

describe('text', () => {
  test('in chunks is one block until a tool is called; the last one is the answer', () => {
    const { types, end } = play([
      init(),
      say('I '),
      say('look'),
      use('t'),
      back('t'),
      say('It is'),
      say(' so.'),
      result(),
    ]);
    expect(types.filter((type) => type.startsWith('text-'))).toEqual([
      ...['text-start', 'text-delta', 'text-delta', 'text-end', 'text-start', 'text-delta', 'text-delta', 'text-end'],
    ]);
    expect(end.outcome).toEqual({ kind: 'completed', text: 'It is so.' });
  });

  test('the echo of the prompt is not the agent’s', () => {
    expect(play([{ type: 'message', role: 'user', content: 'prompt' }]).events).toEqual([]);
  });
});

describe('outcome', () => {
  const of = (lines: readonly object[], exit: Partial<Exit> = {}) => play([init(), ...lines], exit).end.outcome;
  const complaint = (message: string, severity = 'error') => ({ type: 'error', severity, message });
  const body = (code: number, message = 'no') => JSON.stringify({ error: { code, message, status: 'X' } });

  test('exit 0 without a result is a CLI that was told to end', () => {
    expect(of([say('x')], { code: 0 })).toMatchObject({ kind: 'failed', error: { code: 'crashed', retryable: true } });
  });

  test('the end of its output can be lost in an orderly end: it does not wait for its reader', () => {
    const translator = translate(launch);
    const lines = [...translator.line({ line: 1, text: '{"type":"message","role":"user","content":"xx' })];
    expect(lines).toEqual([{ type: 'native', name: 'not-json' }]);
    expect(translator.end(ok).outcome).toMatchObject({
      error: { code: 'crashed', retryable: true, message: expect.stringContaining('lost') },
    });
  });

  test('exit 0 with a result that failed and no reason is an empty answer', () => {
    const lines = [complaint('The model returned an empty response'), result({ status: 'error' })];
    expect(of(lines)).toMatchObject({
      error: { code: 'internal', retryable: true, message: expect.stringContaining('empty') },
    });
    expect(of([result({ status: 'error' })])).toMatchObject({ kind: 'failed', error: { code: 'internal' } });
  });

  test('killed after its last word: the word counts', () => {
    expect(of([say('x'), result()], { code: undefined, signal: 'SIGKILL' })).toEqual({ kind: 'completed', text: 'x' });
    expect(of([say('x'), result()], { code: 1 })).toMatchObject({ kind: 'failed' });
  });

  test.each<[number, number, string, boolean]>([
    [400, 144, 'internal', false],
    [401, 145, 'not-signed-in', false],
    [403, 147, 'not-signed-in', false],
    [404, 1, 'model-not-found', false],
    [429, 173, 'rate-limited', true],
    [500, 244, 'internal', true],
    [503, 247, 'overloaded', true],
  ])('HTTP %i ends with %i and is %s', (status, code, expected, retryable) => {
    expect(of([failure(body(status))], { code })).toMatchObject({
      error: { code: expected, retryable, exitCode: code },
    });
    if (code === 1) return;
    // By the exit code alone: the status less 256.
    expect(of([failure('without a body')], { code })).toMatchObject({ error: { code: expected, retryable } });
  });

  test.each<[string, string, Partial<Exit>, object]>([
    ['a bad key told as 400', 'API_KEY_INVALID', { code: 144 }, { code: 'not-signed-in', retryable: false }],
    ['too long', 'The input token count (12) exceeds the maximum', { code: 144 }, { code: 'context-too-long' }],
    ['a wait', 'Slow down. Please retry in 3.5s.', { code: 173 }, { code: 'rate-limited', retryAfterMs: 3_500 }],
    ['a wait in ms', 'Please retry in 250ms', { code: 173 }, { code: 'rate-limited', retryAfterMs: 250 }],
    [
      'a day’s quota',
      'You have exhausted your daily quota',
      { code: 173 },
      { code: 'quota-exhausted', retryable: false },
    ],
    [
      'a quota by its name',
      'No more',
      { code: 173, stderrTail: 'TerminalQuotaError: No' },
      { code: 'quota-exhausted' },
    ],
    ['a name that is no model', 'nope', { code: 1, stderrTail: 'ModelNotFoundError: x' }, { code: 'model-not-found' }],
    [
      'no connection',
      'exception TypeError: fetch failed sending request',
      { code: 1 },
      { code: 'network', retryable: true },
    ],
    ['a connection that broke', 'terminated', { code: 1 }, { code: 'network', retryable: true }],
    ['anything else', 'strange', { code: 1 }, { code: 'internal', retryable: false }],
  ])('%s', (_, message, exit, error) => {
    expect(of([failure(message)], exit)).toMatchObject({ kind: 'failed', error });
  });

  test.each<[string, readonly object[], object]>([
    [
      'turns',
      [result({ status: 'error', error: { type: 'FatalTurnLimitedError', message: 'x' } })],
      { limit: 'turns' },
    ],
    [
      'the length of an answer',
      [complaint('Model response was truncated because it exceeded the token limit.'), result({ status: 'error' })],
      { limit: 'output-tokens' },
    ],
    [
      'safety',
      [complaint('The model response was blocked due to safety settings.'), result({ status: 'error' })],
      { kind: 'refused' },
    ],
    ['a hook', [complaint('Agent execution blocked: no', 'warning'), result()], { kind: 'refused' }],
    [
      'a loop, told as a success',
      [complaint('Loop detected, stopping execution', 'warning'), result()],
      { kind: 'failed' },
    ],
    ['turns, told as a success', [complaint('Maximum session turns exceeded'), result()], { limit: 'turns' }],
    [
      'an interrupt',
      [result({ status: 'error', error: { type: 'FatalCancellationError', message: 'Operation cancelled.' } })],
      { kind: 'failed', error: { code: 'crashed' } },
    ],
  ])('stopped by %s', (_, lines, expected) => {
    expect(of([say('so far'), ...lines])).toMatchObject(expected);
  });
});

describe('only on standard error', () => {
  test.each<[string, number, string]>([
    ['Error resuming session: Invalid session identifier "1".', 42, 'session-not-found'],
    ['Error importing session from file: File not found', 42, 'session-not-found'],
    ['Error starting session: Session ID "x" already exists. Use --resume', 42, 'bad-option'],
    ['No input provided via stdin.', 42, 'bad-option'],
    ['Unknown arguments: no-such-flag', 1, 'protocol'],
    [
      'Cannot start in YOLO mode since it is disabled.\nYOLO mode is disabled by the "disableYolo" setting.',
      52,
      'unsupported',
    ],
    ['Please set an Auth method in your settings', 41, 'not-signed-in'],
    ['sandbox failed', 44, 'unsupported'],
    ['Gemini CLI is not running in a trusted directory.', 55, 'unsupported'],
    ['something else', 1, 'crashed'],
  ])('%s', (stderrTail, code, expected) => {
    const { end } = play([], { code, stderrTail });
    expect(end).toMatchObject({ outcome: { error: { code: expected } }, session: undefined });
  });

  test('max turns by the exit code, when its line was lost', () => {
    expect(play([], { code: 53 }).end.outcome).toMatchObject({ kind: 'limited', limit: 'turns' });
  });

  test('what it says in every run is not the reason', () => {
    const stderrTail =
      'a real reason\nRipgrep is not available. Falling back to GrepTool.\n[STARTUP] Phase x\n    at f (x.js:1)\n';
    const { outcome } = play([], { code: 1, stderrTail }).end;
    expect(outcome).toMatchObject({ error: { message: expect.stringContaining('a real reason') } });
  });
});

test('lines it does not know are counted by name', () => {
  const unknown = [{ type: 'brand_new' }, { nothing: 1 }, { type: 'tool_use' }, { type: 'tool_result' }];
  expect(play(unknown).events.filter(({ type }) => type === 'native')).toEqual([
    { type: 'native', name: 'brand_new' },
    { type: 'native', name: 'no-type' },
    { type: 'native', name: 'tool_use without id' },
    { type: 'native', name: 'tool_result without id' },
  ]);
});
