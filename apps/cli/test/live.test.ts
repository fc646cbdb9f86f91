import type { RunEvent } from '@pawl/core';
import type { AgentEvent } from '@pawl/provider';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AgentLines } from '../src/display/agent-lines.ts';
import { openDisplay } from '../src/display/live.ts';
import { openTerminal } from '../src/terminal.ts';

const esc = '\u001b';
const tokens = new RegExp(`${esc}\\[(\\d+)A${esc}\\[J|\n|[^\n${esc}]+`, 'g');

/** As much of a terminal as a display uses: lines, and going up over them to write anew. */
class Screen {
  readonly isTTY = true;
  rows = 24;
  columns = 80;
  #lines: string[] = [''];
  writes = 0;

  write(text: string): boolean {
    this.writes += 1;
    for (const [part, up] of text.matchAll(tokens)) {
      if (up !== undefined)
        this.#lines.splice(Math.max(0, this.#lines.length - 1 - Number(up)), Number.MAX_SAFE_INTEGER, '');
      else if (part === '\n') this.#lines.push('');
      else this.#break(part);
    }
    return true;
  }

  /** What stands there now; a line longer than the terminal is broken. */
  get text(): string {
    return this.#lines.join('\n').trimEnd();
  }

  #break(part: string): void {
    const line = (this.#lines.pop() ?? '') + part;
    for (let from = 0; from < Math.max(1, line.length); from += this.columns)
      this.#lines.push(line.slice(from, from + this.columns));
  }
}

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
  const display = openDisplay(terminal, verbose);
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
  agent({ type: 'text-delta', id: 't', delta: 'I read the pro' }, { type: 'text-delta', id: 't', delta: 'ject' });
  agent({ type: 'usage-update', usage: { inputTokens: 1200, outputTokens: 34, turns: 2 } });
  vi.advanceTimersByTime(1000);
  expect(screen.text).toMatch(
    /^▸ impl · qwen\n[⠋-⠿] impl {2}qwen {2}2 turns {2}1\.2k tokens {2}1\.0s\n {4}I read the project$/,
  );
  vi.advanceTimersByTime(100);
  expect(screen.text).toContain('1.1s');
  agent({ type: 'tool-call', id: 'c', kind: 'edit', name: 'write', title: 'src/till.js', input: null });
  vi.advanceTimersByTime(100);
  expect(screen.text).toMatch(/\n {4}write src\/till\.js$/);
  tell(...ended);
  display.close();
  expect(screen.text).toBe('▸ impl · qwen\n✓ impl  qwen  5.0s\n\n✓ passed · 5.0s');
  const { writes } = screen;
  vi.advanceTimersByTime(1000);
  display.close();
  expect(screen.writes).toBe(writes);
});

test('a frame is one write, so that nothing flickers', () => {
  const { screen, tell, agent } = stage();
  tell(...started);
  agent({ type: 'text-delta', id: 't', delta: 'reading' });
  const { writes } = screen;
  vi.advanceTimersByTime(100);
  expect(screen.writes).toBe(writes + 1);
});

test('a terminal that becomes narrower keeps no rest of the old lines', () => {
  const { screen, display, tell, agent } = stage();
  tell(...started);
  agent({ type: 'text-delta', id: 't', delta: 'a sentence that is rather long, longer than forty columns are wide' });
  vi.advanceTimersByTime(100);
  // What stands there is broken by the terminal.
  const before = screen.text;
  screen.columns = 45;
  const broken = before.split('\n').flatMap((line) => line.match(/.{1,45}/g) ?? ['']);
  expect(broken).toHaveLength(4);
  const shrunk = new Screen();
  shrunk.columns = 45;
  shrunk.write(`${broken.join('\n')}\n`);
  screen.write = (text) => shrunk.write(text);
  vi.advanceTimersByTime(100);
  expect(shrunk.text.split('\n')).toHaveLength(3);
  display.close();
  expect(shrunk.text).toBe('▸ impl · qwen');
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
  expect(screen.text.split('\n')).toHaveLength(3);
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
    /^▸ plan\/a\/impl · qwen\n▸ plan\/b\/impl · qwen\n {2}… plan\/c\/impl waits for room at script\n[⠋-⠿] plan\/a\/impl {2}qwen {2}1\.0s\n[⠋-⠿] plan\/b\/impl {2}qwen {2}1\.0s$/,
  );
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
