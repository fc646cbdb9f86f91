import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { CoreError, eventVersion, evolve, initial, type RunEvent, upcast } from '../src/index.ts';
import { summaryOf } from './history-summary.ts';

const root = new URL('../histories/', import.meta.url);

async function read(path: string): Promise<readonly RunEvent[]> {
  const lines = (await readFile(new URL(`${path}.jsonl`, root), 'utf8')).trim().split('\n');
  return lines.map((line) => upcast(JSON.parse(line) as { version: number; event: unknown }));
}
async function paths(): Promise<readonly string[]> {
  const names = await readdir(root, { recursive: true });
  return names.filter((name) => name.endsWith('.jsonl')).map((name) => name.slice(0, -'.jsonl'.length));
}
const all = await paths();

describe('a log that a release wrote folds to what it meant then', () => {
  test.each(all)('%s', async (path) => {
    const state = (await read(path)).reduce(evolve, initial);
    const expected: unknown = JSON.parse(await readFile(new URL(`${path}.json`, root), 'utf8'));
    expect(JSON.parse(JSON.stringify(summaryOf(state)))).toEqual(expected);
  });
});

test('the histories hold every kind of event, effect and outcome', async () => {
  const events = (await Promise.all(all.map(read))).flat();
  const kinds = (of: (event: RunEvent) => readonly string[]) => [...new Set(events.flatMap(of))].sort();
  expect(kinds((event) => [event.type])).toEqual([
    'abort-requested',
    'answer-voided',
    'attempt-ended',
    'attempt-started',
    'call-returned',
    'effect-requested',
    'effect-settled',
    'frame-ended',
    'frame-started',
    'gate-decided',
    'output-accepted',
    'pause-requested',
    'retry-decided',
    'run-continued',
    'run-ended',
    'run-resumed',
    'run-started',
    'step-ended',
    'step-reopened',
    'step-started',
    'tasks-planned',
    'turn-queued',
    'warned',
  ]);
  expect(kinds((event) => (event.type === 'effect-requested' ? [event.effect.type] : []))).toEqual([
    'advance',
    'ask',
    'await-provider',
    'checkpoint',
    'close-worktree',
    'merge',
    'open-worktree',
    'reset',
    'run-agent',
    'run-gate',
    'stage-conflict',
  ]);
  expect(kinds((event) => (event.type === 'effect-settled' ? [event.outcome.kind] : []))).toEqual([
    'agent-ended',
    'answered',
    'branch-advanced',
    'cancelled',
    'checkpoint-made',
    'conflict-staged',
    'conflicted',
    'failed',
    'gate-ended',
    'interrupted',
    'merged',
    'provider-awaited',
    'worktree-closed',
    'worktree-opened',
    'worktree-reset',
  ]);
  expect(kinds((event) => (event.type === 'frame-started' ? [event.purpose] : []))).toEqual([
    'body',
    'conflict',
    'gate',
    'get',
    'retry',
  ]);
  expect(kinds((event) => (event.type === 'step-ended' ? [event.end] : []))).toEqual(['failed', 'passed', 'skipped']);
  expect(kinds((event) => (event.type === 'run-started' && event.from ? ['replay'] : []))).toEqual(['replay']);
});

describe('upcast', () => {
  test.each([0, eventVersion + 1, Number.NaN])('refuses version %s by name', (version) => {
    const lift = () => upcast({ version, event: {} });
    expect(lift).toThrow(CoreError);
    try {
      lift();
    } catch (error) {
      expect(CoreError.is(error) && error.code).toBe('event-version-unknown');
      expect(CoreError.is({})).toBe(false);
      expect(CoreError.is(undefined)).toBe(false);
    }
  });

  test('an event of a kind that this version does not know changes nothing', () => {
    const event = { at: 0, type: 'moon-rose' } as unknown as RunEvent;
    expect(evolve(initial, event)).toBe(initial);
  });

  test('events that find no place leave the state as it was', () => {
    const strays: readonly RunEvent[] = [
      { at: 0, type: 'attempt-started', step: 'x', attempt: 1, entries: [] },
      { at: 0, type: 'attempt-ended', step: '__proto__', attempt: 1 },
      { at: 0, type: 'output-accepted', step: 'constructor', attempt: 1, output: '[]' },
      { at: 0, type: 'tasks-planned', step: 'x', tasks: [] },
      { at: 0, type: 'step-reopened', step: 'x', generation: 0 },
      { at: 0, type: 'step-ended', step: 'toString', end: 'passed' },
      { at: 0, type: 'effect-settled', effect: '__proto__', outcome: { kind: 'cancelled' } },
      { at: 0, type: 'warned', step: 'x', code: 'no-tasks', message: '' },
    ];
    expect(strays.reduce(evolve, initial)).toBe(initial);
    expect(evolve(initial, { at: 0, type: 'frame-ended', step: 'x', frame: 'y', end: 'passed' })).toEqual(initial);
  });
});
