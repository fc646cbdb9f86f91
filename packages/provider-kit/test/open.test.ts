import { ProviderError } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { HandHost, request, toy } from './toy.ts';

const ref = { provider: 'toy', id: 's1', cwd: '/work' };

async function refusal(over: object): Promise<ProviderError> {
  const host = new HandHost();
  const error: unknown = await toy()
    .open({ ...request, ...over }, host)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(host.children).toEqual([]);
  if (!ProviderError.is(error)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

describe('refused before anything is started', () => {
  test.each([
    ['an unknown option', { options: { wrong: 1 } }, 'bad-option', /wrong: unknown key wrong/],
    [
      'a verb that is not listed',
      { start: { kind: 'continue' } },
      'unsupported',
      /cannot continue.*It can: resume, fork/,
    ],
    ['fork at a message', { start: { kind: 'fork', ref, at: 'm' } }, 'unsupported', /at a message/],
    ['access that is not listed', { access: 'full' }, 'unsupported', /access full.*It can: read-only, edit/],
    [
      'a session of another agent',
      { start: { kind: 'resume', ref: { ...ref, provider: 'x' } } },
      'session-not-found',
      /belongs to x/,
    ],
    [
      'a fork of another agent',
      { start: { kind: 'fork', ref: { ...ref, provider: 'x' } } },
      'session-not-found',
      /belongs to x/,
    ],
  ])('%s', async (_, over, code, message) => {
    const error = await refusal(over);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  test('what the command line cannot say', async () => {
    const refuse = () => {
      throw new ProviderError({ code: 'bad-option', message: 'no such id', retryable: false });
    };
    await expect(toy({ command: refuse }).open(request, new HandHost())).rejects.toMatchObject({ code: 'bad-option' });
  });
});

test('the reference is known at once where the caller chose it, and only there', async () => {
  const open = async (start: Parameters<ReturnType<typeof toy>['open']>[0]['start']) =>
    (await toy().open({ ...request, start }, new HandHost())).ref;
  expect(await open({ kind: 'new' })).toBeUndefined();
  expect(await open({ kind: 'ephemeral' })).toBeUndefined();
  expect(await open({ kind: 'fork', ref })).toBeUndefined();
  expect(await open({ kind: 'new', id: 's9' })).toEqual({ ...ref, id: 's9' });
  expect(await open({ kind: 'resume', ref })).toEqual(ref);
});

test('optional functions are there exactly when they are given', () => {
  expect('listSessions' in toy()).toBe(false);
  expect('listSessions' in toy({ listSessions: async () => [] })).toBe(true);
});
