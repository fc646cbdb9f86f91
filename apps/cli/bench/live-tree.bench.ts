import type { RunEvent } from '@pawl/core';
import { createProjection } from '@pawl/report';
import { expect, test } from 'vitest';
import { treeLines } from '../src/display/live-tree.ts';
import { openTerminal } from '../src/terminal.ts';

const lanes = 50;
const at = 1_800_000_000_000;

/** A frame while fifty of so many tasks are at work, in milliseconds. */
function frame(tasks: number): number {
  const projection = createProjection();
  const names = Array.from({ length: tasks }, (_, index) => `task-${index + 1}`);
  const tell = (event: object): void => projection.add({ at, ...event } as RunEvent);
  tell({ type: 'step-started', step: 'plan', address: 'plan', lane: 'main', frame: '', generation: 0 });
  tell({
    type: 'tasks-planned',
    step: 'plan',
    tasks: names.map((name) => ({ name, description: '', files: [] })),
  });
  const start = (name: string): void => {
    const step = `plan/${name}/impl`;
    const parent = { step: 'plan', task: name };
    tell({ type: 'step-started', step, address: 'plan/impl', lane: name, frame: '', generation: 0, parent });
    tell({ type: 'attempt-started', step, attempt: 1, agent: 'qwen', entries: [] });
  };
  const effect = (name: string) => {
    const step = `plan/${name}/impl`;
    return { id: `${step}#1/run-agent`, type: 'run-agent', step, attempt: 1, lane: name, agent: 'qwen' };
  };
  for (const name of names.slice(0, lanes)) {
    start(name);
    tell({ type: 'effect-requested', effect: effect(name) });
  }
  for (const name of names.slice(lanes, names.length / 2)) {
    start(name);
    tell({ type: 'step-ended', step: `plan/${name}/impl`, end: 'passed' });
  }
  const stream = { write: () => true, isTTY: true, columns: 120, rows: 40 };
  const { people: screen } = openTerminal({ CI: '1' }, { stdout: stream, stderr: stream });
  const report = projection.current();
  const view = { report, agents: new Map(), screen, mark: '⠋', selected: undefined, note: undefined, pausing: false };
  const draw = (): number => treeLines({ ...view, now: at + 1000 }).length;
  expect(draw()).toBeGreaterThan(20);
  const rounds = 20;
  const begun = performance.now();
  for (let round = 0; round < rounds; round += 1) draw();
  return (performance.now() - begun) / rounds;
}

test('a frame of fifty lanes costs about the same whether a run has a hundred tasks or ten thousand', () => {
  frame(100);
  const [few, many] = [frame(100), frame(10_000)];
  console.log(`a frame of ${lanes} lanes: ${few.toFixed(2)} ms of 100 tasks, ${many.toFixed(2)} ms of 10,000`);
  expect(many).toBeLessThan(few * 4 + 10);
});
