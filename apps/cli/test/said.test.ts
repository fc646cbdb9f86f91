import type { SessionMessage } from '@pawl/session-store';
import { describe, expect, test } from 'vitest';
import { numbersOf, type Said, saidOf, standing } from '../src/moving/said.ts';

const text = (id: string): Said => ({ id, key: id, changes: false });
const begins = (call: string, changes: boolean, id = `${call} begins`): Said => ({
  id,
  key: id,
  changes,
  begins: call,
});
const ends = (call: string, id = `${call} ends`): Said => ({ id, key: id, changes: false, ends: call });

describe('behind which messages the files are known', () => {
  test('all of a turn that changed nothing, but while a call is under way', () => {
    const said = [text('ask'), begins('read', false), ends('read'), text('answer')];
    expect(standing(said, new Set([3]))).toEqual([3, undefined, 3, 3]);
  });

  test('of a turn that changed files what comes behind the last change', () => {
    const said = [text('ask'), begins('write', true), ends('write'), text('answer'), text('ask'), text('answer')];
    expect(standing(said, new Set([3, 5]))).toEqual([undefined, undefined, 3, 3, 5, 5]);
  });

  test('not before all of the calls that run side by side have ended', () => {
    const said = [begins('one', true), begins('two', true), ends('one'), ends('two'), text('answer')];
    expect(standing(said, new Set([4]))).toEqual([undefined, undefined, undefined, 4, 4]);
  });

  test('only behind the last message of one id, and not where there is none', () => {
    const said = [text('a'), text('a'), { key: 'no id', changes: false }, text('b')];
    expect(standing(said, new Set([3]))).toEqual([undefined, 3, undefined, 3]);
  });

  test('not behind the last moment that is known', () => {
    expect(standing([text('a'), text('b')], new Set([0]))).toEqual([0, undefined]);
    expect(standing([text('a')], new Set())).toEqual([undefined]);
  });
});

test('tools that only look change nothing', () => {
  const call = (kind: 'read' | 'execute') =>
    saidOf({ role: 'assistant', type: 'tool-call', call: 'c', kind, name: 'x', input: null });
  expect([call('read').changes, call('execute').changes]).toEqual([false, true]);
});

test('the same text said twice has two numbers, and what is kept here alone takes none', async () => {
  const user = (words: string) => saidOf({ role: 'user', type: 'text', text: words });
  async function* kept(): AsyncGenerator<SessionMessage> {
    yield { seq: 4, at: 1, role: 'user', type: 'text', text: 'go on' };
    yield { seq: 5, at: 1, role: 'user', type: 'text', text: 'here alone' };
    yield { seq: 6, at: 1, role: 'user', type: 'text', text: 'go on ' };
  }
  const said = [user('go on'), user('there alone'), user('go on'), user('go on')];
  expect([...(await numbersOf(said, kept()))]).toEqual([
    [0, 4],
    [2, 6],
  ]);
});
