import type { AgentEvent, TurnEnd, Usage } from '@pawl/provider';
import { complaints } from '@pawl/provider-kit/testing';
import { expect, test } from 'vitest';

const start: AgentEvent = { type: 'turn-start' };
const finish = (over: Partial<TurnEnd> = {}): AgentEvent => ({
  type: 'turn-end',
  outcome: { kind: 'completed', text: '' },
  usage: {},
  session: undefined,
  durationMs: 0,
  unknownLines: 0,
  ...over,
});
const text = (what: 'start' | 'end', id = 'b'): AgentEvent => ({ type: `text-${what}`, id });
const delta = (value: string): AgentEvent => ({ type: 'text-delta', id: 'b', delta: value });
const call = (id: string, parent?: string): AgentEvent => ({
  type: 'tool-call',
  id,
  kind: 'other',
  name: 'x',
  input: null,
  ...(parent === undefined ? {} : { parent }),
});
const result = (id: string): AgentEvent => ({ type: 'tool-result', id, status: 'ok', output: null });

test('a whole turn has none', () => {
  const turn = [
    start,
    text('start'),
    delta('x'),
    text('end'),
    call('t'),
    call('u', 't'),
    result('u'),
    result('t'),
    finish(),
  ];
  expect(complaints(turn)).toEqual([]);
});

test.each<[string, AgentEvent[], RegExp]>([
  ['nothing', [], /no turn-end/],
  ['no start', [finish()], /turn-start must be first/],
  ['two starts', [start, start, finish()], /turn-start must be first/],
  ['no end', [start], /turn-end/],
  ['two ends', [start, finish(), finish()], /turn-end must be last/],
  ['something after the end', [start, finish(), delta('x')], /turn-end must be last/],
  ['a block opened twice', [start, text('start'), text('start'), text('end'), finish()], /opened twice/],
  ['a block that grows unopened', [start, delta('x'), finish()], /before it is opened/],
  ['a block that grows by nothing', [start, text('start'), delta(''), text('end'), finish()], /by nothing/],
  ['a block closed unopened', [start, text('end'), finish()], /without being open/],
  ['a block left open', [start, text('start'), finish()], /never closed/],
  ['a call twice', [start, call('t'), result('t'), call('t'), result('t'), finish()], /comes twice/],
  ['a result without a call', [start, result('t'), finish()], /without an open call/],
  ['two results', [start, call('t'), result('t'), result('t'), finish()], /without an open call/],
  ['a call without a result', [start, call('t'), finish()], /has no result/],
  ['a parent that nobody called', [start, call('t', 'p'), result('t'), finish()], /never called/],
  ['a duration that is none', [start, finish({ durationMs: Number.NaN })], /durationMs/],
])('%s', (_, turn, expected) => {
  expect(complaints(turn).join('\n')).toMatch(expected);
});

test.each<[string, Usage]>([
  ['negative', { outputTokens: -1 }],
  ['no number', { costUsd: Number.NaN }],
  ['less input than was cached', { inputTokens: 5, cachedInputTokens: 4, cacheWriteTokens: 2 }],
])('usage that is %s, live and at the end', (_, usage) => {
  expect(complaints([start, finish({ usage })])).toHaveLength(1);
  expect(complaints([start, { type: 'usage-update', usage }, finish()])).toHaveLength(1);
});

test('a turn that did not complete may leave calls open', () => {
  expect(complaints([start, call('t'), finish({ outcome: { kind: 'cancelled' } })])).toEqual([]);
});
