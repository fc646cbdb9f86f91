import { asArray, asFigure, ask, asObject, asString, crashed, failure, readObject } from '@pawl/provider-kit';
import { describe, expect, test } from 'vitest';
import { caught } from '../src/failure.ts';
import { HandClock, HandHost, settle } from './toy.ts';

const exit = { code: undefined, signal: undefined, stderrTail: '' };

describe('reading what a CLI printed', () => {
  test.each(['', 'x', '[]', '7', 'null', '"{}"', '{"a":', '{}x', '\ufffd'])('no object: %j', (text) => {
    expect(readObject({ line: 1, text })).toBeUndefined();
  });

  test('an object, with blanks around it', () => {
    expect(readObject({ line: 1, text: '  {"a":1}\r' })).toEqual({ a: 1 });
  });

  test('never one that was cut', () => {
    expect(readObject({ line: 1, text: '{"a":1}', truncatedBytes: 1 })).toBeUndefined();
  });

  test('one kind of value, or none', () => {
    expect([asObject([]), asObject(null), asObject({ a: 1 })]).toEqual([undefined, undefined, { a: 1 }]);
    expect([asArray(undefined), asArray({}), asArray([1])]).toEqual([[], [], [1]]);
    expect([asString(1), asString('a')]).toEqual([undefined, 'a']);
    expect([asFigure('1'), asFigure(-1), asFigure(Number.NaN), asFigure(0)]).toEqual([
      undefined,
      undefined,
      undefined,
      0,
    ]);
  });
});

describe('failures', () => {
  test('carry how it ended', () => {
    const error = failure('internal', 'x', { exit: { ...exit, code: 3, stderrTail: 'why' }, retryAfterMs: 5 });
    expect(error).toEqual({
      code: 'internal',
      message: 'x',
      retryable: false,
      retryAfterMs: 5,
      exitCode: 3,
      stderrTail: 'why',
    });
  });

  test('of a crash say the signal or the code, and the last word', () => {
    expect(crashed('Toy', { ...exit, signal: 'SIGKILL' }).message).toContain('SIGKILL');
    const message = crashed('Toy', { ...exit, code: 9, stderrTail: 'first\nlast\n' }).message;
    expect(message).toMatch(/code 9 .*: last\.$/);
  });

  test('that are no errors of ours become internal ones', () => {
    expect(caught('odd', 'It failed')).toMatchObject({ code: 'internal', message: 'It failed: odd' });
  });
});

describe('asking a program', () => {
  const command = { file: 'toy', args: ['--version'], cwd: '/' };

  test('gives what it printed and how it ended', async () => {
    const host = new HandHost();
    const answer = ask(host, command);
    host.child.say('1.2.3', 'more');
    host.child.end({ code: 0 });
    expect(await answer).toMatchObject({ text: '1.2.3\nmore\n', exit: { code: 0 } });
  });

  test('a program that is silent is stopped', async () => {
    const host = new HandHost();
    const clock = new HandClock();
    const answer = ask(host, command, { ms: 100, clock });
    host.child.onStop = undefined;
    await clock.pass(100);
    await settle();
    const { exit: end } = await answer;
    expect([end.code, end.error]).toEqual([undefined, undefined]);
    expect(host.child.stops).toBe(1);
  });

  test('a flood is cut', async () => {
    const host = new HandHost();
    const answer = ask(host, command);
    host.child.say(...Array.from({ length: 50 }, () => 'x'.repeat(10_000)));
    host.child.end({ code: 0 });
    expect((await answer).text.length).toBe(65_536);
  });
});
