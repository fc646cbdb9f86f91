import type { RunEvent } from '@pawl/core';
import type { AgentEvent } from '@pawl/provider';
import { formatMoney, moneyOf } from '@pawl/report';
import { createActivityMeter } from '@pawl/runner';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AgentLines } from '../src/display/agent-lines.ts';
import { openDisplay } from '../src/display/live.ts';
import { openTerminal } from '../src/terminal.ts';
import { Screen } from './screen.ts';

const at = 1_800_000_000_000;
const started: readonly RunEvent[] = [
  { at, type: 'step-started', step: 'impl', address: 'impl', lane: 'main', frame: '', generation: 0 },
  { at, type: 'attempt-started', step: 'impl', attempt: 1, agent: 'qwen', entries: [] },
  {
    at,
    type: 'effect-requested',
    effect: {
      id: 'impl#1/run-agent',
      type: 'run-agent',
      step: 'impl',
      attempt: 1,
      lane: 'main',
      agent: 'qwen',
    } as never,
  },
];
const ended: readonly RunEvent[] = [
  { at: at + 5000, type: 'attempt-ended', step: 'impl', attempt: 1 },
  { at: at + 5000, type: 'step-ended', step: 'impl', end: 'passed' },
  { at: at + 5000, type: 'run-ended', end: 'passed' },
];

beforeEach(() => {
  vi.useFakeTimers({ now: at });
});
afterEach(() => {
  vi.useRealTimers();
});

function stage(env: NodeJS.ProcessEnv = {}, verbose = false) {
  const screen = new Screen();
  const terminal = openTerminal({ NO_COLOR: '1', ...env }, { stdout: screen, stderr: screen });
  const display = openDisplay(terminal, verbose ? 'verbose' : 'normal');
  let sequence = 0;
  return {
    screen,
    display,
    tell: (...events: readonly RunEvent[]) => {
      for (const event of events) display.observe({ type: 'event', sequence: ++sequence, event });
    },
    agent: (...events: readonly AgentEvent[]) => {
      for (const event of events) display.observe({ type: 'agent', step: 'impl', attempt: 1, event });
    },
  };
}

test('what runs stands below what has happened, moves, and goes', () => {
  const { screen, display, tell, agent } = stage();
  tell(...started);
  agent(
    { type: 'text-start', id: 't' },
    { type: 'text-delta', id: 't', delta: 'I read the pro' },
    { type: 'text-delta', id: 't', delta: 'ject' },
  );
  agent({ type: 'usage-update', usage: { inputTokens: 1200, outputTokens: 34, turns: 2 } });
  vi.advanceTimersByTime(1000);
  expect(screen.text).toMatch(
    /^▸ impl · qwen\n[⠋-⠿] impl {2}qwen {2}talking {2}2 turns {2}1\.2k tokens {2}context ~1\.2k {2}\$\? {2}1\.0s\n {4}I read the project\n· new · 1\.0s$/,
  );
  vi.advanceTimersByTime(100);
  expect(screen.text).toContain('1.1s');
  agent({ type: 'tool-call', id: 'c', kind: 'edit', name: 'write', title: 'src/till.js', input: null });
  agent({ type: 'usage-update', usage: { inputTokens: 1300 }, context: { tokens: 31_000, window: 200_000 } });
  vi.advanceTimersByTime(100);
  expect(screen.text).toContain('  16% context  ');
  expect(screen.text).toMatch(/ coding {2}1 action .*\n {4}write src\/till\.js\n/);
  tell(...ended);
  display.close();
  expect(screen.text).toBe('▸ impl · qwen\n✓ impl  qwen  5.0s\n\n✓ passed · 5.0s');
  const { writes } = screen;
  vi.advanceTimersByTime(1000);
  display.close();
  expect(screen.writes).toBe(writes);
});

test('what a turn has cost is told with how that is known, as the report will tell it', () => {
  const cost = (costed: { usd?: number; estimates?: boolean; attempts?: number }): string => {
    const lines = new AgentLines({ model: 'claude-haiku-4-5', estimates: costed.estimates ?? false });
    const usage = { inputTokens: 1_000_000, outputTokens: 0, ...(costed.usd !== undefined && { costUsd: costed.usd }) };
    lines.add({ type: 'usage-update', usage }, at);
    return formatMoney(moneyOf(lines.cost ?? { state: 'measured', usd: 99 }), { short: true });
  };
  expect(cost({ usd: 0.42 })).toBe('$0.42');
  expect(cost({})).toBe('unpriced');
  // By the list: a million tokens in, of a model that costs a dollar for them.
  expect(cost({ estimates: true })).toBe('~$1.00');
  expect(new AgentLines().cost).toBeUndefined();
  const { screen, tell, agent } = stage();
  tell(...started);
  agent({ type: 'usage-update', usage: { inputTokens: 1200 } });
  vi.advanceTimersByTime(100);
  expect(screen.text).toMatch(/ {2}1\.2k tokens {2}context ~1\.2k {2}\$\? {2}/);
});

test('what a turn is about is what the report will call its newest answer', () => {
  const lines = new AgentLines();
  const meter = createActivityMeter();
  const seen: (string | undefined)[] = [];
  const kinds = ['read', 'edit', 'execute', 'other'] as const;
  for (const [index, kind] of kinds.entries()) {
    const id = String(index);
    for (const event of [
      { type: 'text-start', id },
      { type: 'tool-call', id, kind, name: kind, input: {} },
      { type: 'tool-result', id, status: 'ok', output: '' },
    ] as const) {
      lines.add(event, at);
      meter.see(event, at);
    }
    seen.push(lines.label);
  }
  expect(seen).toEqual(['exploring', 'coding', 'running', undefined]);
  expect(meter.current().answers).toEqual({ exploring: 1, coding: 1, running: 1, other: 1 });
  expect(lines.actions).toBe(4);
});

test('a frame is one write, so that nothing flickers', () => {
  const { screen, tell, agent } = stage();
  tell(...started);
  agent({ type: 'text-delta', id: 't', delta: 'reading' });
  const { writes } = screen;
  vi.advanceTimersByTime(100);
  expect(screen.writes).toBe(writes + 1);
});

test.each(['and has told so', 'and has not told so yet'])(
  'a terminal that becomes narrower %s keeps no rest',
  (told) => {
    const { screen, display, tell, agent } = stage();
    tell(...started);
    agent({ type: 'text-delta', id: 't', delta: 'a sentence that is rather long, longer than forty columns are wide' });
    vi.advanceTimersByTime(100);
    screen.narrow(45);
    expect(screen.text.split('\n')).toHaveLength(5);
    if (told === 'and has not told so yet') [screen.columns, screen.asked] = [80, 45];
    vi.advanceTimersByTime(100);
    expect(screen.text.split('\n')).toHaveLength(4);
    display.close();
    expect(screen.text).toBe('▸ impl · qwen');
  },
);

test('a terminal that becomes narrower breaks no line by what stood in its row before', () => {
  const { screen, display, tell, agent } = stage();
  tell(...started);
  agent({ type: 'text-delta', id: 't', delta: 'a sentence that is rather long, longer than forty columns are wide' });
  vi.advanceTimersByTime(100);
  agent({ type: 'text-delta', id: 't', delta: '\nshort' });
  vi.advanceTimersByTime(100);
  screen.narrow(45);
  expect(screen.text.split('\n')).toHaveLength(4);
  vi.advanceTimersByTime(100);
  display.close();
  expect(screen.text).toBe('▸ impl · qwen');
});

test('never more lines than the terminal has', () => {
  const { screen, tell } = stage();
  screen.rows = 4;
  for (let lane = 0; lane < 10; lane += 1) {
    const step = `lane${lane}`;
    tell(
      { at, type: 'step-started', step, address: step, lane: step, frame: '', generation: 0 },
      {
        at,
        type: 'effect-requested',
        effect: { id: `${step}#1/checkpoint`, type: 'checkpoint', step, attempt: 1, lane: step } as never,
      },
    );
  }
  vi.advanceTimersByTime(100);
  expect(screen.text.split('\n')).toHaveLength(2);
  screen.rows = 40;
  vi.advanceTimersByTime(100);
  expect(screen.text.split('\n')).toHaveLength(11);
});

test('without a terminal that can redraw there are lines only', () => {
  const { screen, display, tell, agent } = stage({ CI: 'true' });
  tell(...started);
  agent({ type: 'text-delta', id: 't', delta: 'reading\n' });
  vi.advanceTimersByTime(5000);
  expect(screen.text).toBe('▸ impl · qwen');
  display.close();
});

describe('--verbose', () => {
  test('whole lines of text, tools, results that went wrong', () => {
    const { screen, agent, tell } = stage({ CI: 'true' }, true);
    tell(...started);
    agent(
      { type: 'text-delta', id: 't', delta: 'One li' },
      { type: 'text-delta', id: 't', delta: 'ne.\n\nAnother' },
      { type: 'tool-call', id: '1', kind: 'execute', name: 'bash', input: { command: 'npm test' } },
      { type: 'tool-result', id: '1', status: 'denied', output: 'no' },
      { type: 'tool-result', id: '2', status: 'ok', output: 'fine' },
      { type: 'retry-notice', attempt: 1, reason: 'overloaded' },
      { type: 'text-delta', id: 'u', delta: 'The \u001b[31mend' },
      { type: 'text-end', id: 'u' },
    );
    expect(screen.text.split('\n').slice(1)).toEqual([
      '    One line.',
      '    Another',
      '    bash {"command":"npm test"}',
      '    (denied) "no"',
      '    the agent tries again by itself: overloaded',
      '    The end',
    ]);
  });

  test('a line without an end is kept in part only', () => {
    const lines = new AgentLines();
    for (let round = 0; round < 100; round += 1) lines.add({ type: 'text-delta', id: 't', delta: 'x'.repeat(1000) });
    expect(lines.doing?.length).toBeLessThanOrEqual(4000);
    expect(lines.add({ type: 'text-end', id: 't' })[0]?.length).toBeLessThanOrEqual(4000);
  });
});

test('lanes side by side: each running step has its line, the lines that have happened stand above', () => {
  const { screen, tell } = stage();
  for (const lane of ['plan/a/impl', 'plan/b/impl'])
    tell(
      { at, type: 'step-started', step: lane, address: 'plan/impl', lane, frame: '', generation: 0 },
      { at, type: 'attempt-started', step: lane, attempt: 1, agent: 'qwen', entries: [] },
      {
        at,
        type: 'effect-requested',
        effect: { id: `${lane}#1/run-agent`, type: 'run-agent', step: lane, attempt: 1, lane, agent: 'qwen' } as never,
      },
    );
  tell({ at, type: 'turn-queued', step: 'plan/c/impl', provider: 'script' });
  vi.advanceTimersByTime(1000);
  expect(screen.text).toMatch(
    /^▸ plan\/a\/impl · qwen\n▸ plan\/b\/impl · qwen\n {2}… plan\/c\/impl waits for room at script\n[⠋-⠿]›impl {2}qwen .*1\.0s\n[⠋-⠿] impl {2}qwen .*1\.0s\n· new · 1\.0s$/,
  );
});

test('a step that waits for its provider tells when it goes on', () => {
  const { screen, tell } = stage();
  const wait = { type: 'await-provider', agent: 'qwen', why: 'overloaded', waitMs: 90_000, until: at + 90_000 };
  tell(
    { at, type: 'step-started', step: 'impl', address: 'impl', lane: 'main', frame: '', generation: 0 },
    { at, type: 'attempt-started', step: 'impl', attempt: 1, agent: 'qwen', entries: [] },
    {
      at,
      type: 'effect-requested',
      effect: { id: 'impl#1/await-provider', step: 'impl', attempt: 1, lane: 'main', ...wait } as never,
    },
  );
  vi.advanceTimersByTime(1000);
  expect(screen.text).toMatch(/impl {2}qwen {2}goes on in 1m 29s {2}1\.0s\n/);
  tell({ at: at + 5000, type: 'run-ended', end: 'interrupted', reason: 'Ctrl+C' });
  tell({ at: at + 30_000, type: 'run-resumed', generation: 0 });
  expect(screen.text).toContain('… impl · qwen · goes on in 1m 00s\n');
});

test('a run that is stopped while it only waits for a provider has no agent that ends', () => {
  const { screen, tell } = stage();
  tell(
    ...started.slice(0, 2),
    {
      at,
      type: 'effect-requested',
      effect: { id: 'impl#1/await-provider', type: 'await-provider', step: 'impl', until: at + 90_000 } as never,
    },
    { at, type: 'abort-requested', reason: 'enough' },
  );
  expect(screen.text).not.toContain('agents end');
});

test('while a person is asked nothing is drawn over the question; what happened comes after it', () => {
  const { screen, display, tell } = stage();
  tell(...started);
  vi.advanceTimersByTime(100);
  display.hold();
  expect(screen.text).toBe('▸ impl · qwen');
  screen.write('? well\n');
  vi.advanceTimersByTime(1000);
  tell(...ended);
  expect(screen.text).toBe('▸ impl · qwen\n? well');
  display.release();
  display.close();
  expect(screen.text).toBe('▸ impl · qwen\n? well\n✓ impl  qwen  5.0s\n\n✓ passed · 5.0s');
});

describe('a tree of what is at work', () => {
  const lane = (name: string): readonly RunEvent[] => [
    {
      ...{ at, type: 'step-started', step: `plan/${name}/impl`, address: 'plan/impl', lane: `plan/${name}` },
      ...{ frame: '', generation: 0, parent: { step: 'plan', task: name } },
    } as RunEvent,
    { at, type: 'attempt-started', step: `plan/${name}/impl`, attempt: 2, agent: 'qwen', entries: [] },
    {
      at,
      type: 'effect-requested',
      effect: {
        id: `plan/${name}/impl#2/run-agent`,
        ...{ type: 'run-agent', step: `plan/${name}/impl`, attempt: 2, lane: name, agent: 'qwen' },
      } as never,
    },
  ];
  const planned = (names: readonly string[]): readonly RunEvent[] => [
    { at, type: 'step-started', step: 'plan', address: 'plan', lane: 'main', frame: '', generation: 0 },
    { at, type: 'tasks-planned', step: 'plan', tasks: names.map((name) => ({ name, description: '', files: [] })) },
  ];

  test('lanes lie in their task, tasks in their plan; what is to come is named', () => {
    const { screen, tell } = stage({}, false);
    tell(...planned(['keys', 'till', 'shop']), ...lane('keys'), ...lane('till'));
    vi.advanceTimersByTime(1000);
    expect(screen.text.split('\n').slice(-7)).toEqual([
      '▸ plan  0 of 3 tasks',
      '  ▸ keys',
      expect.stringMatching(/^ {4}[⠋-⠿]›impl {2}qwen {2}attempt 2 {2}1\.0s$/),
      '  ▸ till',
      expect.stringMatching(/^ {4}[⠋-⠿] impl {2}qwen {2}attempt 2/),
      '  · shop',
      '· new · 1.0s',
    ]);
  });

  test('of fifty lanes on a small screen those that fit, and how many more; a frame is small, and the same one is not written', () => {
    const { screen, display, tell, agent } = stage();
    screen.rows = 20;
    screen.columns = 50;
    const names = Array.from({ length: 50 }, (_, index) => `task-${index}`);
    tell(...planned(names), ...names.flatMap(lane));
    agent({ type: 'text-delta', id: 't', delta: 'hello' });
    vi.advanceTimersByTime(200);
    const rows = screen.text.split('\n');
    expect(rows.slice(-19).at(-2)).toMatch(/^ {2}and \d+ more$/);
    // Each says itself where it belongs: there is no room for what it lies in.
    expect(rows.at(-10)).toMatch(/^[⠋-⠿]›task-0\/impl {2}/);
    expect(rows.every((line) => line.length <= 50)).toBe(true);
    const { bytes, writes } = screen;
    vi.advanceTimersByTime(1000);
    expect(screen.writes - writes).toBeLessThanOrEqual(10);
    expect(screen.bytes - bytes).toBeLessThan(10 * 20 * 80);
    display.close();
  });

  test('--quiet draws nothing, and says what a person must know', () => {
    const screen = new Screen();
    const display = openDisplay(openTerminal({ NO_COLOR: '1' }, { stdout: screen, stderr: screen }), 'quiet');
    const events = [...started, ...ended, { at, type: 'warned', step: 'impl', code: 'no-tasks', message: 'nothing' }];
    for (const [index, event] of events.entries())
      display.observe({ type: 'event', sequence: index + 1, event: event as RunEvent });
    vi.advanceTimersByTime(1000);
    display.close();
    expect(screen.text).toBe('✓ passed · 5.0s\n  ! nothing');
  });

  test('a key chooses another step, a note stands below until it is taken away', () => {
    const { screen, display, tell } = stage();
    tell(...planned(['keys', 'till']), ...lane('keys'), ...lane('till'));
    expect(display.selected()).toBe('plan/keys/impl');
    display.select(1);
    expect(display.selected()).toBe('plan/till/impl');
    display.note('press a once more');
    expect(screen.text).toMatch(/\npress a once more$/);
    display.note(undefined);
    expect(screen.text).not.toContain('press a');
    display.say(['stays']);
    display.close();
    expect(screen.text).toMatch(/stays$/);
  });
});
