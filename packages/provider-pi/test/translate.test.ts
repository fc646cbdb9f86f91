import type { AgentEvent, Exit } from '@pawl/provider';
import type { BodyEvent, Launch } from '@pawl/provider-kit';
import { type Recording, readRecordings, replay } from '@pawl/provider-kit/testing';
import pi, { type PiOptions } from '@pawl/provider-pi';
import { describe, expect, test } from 'vitest';
import { translate } from '../src/translate.ts';

const recordings = new Map(
  readRecordings(new URL('../recordings/', import.meta.url)).map((recording) => [recording.name, recording]),
);
const recording = (name: string): Recording => {
  const found = recordings.get(name);
  if (!found) throw new Error(`no recording ${name}`);
  return found;
};
const play = (name: string) => replay(pi, recording(name));
const endOf = (events: readonly AgentEvent[]) => {
  const end = events.at(-1);
  if (end?.type !== 'turn-end') throw new Error('no end');
  return end;
};
const played = async (name: string) => endOf(await play(name));
const ofType = <T extends AgentEvent['type']>(events: readonly AgentEvent[], type: T) =>
  events.filter((event): event is Extract<AgentEvent, { type: T }> => event.type === type);

const launch: Launch<PiOptions> = {
  cwd: '/work',
  options: { binary: 'pi', args: [] },
  access: 'edit',
  start: { kind: 'new' },
  prompt: 'x',
  limits: {},
  env: {},
  freshId: 'unused',
};
const zero: Exit = { code: 0, signal: undefined, stderrTail: '' };

function run(lines: readonly (object | string)[], exit: Exit = zero) {
  const translator = translate(launch);
  const events: BodyEvent[] = [];
  for (const [index, line] of lines.entries()) {
    const text = typeof line === 'string' ? line : JSON.stringify(line);
    events.push(...translator.line({ line: index + 1, text }));
  }
  return { events, ...translator.end(exit) };
}
const header = { type: 'session', id: 'one', cwd: '/work' };
const answer = (over: object) => ({
  type: 'message_end',
  message: { role: 'assistant', provider: 'p', model: 'm', content: [{ type: 'text', text: 'said' }], ...over },
});
const settled = { type: 'agent_settled', aborted: false };
const started = { type: 'agent_start' };

describe('traps', () => {
  test.each([
    ['401', 'error-401', 'not-signed-in'],
    ['404', 'error-404', 'model-not-found'],
    ['429', 'error-429', 'rate-limited'],
    ['500', 'error-500', 'internal'],
    ['a dropped connection', 'own-no-answer', 'network'],
    ['a context that is too long', 'error-too-long', 'context-too-long'],
  ])('exit code 0 with an error: %s', async (_, name, code) => {
    expect(recording(name).exit).toEqual({ code: 0 });
    expect((await played(name)).outcome).toMatchObject({ kind: 'failed', error: { code } });
  });

  test('exit code 0 for an answer that was cut off at its length', async () => {
    expect(recording('new-length').exit).toEqual({ code: 0 });
    expect((await played('new-length')).outcome).toMatchObject({ kind: 'limited', limit: 'output-tokens' });
  });

  test('a session of another folder: exit code 0, nothing on stdout, a question on stderr', async () => {
    expect(recording('resume-other-cwd')).toMatchObject({ stdout: '', exit: { code: 0 } });
    expect((await played('resume-other-cwd')).outcome).toMatchObject({
      error: { code: 'session-not-found', message: expect.stringContaining('fork it into this one') },
    });
  });

  test('a session by a path that does not exist is created: another session than the one asked for', async () => {
    const { outcome, session } = await played('err-unknown-session-path');
    expect(outcome).toMatchObject({ error: { code: 'wrong-session' } });
    expect(session).toBeUndefined();
  });

  test('the beginning of an id is enough for Pi, not for us', async () => {
    expect((await played('resume-partial-id')).outcome).toMatchObject({ error: { code: 'wrong-session' } });
  });

  test('a model that nobody knows works all the same; the one that answers is the one asked for', async () => {
    const { outcome, model } = await played('err-unknown-model');
    expect(outcome.kind).toBe('completed');
    expect(model).toBe('fake/no-such-model');
  });

  test('a piece of a name is taken for the name: another model than the one asked for', async () => {
    const { outcome } = await played('model-piece');
    expect(outcome).toMatchObject({
      error: { code: 'wrong-model', message: expect.stringContaining('fake/fake-tex ') },
    });
  });

  test('no prompt: exit code 0 and nothing but a header', async () => {
    for (const name of ['err-no-message', 'empty-prompt']) {
      expect((await played(name)).outcome).toMatchObject({ error: { code: 'bad-option' } });
    }
  });

  test('usage counts per answer and leaves out the cache: the turn is their sum, cache included', async () => {
    const { usage } = await played('new-write');
    expect(usage).toMatchObject({ inputTokens: 1_020 + 1_040, cachedInputTokens: 400, outputTokens: 40, turns: 2 });
    expect(usage.costUsd).toBeCloseTo(0.00104 + 0.00106, 8);
  });

  test('a fork and a resumed session count from zero', async () => {
    for (const name of ['own-resume', 'own-fork', 'own-fork-at', 'own-continue']) {
      expect((await played(name)).usage).toMatchObject({ turns: 1, inputTokens: 1_200, outputTokens: 34 });
    }
  });

  test('tries that broke have no figures and are no turns', async () => {
    const events = await play('err-flaky');
    expect(ofType(events, 'retry-notice').length).toBeGreaterThan(0);
    expect(endOf(events).usage).toMatchObject({ turns: 1, inputTokens: 1_020 });
  });

  test('a price that Pi does not know is 0: not a cost', async () => {
    const { usage } = await played('own-no-price');
    expect(usage.inputTokens).toBe(1_200);
    expect(usage).not.toHaveProperty('costUsd');
  });

  test('a model provider that counts nothing: no figures, which is not zero', async () => {
    expect((await played('own-no-usage')).usage).toEqual({ turns: 1 });
  });

  test('killed by a signal: no final line, crashed, and the session can be gone on with', async () => {
    for (const name of ['sigterm-stream', 'sigint-tool', 'stopped-in-tool', 'stopped-in-retry']) {
      const { outcome, session } = await played(name);
      expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'crashed', retryable: true } });
      expect(session?.id).toBeTruthy();
    }
    expect((await played('resume-after-sigterm')).outcome.kind).toBe('completed');
    expect((await played('resume-after-sigint')).outcome.kind).toBe('completed');
  });

  test('the line that repeats every message may be too long for a line, without harm', () => {
    const translator = translate(launch);
    const lines = [header, started, answer({ stopReason: 'stop' })].map((line) => JSON.stringify(line));
    for (const [index, text] of lines.entries()) expect([...translator.line({ line: index, text })]).toBeDefined();
    const cut = { line: 9, text: '{"type":"agent_end","messages":[{"role":"user"', truncatedBytes: 9e6 };
    expect([...translator.line(cut)]).toEqual([]);
    expect([...translator.line({ line: 10, text: JSON.stringify(settled) })]).toEqual([]);
    expect(translator.end(zero).outcome).toEqual({ kind: 'completed', text: 'said' });
  });

  test('two prompts in one process settle twice: the last one counts', () => {
    const twice = [header, started, answer({ stopReason: 'stop' }), settled, started, answer({ stopReason: 'error' })];
    expect(run(twice).outcome).toMatchObject({ kind: 'failed', error: { code: 'crashed' } });
    expect(run([...twice, settled]).outcome).toMatchObject({ kind: 'failed', error: { code: 'internal' } });
  });

  test('a line with a line separator of Unicode in it is one line', () => {
    const text = 'one\u2028two\u2029three';
    const content = [{ type: 'text', text }];
    expect(run([header, started, answer({ content, stopReason: 'stop' }), settled]).outcome).toEqual({
      kind: 'completed',
      text,
    });
  });
});

describe('what it says on the way', () => {
  test('its own retries, with what it waits for', async () => {
    expect(ofType(await play('err-429'), 'retry-notice').map(({ attempt, delayMs }) => [attempt, delayMs])).toEqual([
      [1, 2_000],
      [2, 4_000],
      [3, 8_000],
    ]);
    expect((await played('err-429')).outcome).toMatchObject({ error: { retryAfterMs: 8_000 } });
  });

  test('compaction, near the limit and past it; the summary costs, but is no turn', async () => {
    const near = await play('own-compaction');
    expect(ofType(near, 'compaction')).toMatchObject([{ trigger: 'auto', tokensBefore: expect.any(Number) }]);
    expect(endOf(near).usage).toMatchObject({ turns: 2, outputTokens: 500 + 68 + 34 });
    expect(ofType(await play('own-overflow'), 'compaction')).toHaveLength(1);
    const byHand = run([header, { type: 'compaction_end', reason: 'manual', result: { tokensBefore: 7 } }]);
    expect(byHand.events.at(-1)).toEqual({ type: 'compaction', trigger: 'manual', tokensBefore: 7 });
    const failed = run([header, { type: 'compaction_end', reason: 'threshold', errorMessage: 'no' }]);
    expect(ofType(failed.events as AgentEvent[], 'compaction')).toEqual([]);
  });

  test('a write outside of the folder is denied, one inside is not', async () => {
    const results = ofType(await play('access-edit'), 'tool-result').map(({ status }) => status);
    expect(results.sort()).toEqual(['denied', 'ok', 'ok']);
  });

  test('a tool that read-only does not have is an error, and nothing was written', async () => {
    const results = ofType(await play('access-read-only'), 'tool-result').map(({ status }) => status);
    expect(results).toEqual(['error', 'error', 'ok']);
  });

  test('reasoning and text in blocks of their own', async () => {
    const events = await play('own-tools');
    const joined = (type: 'text-delta' | 'reasoning-delta') => ofType(events, type).map(({ delta }) => delta);
    expect(joined('reasoning-delta').join('')).toBe('Let me think.');
    expect(joined('text-delta').join('')).toContain('I will write it.All done');
  });

  test('a message that came in no pieces is told whole; one that came is not told twice', () => {
    const pieces = [
      { type: 'message_start', message: { role: 'assistant', provider: 'p', model: 'm' } },
      { type: 'message_update', assistantMessageEvent: { type: 'text_start', contentIndex: 0 } },
      { type: 'message_update', assistantMessageEvent: { type: 'text_delta', contentIndex: 0, delta: 'said' } },
    ];
    const deltas = (lines: readonly object[]) =>
      run(lines).events.flatMap((event) => (event.type === 'text-delta' ? event.delta : []));
    expect(deltas([header, answer({ stopReason: 'stop' })])).toEqual(['said']);
    expect(deltas([header, ...pieces, answer({ stopReason: 'stop' })])).toEqual(['said']);
    const types = run([header, ...pieces, answer({ stopReason: 'stop' })]).events.map(({ type }) => type);
    expect(types.filter((type) => type === 'text-end')).toHaveLength(1);
  });

  test('a tool result whose line was cut still ends its call', () => {
    const translator = translate(launch);
    const call = { type: 'tool_execution_start', toolCallId: 'c1', toolName: 'bash', args: { command: 'yes' } };
    expect([...translator.line({ line: 1, text: JSON.stringify(call) })]).toMatchObject([{ type: 'tool-call' }]);
    const text = '{"type":"tool_execution_end","toolCallId":"c1","toolName":"bash","result":{"content":[{"text":"yyyy';
    const events = [...translator.line({ line: 2, text, truncatedBytes: 10_000_000 })];
    expect(events).toMatchObject([{ type: 'tool-result', id: 'c1', output: expect.stringContaining('too long') }]);
    expect([...translator.line({ line: 3, text, truncatedBytes: 1 })]).toEqual([{ type: 'native', name: 'cut' }]);
  });

  test('an answer whose line was cut is not taken for none', () => {
    const translator = translate(launch);
    const text = '{"type":"message_end","message":{"role":"assistant","content":[{"type":"text","text":"xxxx';
    for (const native of [
      { line: 1, text: JSON.stringify(header) },
      { line: 2, text, truncatedBytes: 10_000_000 },
      { line: 3, text: JSON.stringify(settled) },
    ]) {
      expect([...translator.line(native)].map(({ type }) => type)).not.toContain('native');
    }
    expect(translator.end(zero).outcome).toMatchObject({ error: { code: 'protocol' } });
  });

  test('unknown lines are counted by name', () => {
    expect(run([header, { type: 'brand_new' }, '{"half', { no: 'type' }]).events.slice(1)).toEqual([
      { type: 'native', name: 'brand_new' },
      { type: 'native', name: 'not-json' },
      { type: 'native', name: 'no-type' },
    ]);
  });
});

describe('how it ends', () => {
  const failing = (errorMessage: string) =>
    run([header, started, answer({ content: [], stopReason: 'error', errorMessage }), settled]).outcome;

  test.each([
    ['401: {"message":"Incorrect API key"}', 'not-signed-in', false],
    ['402: {"message":"Payment Required"}', 'quota-exhausted', false],
    ['429: {"code":"insufficient_quota","message":"You exceeded your current quota"}', 'quota-exhausted', false],
    ['429: {"message":"slow down"}', 'rate-limited', true],
    ['529: {"type":"overloaded_error","message":"Overloaded"}', 'overloaded', true],
    ['500: {"message":"oops"}', 'internal', true],
    ['400: {"message":"prompt is too long: 210000 tokens > 200000 maximum"}', 'context-too-long', false],
    ['400: {"message":"bad tool"}', 'internal', false],
    ['Connection error.: other side closed (UND_ERR_SOCKET)', 'network', true],
    ['terminated', 'network', true],
    ['No API key for provider: openai', 'not-signed-in', false],
    ['something new', 'internal', false],
    ['', 'internal', false],
  ])('%s', (said, code, retryable) => {
    expect(failing(said)).toMatchObject({ kind: 'failed', error: { code, retryable } });
  });

  test('says what the API said, not how it wrapped it', () => {
    expect(failing('500: {"message":"the disk is full","type":"x"}')).toMatchObject({
      error: { message: '500: the disk is full.' },
    });
  });

  test('a refusal of the model', async () => {
    expect((await played('refusal')).outcome).toMatchObject({ kind: 'refused' });
  });

  test('aborted, or stopped after a tool, is no answer', () => {
    const ending = (stopReason: string) => run([header, started, answer({ stopReason }), settled]).outcome;
    expect(ending('aborted')).toMatchObject({ error: { code: 'crashed', retryable: true } });
    expect(ending('toolUse')).toMatchObject({ error: { code: 'protocol' } });
  });

  test('an exit code after a good answer is a failure that it did not tell; a signal is not', () => {
    const lines = [header, started, answer({ stopReason: 'stop' }), settled];
    expect(run(lines, { ...zero, code: 7 }).outcome).toMatchObject({ error: { code: 'crashed', exitCode: 7 } });
    expect(run(lines, { ...zero, code: undefined, signal: 'SIGTERM' }).outcome.kind).toBe('completed');
    expect(run(lines, { ...zero, code: 143 }).outcome.kind).toBe('completed');
  });

  test.each([
    ["No session found matching 'x'", 'session-not-found'],
    ['Error: Model "x" not found. Use --list-models to see available models.', 'model-not-found'],
    ['No API key found for the selected model.', 'not-signed-in'],
    ['Error: Unknown option: --tools', 'protocol'],
    ['Error: Failed to load extension "/x/pawl-keep-inside.mjs": Cannot find module', 'unsupported'],
    ['Error: Failed to load extension "/x/mine.ts": boom', 'bad-option'],
    ["SyntaxError: 'node:module' does not provide an export named 'enableCompileCache'", 'not-installed'],
    ['Error: Session id must be non-empty, contain only …', 'bad-option'],
    ['Segmentation fault', 'crashed'],
  ])('before it begins: %s', (stderrTail, code) => {
    expect(run([], { code: 1, signal: undefined, stderrTail }).outcome).toMatchObject({ error: { code } });
  });
});
