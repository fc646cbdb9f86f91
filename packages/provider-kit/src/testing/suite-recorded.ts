import type { AgentEvent, TurnEnd, TurnOutcome } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { complaints } from './complaints.ts';
import { type Recording, readRecordings, writeExpected } from './recordings.ts';
import { type ReplayOptions, replay } from './replay.ts';
import type { ExpectedEnd, ProviderTests } from './setup.ts';

const killed = { signal: 'SIGKILL' };

export function testRecorded({ provider, recordings: folder, options = {}, cases = {} }: ProviderTests): void {
  const recordings = readRecordings(folder);
  const play = (recording: Recording, more: ReplayOptions = {}) => replay(provider, recording, { options, ...more });

  test('there are recordings, and one for each case', () => {
    const names = recordings.map(({ name }) => name);
    expect(names).not.toEqual([]);
    expect(names).toEqual(expect.arrayContaining(Object.keys(cases)));
  });

  describe.each(recordings.map((recording) => ({ name: recording.name, recording })))(
    '$name',
    ({ name, recording }) => {
      test('gives the expected events, well formed', async () => {
        const events = await play(recording);
        expect(complaints(events)).toEqual([]);
        if (process.env.UPDATE_EXPECTED === '1') writeExpected(folder, name, events);
        else expect(events).toEqual(recording.expected);
        const wanted = cases[name];
        if (wanted) expect(shape(endOf(events).outcome)).toEqual(wanted);
      });

      test('cut off anywhere, it is still a whole turn', async () => {
        for (const cut of cuts(recording.stdout)) {
          const stdout = recording.stdout.slice(0, cut);
          const events = await play({ ...recording, exit: killed }, { stdout });
          expect(complaints(events), `cut at ${cut}`).toEqual([]);
        }
      });

      test('in another order, twice or with gaps, it is still a whole turn', async () => {
        for (const [name, stdout] of Object.entries(disorders(recording.stdout))) {
          expect(complaints(await play(recording, { stdout })), name).toEqual([]);
        }
      });

      test('killed before it said anything, it failed', async () => {
        const events = await play({ ...recording, stderr: '', exit: killed }, { stdout: '' });
        expect(shape(endOf(events).outcome)).toMatchObject({ kind: 'failed', code: 'crashed' });
      });

      test('with lines spoilt between the others, nothing else changes', async () => {
        const plain = await play(recording);
        const spoilt = await play(recording, { stdout: spoil(recording.stdout) });
        expect(complaints(spoilt)).toEqual([]);
        expect(endOf(spoilt).outcome.kind).toBe(endOf(plain).outcome.kind);
        expect(endOf(spoilt).usage).toEqual(endOf(plain).usage);
        const calls = (events: readonly AgentEvent[]) =>
          events.flatMap((event) => (event.type === 'tool-call' ? event.id : []));
        expect(calls(spoilt)).toEqual(calls(plain));
      });
    },
  );
}

/** After each line, and in the middle of each. */
function cuts(stdout: string): readonly number[] {
  const found = [0];
  for (let at = stdout.indexOf('\n'); at >= 0 && found.length < 120; at = stdout.indexOf('\n', at + 1)) {
    const before = found.at(-1) ?? 0;
    found.push(Math.floor((before + at) / 2), at + 1);
  }
  return found;
}

/** Results before their calls and without them, ends before beginnings, everything once more. */
function disorders(stdout: string): Readonly<Record<string, string>> {
  const lines = stdout.split('\n').filter((line) => line !== '');
  const half = Math.floor(lines.length / 2);
  const text = (some: readonly string[]) => some.map((line) => `${line}\n`).join('');
  return {
    backwards: text([...lines].reverse()),
    'in swapped pairs': text(lines.map((_, index) => lines[index ^ 1] ?? lines[index] ?? '')),
    'second half first': text([...lines.slice(half), ...lines.slice(0, half)]),
    'each twice': text(lines.flatMap((line) => [line, line])),
    'all over again': text([...lines, ...lines]),
    ...Object.fromEntries(
      [0, 1, 2].map((left) => [`without line ${left} of three`, text(lines.filter((_, index) => index % 3 !== left))]),
    ),
  };
}

/** CRLF, empty lines, garbage, an unknown type, half a line, a megabyte, numbers and lists. */
function spoil(stdout: string): string {
  const garbage = [
    '',
    '\u0000\ufffd',
    '{"type":"pawl-never-heard-of"}',
    '{"type":',
    '[]',
    '7',
    'null',
    `{"x":"${'y'.repeat(1_048_576)}"}`,
  ];
  const lines = stdout.split('\n');
  const spoilt = lines.flatMap((line, index) => [garbage[index % garbage.length] ?? '', line.replace(/\r?$/, '\r')]);
  return [...spoilt, ''].join('\n');
}

export function endOf(events: readonly AgentEvent[]): TurnEnd {
  const end = events.at(-1);
  if (end?.type !== 'turn-end') throw new Error('the turn has no end');
  return end;
}

export function shape(outcome: TurnOutcome): ExpectedEnd {
  if (outcome.kind !== 'failed') return { kind: outcome.kind };
  const { code, retryable } = outcome.error;
  return { kind: 'failed', code, retryable };
}
