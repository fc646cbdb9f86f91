import type { AgentEvent, Exit } from '@pawl/provider';
import type { BodyEvent, Launch } from '@pawl/provider-kit';
import { type Recording, readRecordings, replay } from '@pawl/provider-kit/testing';
import opencode, { type OpenCodeOptions } from '@pawl/provider-opencode';
import { describe, expect, test } from 'vitest';
import { plain } from '../src/said.ts';
import { translate } from '../src/translate.ts';

const recordings = new Map(
  readRecordings(new URL('../recordings/', import.meta.url)).map((recording) => [recording.name, recording]),
);
const recording = (name: string): Recording => {
  const found = recordings.get(name);
  if (!found) throw new Error(`no recording ${name}`);
  return found;
};
const play = (name: string) => replay(opencode, recording(name));
const endOf = (events: readonly AgentEvent[]) => {
  const end = events.at(-1);
  if (end?.type !== 'turn-end') throw new Error('no end');
  return end;
};
const played = async (name: string) => endOf(await play(name));
const ofType = <T extends AgentEvent['type']>(events: readonly AgentEvent[], type: T) =>
  events.filter((event): event is Extract<AgentEvent, { type: T }> => event.type === type);

const launch: Launch<OpenCodeOptions> = {
  cwd: '/work',
  options: { binary: 'opencode', args: [] },
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
    const text = typeof line === 'string' ? line : JSON.stringify({ sessionID: 'ses_1', ...line });
    events.push(...translator.line({ line: index + 1, text }));
  }
  return { events, ...translator.end(exit) };
}
const start = (messageID = 'msg_1') => ({ type: 'step_start', part: { messageID } });
const says = (text: string, more: object = {}) => ({ type: 'text', part: { id: `prt_${text}`, text, ...more } });
const finish = (reason: string, more: object = {}) => ({ type: 'step_finish', part: { reason, ...more } });
const error = (name: string, data: object = {}) => ({ type: 'error', error: { name, data } });

describe('traps', () => {
  test('there is no line for the beginning: any line tells the session, and only once', async () => {
    const { events } = run([error('APIError'), start(), finish('stop')]);
    const ready = events.filter((event) => event.type === 'session-ready');
    expect(ready).toEqual([
      {
        type: 'session-ready',
        session: { provider: 'opencode', id: 'ses_1', cwd: '/work', token: { folder: '/work' } },
      },
    ]);
  });

  test('usage leaves out the cache from the input and the thoughts from the output: both are counted', async () => {
    const { usage } = await played('new-multi');
    expect(usage).toMatchObject({ turns: 3, cachedInputTokens: 600 });
    expect(usage.inputTokens).toBeGreaterThan(3 * 1_000);
    const tokens = { input: 820, output: 15, reasoning: 5, cache: { read: 200, write: 7 } };
    expect(run([start(), finish('stop', { tokens, cost: 0.5 })]).usage).toEqual({
      ...{ inputTokens: 1_027, cachedInputTokens: 200, cacheWriteTokens: 7, outputTokens: 20, reasoningTokens: 5 },
      ...{ costUsd: 0.5, turns: 1 },
    });
  });

  test('a fork and a resumed session count from zero', async () => {
    for (const name of ['own-resume', 'own-continue', 'own-fork', 'own-fork-at', 'own-fork-elsewhere']) {
      expect((await played(name)).usage).toMatchObject({ turns: 1, inputTokens: 1_200, outputTokens: 34 });
    }
  });

  test('a price that OpenCode does not know is 0: not a cost', async () => {
    expect((await played('own-no-price')).usage).not.toHaveProperty('costUsd');
    expect((await played('own-no-usage')).usage).toEqual({ turns: 1 });
  });

  test('what a sub-agent costs is told nowhere: the cost is not known', async () => {
    const { usage } = await played('own-sub-agent');
    expect(usage).toMatchObject({ turns: 2, outputTokens: 68 });
    expect(usage).not.toHaveProperty('costUsd');
  });

  test('a resumed session of another folder: no line at all, until it is killed', async () => {
    expect(recording('resume-other-dir').stdout).toBe('');
    expect((await played('resume-other-dir')).outcome).toMatchObject({ error: { code: 'crashed' } });
  });

  test('an exit code of 0 without a word is no success', () => {
    expect(run([]).outcome).toMatchObject({ error: { code: 'protocol', retryable: false } });
  });

  test('output that was not taken in time is lost, with exit code 0', () => {
    const lines = [start(), '{"type":"text","sessionID":"ses_1","part":{"id":"prt_1","text":"half a'];
    expect(run(lines).outcome).toMatchObject({ error: { code: 'protocol', retryable: true } });
    expect(run([start(), finish('tool-calls'), start('msg_2')]).outcome).toMatchObject({ error: { retryable: true } });
  });

  test('exit code 0 for an answer that was cut off at its length', async () => {
    expect(recording('new-length').exit).toEqual({ code: 0 });
    expect((await played('new-length')).outcome).toMatchObject({ kind: 'limited', limit: 'output-tokens' });
  });

  test('exit code 0 when it stopped to ask for a permission', async () => {
    expect(recording('access-asked').exit).toEqual({ code: 0 });
    const events = await play('access-asked');
    expect(endOf(events).outcome).toMatchObject({
      error: { code: 'unsupported', message: expect.stringContaining('bash') },
    });
    expect(ofType(events, 'tool-result').map(({ status }) => status)).toEqual(['denied']);
  });

  test('exit code 1 for an error that it got over', async () => {
    expect(recording('own-overflow').exit).toEqual({ code: 1 });
    expect((await played('own-overflow')).outcome).toMatchObject({ kind: 'completed' });
    expect(run([start(), finish('stop')], { ...zero, code: 1 }).outcome).toMatchObject({ error: { code: 'crashed' } });
  });

  test('an unknown agent is replaced by the default one, with exit code 0', async () => {
    expect(recording('err-unknown-agent').exit).toEqual({ code: 0 });
    expect((await played('err-unknown-agent')).outcome).toMatchObject({ error: { code: 'unsupported' } });
  });

  test('an unknown model is an UnknownError, whose reason is in the log alone', async () => {
    for (const name of ['model-unknown', 'model-bare']) {
      expect(recording(name).stdout).not.toContain('Model not found');
      expect((await played(name)).outcome).toMatchObject({
        error: { code: 'model-not-found', message: expect.stringContaining('Model not found') },
      });
    }
    expect((await played('err-unknown-model')).outcome).toMatchObject({ error: { code: 'internal' } });
  });

  test('a tool that the model made up is told as invalid and completed: it is an error', async () => {
    const results = ofType(await play('new-badtool'), 'tool-result').map(({ status }) => status);
    expect(results).toEqual(['error']);
  });

  test('a stream that broke begins the same message anew, and loses what was not told', () => {
    const { events, outcome } = run([start(), start(), says('whole'), finish('stop')]);
    expect(events.filter((event) => event.type === 'retry-notice')).toMatchObject([{ attempt: 1 }]);
    expect(outcome).toEqual({ kind: 'completed', text: 'whole' });
    const plainSteps = run([start(), finish('tool-calls'), start('msg_2'), finish('stop')]);
    expect(plainSteps.events.filter((event) => event.type === 'retry-notice')).toEqual([]);
  });

  test('killed by a signal: no final line, crashed, and the session can be gone on with', async () => {
    for (const name of ['sigterm-stream', 'sigint-stream', 'sigterm-tool', 'sigterm-tool-group']) {
      const { outcome, session } = await played(name);
      expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'crashed', retryable: true } });
      expect(session?.id).toMatch(/^ses_/);
    }
    expect((await played('resume-after-sigterm')).outcome.kind).toBe('completed');
  });

  test('two that start at once in a new home set up its store at once: one fails, and may be tried again', () => {
    const stderrTail =
      '\u001b[91m\u001b[1mError: \u001b[0mUnexpected error\n\nFailed query: \n  CREATE TABLE `workspace` (';
    expect(run([], { code: 1, signal: undefined, stderrTail }).outcome).toMatchObject({
      error: { code: 'crashed', retryable: true, message: expect.stringContaining('store') },
    });
  });

  test('what it writes to a terminal has colours, which hide no reason', async () => {
    expect(recording('unknown-session').stderr).toContain('\u001b[');
    expect((await played('unknown-session')).outcome).toMatchObject({ error: { code: 'session-not-found' } });
    expect(plain('\u001b[91m\u001b[1mError: \u001b[0mno')).toBe('Error: no');
  });
});

describe('what it says on the way', () => {
  test('compaction, near the limit and past it; what it tells the model itself is not the agent speaking', async () => {
    for (const name of ['own-compaction', 'own-overflow']) {
      const events = await play(name);
      expect(ofType(events, 'compaction')).toMatchObject([{ trigger: 'auto' }]);
      expect(ofType(events, 'text-delta').map(({ delta }) => delta)).not.toContainEqual(
        expect.stringContaining('Continue if you have next steps'),
      );
    }
  });

  test('what leads out of the folder is denied, also in a command; the rest is not', async () => {
    const results = ofType(await play('access-edit'), 'tool-result').map(({ status }) => status);
    expect(results).toEqual(['denied', 'ok', 'denied', 'ok']);
  });

  test('read-only, in a folder whose configuration allows everything', async () => {
    const results = ofType(await play('access-read-only'), 'tool-result').map(({ status }) => status);
    expect(results).toEqual(['error', 'error', 'ok', 'error']);
  });

  test('reasoning and text, each whole', async () => {
    const events = await play('own-tools');
    expect(ofType(events, 'reasoning-delta').map(({ delta }) => delta)).toEqual(['Let me think.']);
    expect(ofType(events, 'text-delta').map(({ delta }) => delta)[0]).toBe('I will write it.');
  });

  test('tools with their kinds, titles and results', async () => {
    const events = await play('own-parallel-tools');
    // In the order in which they end.
    expect(
      ofType(events, 'tool-call')
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['edit', 'execute', 'execute']);
    expect(ofType(events, 'tool-result')).toHaveLength(3);
  });

  test('a tool whose line was cut still has its call and its result', () => {
    const translator = translate(launch);
    const text =
      '{"type":"tool_use","sessionID":"ses_1","part":{"tool":"bash","callID":"c1","state":{"status":"completed';
    expect([...translator.line({ line: 1, text, truncatedBytes: 10_000_000 })]).toMatchObject([
      { type: 'tool-call', id: 'c1', kind: 'execute' },
      { type: 'tool-result', id: 'c1', status: 'ok', output: expect.stringContaining('too long') },
    ]);
  });

  test('a text whose line was cut is not taken for none', () => {
    const translator = translate(launch);
    const begin = JSON.stringify({ ...start(), sessionID: 'ses_1' });
    const finished = JSON.stringify({ ...finish('stop'), sessionID: 'ses_1' });
    const text = '{"type":"text","sessionID":"ses_1","part":{"id":"p","text":"yyyy';
    for (const native of [
      { line: 1, text: begin },
      { line: 2, text, truncatedBytes: 10_000_000 },
      { line: 3, text: finished },
    ]) {
      expect([...translator.line(native)].map(({ type }) => type)).not.toContain('native');
    }
    expect(translator.end(zero).outcome).toMatchObject({ error: { code: 'protocol' } });
  });

  test('unknown lines are counted by name', () => {
    expect(run([{ type: 'brand_new' }, '{"half', { no: 'type' }]).events.slice(1)).toEqual([
      { type: 'native', name: 'brand_new' },
      { type: 'native', name: 'not-json' },
      { type: 'native', name: 'no-type' },
    ]);
  });

  test('the message to fork at is the last one that began', () => {
    expect(run([start('msg_1'), finish('tool-calls'), start('msg_2'), finish('stop')]).messageId).toBe('msg_2');
  });
});

describe('how it ends', () => {
  const failing = (name: string, data: object = {}, stderrTail = '') =>
    run([error(name, data)], { code: 1, signal: undefined, stderrTail }).outcome;

  test.each([
    [{ statusCode: 401, message: 'no' }, 'not-signed-in', false],
    [{ statusCode: 402, message: 'no' }, 'quota-exhausted', false],
    [{ statusCode: 404, message: 'no' }, 'model-not-found', false],
    [{ statusCode: 429, message: 'slow down' }, 'rate-limited', true],
    [{ statusCode: 429, message: 'x', responseBody: '{"code":"insufficient_quota"}' }, 'quota-exhausted', false],
    [{ statusCode: 529, message: 'x' }, 'overloaded', true],
    [{ statusCode: 500, message: 'x' }, 'internal', true],
    [{ statusCode: 400, message: 'x' }, 'internal', false],
    [{ message: 'read ECONNRESET' }, 'network', true],
  ])('APIError %j', (data, code, retryable) => {
    expect(failing('APIError', data)).toMatchObject({ kind: 'failed', error: { code, retryable } });
  });

  test.each([
    ['ContextOverflowError', 'context-too-long'],
    ['ProviderAuthError', 'not-signed-in'],
    ['UnknownError', 'internal'],
    ['SomethingNew', 'internal'],
  ])('%s', (name, code) => {
    expect(failing(name, { message: 'x' })).toMatchObject({ error: { code, retryable: false } });
  });

  test('how long to wait is what the server said', () => {
    const wait = (responseHeaders: object) => failing('APIError', { statusCode: 429, message: 'x', responseHeaders });
    expect(wait({ 'retry-after': '3' })).toMatchObject({ error: { retryAfterMs: 3_000 } });
    expect(wait({ 'retry-after-ms': '250', 'retry-after': '9' })).toMatchObject({ error: { retryAfterMs: 250 } });
    expect(wait({ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' })).not.toHaveProperty('error.retryAfterMs');
  });

  test('a refusal, an abort from outside, a length told as an error', async () => {
    expect((await played('refusal')).outcome).toMatchObject({ kind: 'refused' });
    expect(failing('MessageAbortedError')).toMatchObject({ error: { code: 'crashed', retryable: true } });
    expect(failing('MessageOutputLengthError')).toMatchObject({ kind: 'limited' });
  });

  test('a reason that is no end', () => {
    expect(run([start(), finish('tool-calls')]).outcome).toMatchObject({ error: { code: 'protocol' } });
  });

  test('a signal after the last word: the word counts', () => {
    const exit = { ...zero, code: undefined, signal: 'SIGTERM' };
    expect(run([start(), says('said'), finish('stop')], exit).outcome).toEqual({ kind: 'completed', text: 'said' });
  });

  test.each([
    ['\u001b[91mError: \u001b[0mSession not found', 'session-not-found'],
    ['You must provide a message or a command', 'bad-option'],
    ['opencode run [message..]\n\nrun opencode with a message\n\nOptions:', 'protocol'],
    ['Segmentation fault', 'crashed'],
  ])('before it begins: %j', (stderrTail, code) => {
    expect(run([], { code: 1, signal: undefined, stderrTail }).outcome).toMatchObject({ error: { code } });
  });
});
