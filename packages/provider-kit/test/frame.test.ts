import type { AgentEvent } from '@pawl/provider';
import type { BodyEvent } from '@pawl/provider-kit';
import { complaints } from '@pawl/provider-kit/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Frame, sound } from '../src/frame.ts';

const id = fc.constantFrom('a', 'b');
const body: fc.Arbitrary<BodyEvent> = fc.oneof(
  fc.record({ type: fc.constantFrom('text-start', 'text-end', 'reasoning-start', 'reasoning-end'), id }),
  fc.record({ type: fc.constantFrom('text-delta', 'reasoning-delta'), id, delta: fc.constantFrom('', 'x') }),
  fc.record({ type: fc.constant('tool-call'), id, parent: fc.option(id, { nil: undefined }), name: fc.constant('x') }),
  fc.record({ type: fc.constant('tool-result'), id, status: fc.constant('ok'), output: fc.constant(null) }),
  fc.record({ type: fc.constant('usage-update'), usage: fc.record({ costUsd: fc.double() }) }),
  fc.record({ type: fc.constant('native'), name: fc.constant('x') }),
) as fc.Arbitrary<BodyEvent>;
const call = (name: string): BodyEvent => ({ type: 'tool-call', id: name, kind: 'other', name, input: null });

const end: AgentEvent = {
  type: 'turn-end',
  outcome: { kind: 'completed', text: '' },
  usage: {},
  session: undefined,
  durationMs: 0,
  unknownLines: 0,
};

function framed(events: readonly BodyEvent[]): readonly AgentEvent[] {
  const frame = new Frame();
  const all = events.flatMap((event) => [...frame.accept(event)]);
  return [{ type: 'turn-start' }, ...all, ...frame.close({ completed: true }), end];
}

test('whatever an adapter says comes out well formed', () => {
  fc.assert(
    fc.property(fc.array(body), (events) => {
      expect(complaints(framed(events))).toEqual([]);
    }),
  );
});

test('what is well formed already is left as it is', () => {
  const events: BodyEvent[] = [
    { type: 'text-start', id: '1' },
    { type: 'text-delta', id: '1', delta: 'x' },
    { type: 'reasoning-start', id: '1' },
    { type: 'reasoning-end', id: '1' },
    { type: 'text-end', id: '1' },
    call('t'),
    { type: 'tool-result', id: 't', status: 'denied', output: 'no' },
  ];
  expect(framed(events).slice(1, -1)).toEqual(events);
});

test('what does not fit is counted, not dropped', () => {
  const frame = new Frame();
  const say = (event: BodyEvent) => [...frame.accept(event)].map((one) => ('name' in one ? one.name : one.type));
  expect(say({ type: 'tool-result', id: 'x', status: 'ok', output: null, line: 7 })).toEqual([
    'tool-result-without-call',
  ]);
  expect(say(call('t'))).toEqual(['t']);
  expect(say(call('t'))).toEqual(['tool-call-twice']);
  expect(frame.unknownLines).toBe(2);
});

test('a call without a result has one where the turn completed, and none where it did not', () => {
  const ends = [true, false].map((completed) => {
    const frame = new Frame();
    return [...frame.accept(call('t')), ...frame.close({ completed })].slice(1);
  });
  const told = { type: 'tool-result', id: 't', status: 'error', output: 'The agent told no result.' };
  expect(ends).toEqual([[told], []]);
});

test('an id that the agent uses again is another call; a parent that was never called is none', () => {
  const result: BodyEvent = { type: 'tool-result', id: 't', status: 'ok', output: null };
  const under: BodyEvent = { type: 'tool-call', id: 'u', kind: 'other', name: 'u', input: null, parent: 't' };
  const stray: BodyEvent = { type: 'tool-call', id: 'v', kind: 'other', name: 'v', input: null, parent: 'nobody' };
  const events = framed([call('t'), result, call('t'), under, stray, result]).slice(1, -3);
  expect(events.map((event) => ('id' in event ? [event.type, event.id] : []))).toEqual([
    ...[
      ['tool-call', 't'],
      ['tool-result', 't'],
      ['tool-call', 't#2'],
      ['tool-call', 'u'],
      ['tool-call', 'v'],
    ],
    ['tool-result', 't#2'],
  ]);
  expect(events.map((event) => ('parent' in event ? event.parent : undefined)).filter(Boolean)).toEqual(['t#2']);
});

test('a figure that is no figure was not reported', () => {
  const odd = { inputTokens: 0, outputTokens: -1, costUsd: Number.NaN, turns: Number.POSITIVE_INFINITY };
  expect(sound(odd)).toEqual({ inputTokens: 0 });
});
