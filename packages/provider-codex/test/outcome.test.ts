import type { Exit } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { translate } from '../src/translate.ts';
import { completed, failed, launch, ok, play, rollout, says, started } from './play.ts';

describe('retries', () => {
  const error = (message: string) => ({ type: 'error', message });

  test('of Codex are notices and no failure', () => {
    const { ofType, end } = play([started, error('Reconnecting... 2/5 (boom (500))'), says('ok'), completed()]);
    expect(ofType('retry-notice')).toEqual([{ type: 'retry-notice', attempt: 2, reason: 'boom (500)' }]);
    expect(end.outcome).toEqual({ kind: 'completed', text: 'ok' });
  });

  test('for a network are counted; ended in one, it is the network that failed', () => {
    const waiting = error('Reconnecting... waiting for network (Connection failed)');
    const { ofType, end } = play([started, waiting, waiting], {}, { code: undefined, signal: 'SIGTERM' });
    expect(ofType('retry-notice').map(({ attempt, reason }) => [attempt, reason])).toEqual([
      [1, 'Connection failed'],
      [2, 'Connection failed'],
    ]);
    expect(end.outcome).toMatchObject({ error: { code: 'network', retryable: true } });
    const later = play([started, waiting, says('on')], {}, { signal: 'SIGTERM' }).end.outcome;
    expect(later).toMatchObject({ error: { code: 'crashed' } });
  });
});

describe('outcome', () => {
  const outcomeOf = (message: string, info?: unknown, exit: Partial<Exit> = { code: 1 }) => {
    const told = rollout(1, 'event_msg', {
      ...{ type: 'task_complete', completed_at: 1_795_173_818 },
      error: { message, codex_error_info: info },
    });
    return play([started, ...(info === undefined ? [] : [told]), failed(message)], {}, exit).end.outcome;
  };

  test.each<[string, unknown, object]>([
    ['odd words', 'unauthorized', { code: 'not-signed-in', retryable: false }],
    ['odd words', { http_connection_failed: { http_status_code: 403 } }, { code: 'not-signed-in' }],
    [
      'odd words',
      { response_too_many_failed_attempts: { http_status_code: 429 } },
      { code: 'rate-limited', retryable: true },
    ],
    ['odd words', { http_connection_failed: { http_status_code: 504 } }, { code: 'internal', retryable: true }],
    ['odd words', { http_connection_failed: { http_status_code: 418 } }, { code: 'internal', retryable: false }],
    ['odd words', 'server_overloaded', { code: 'overloaded', retryable: true }],
    ['odd words', 'constructor', { code: 'internal', retryable: false }],
    ['unexpected status 401 Unauthorized: x', undefined, { code: 'not-signed-in' }],
    ['exceeded retry limit, last status: 429 Too Many Requests', undefined, { code: 'rate-limited', retryable: true }],
    ['The model `x` does not exist', undefined, { code: 'model-not-found' }],
    ["The 'x' model is not supported when using Codex with a ChatGPT account.", 'other', { code: 'model-not-found' }],
    ['Selected model is at capacity.', undefined, { code: 'overloaded' }],
    ['stream disconnected before completion: internal', 'other', { code: 'internal', retryable: true }],
    ['stream disconnected before completion: Transport error: x', 'other', { code: 'network', retryable: true }],
    ['{"error":{"message":"bad","code":"x"}}', 'other', { code: 'internal', message: 'bad (x).' }],
    ['null', 'other', { code: 'internal', message: 'null.' }],
    ['', undefined, { code: 'internal', message: 'Codex failed without saying why.' }],
  ])('%s, %j', (message, info, error) => {
    expect(outcomeOf(message, info)).toMatchObject({ kind: 'failed', error });
  });

  test('a limit of the plan is retryable when it says until when', () => {
    const at = '(…) or try again in 2 hours.';
    expect(outcomeOf(at, 'usage_limit_exceeded')).toMatchObject({
      error: { retryable: true, retryAfterMs: 7_200_000 },
    });
    const { error } = outcomeOf('try again later.', 'usage_limit_exceeded') as { error: object };
    expect(error).toMatchObject({ code: 'quota-exhausted', retryable: false });
    expect(error).not.toHaveProperty('retryAfterMs');
  });

  test.each(['cyber_policy', 'invalid_prompt'])('%s is a refusal', (info) => {
    expect(outcomeOf('not this', info)).toEqual({ kind: 'refused', reason: 'not this' });
  });

  test('structured output is what the last message holds; Codex does not look whether it does', () => {
    const outputSchema = { type: 'object', properties: { a: { type: 'string' } } };
    const answered = (text: string) => play([started, says(text), completed()], { outputSchema }).end.outcome;
    expect(answered('{"a":null}')).toEqual({ kind: 'completed', text: '{"a":null}', json: {} });
    expect(answered('sorry')).toEqual({ kind: 'completed', text: 'sorry' });
    expect(play([started, says('{}'), completed()]).end.outcome).not.toHaveProperty('json');
  });

  test('a last message that was cut off is no answer', () => {
    const translator = translate(launch);
    for (const line of [started, says('first')]) [...translator.line({ line: 1, text: JSON.stringify(line) })];
    const text = JSON.stringify(says('x'.repeat(200))).slice(0, 100);
    [...translator.line({ line: 3, text, truncatedBytes: 100 })];
    [...translator.line({ line: 4, text: JSON.stringify(completed()) })];
    expect(translator.end(ok).outcome).toMatchObject({ error: { code: 'protocol' } });
  });

  test('ended from outside after its last word: the word counts; before it: it crashed, and says why in its own words', () => {
    for (const exit of [{ code: 143 }, { code: undefined, signal: 'SIGKILL' }]) {
      expect(play([started, says('x'), completed()], {}, exit).end.outcome.kind).toBe('completed');
    }
    expect(play([started, completed()], {}, { code: 1 }).end.outcome.kind).toBe('failed');
    const stderrTail = 'Reading additional input from stdin...\n';
    const { outcome } = play([started], {}, { code: 1, stderrTail }).end;
    expect(outcome).toMatchObject({
      error: { code: 'crashed', message: 'Codex ended with code 1 before it gave a result.' },
    });
  });
});
