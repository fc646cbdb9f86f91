import type { RunEvent, StepPath } from '@pawl/core';
import { apply } from './apply.ts';
import type { Question, RunningEffect, RunReport, StepReport } from './model.ts';
import { newState, type ProjectionState } from './state.ts';
import { stepReport } from './tree.ts';

/**
 * A report that grows with its run. `add` takes any event in any order and costs as much as the step is deep, however
 * many steps there are; `current` rebuilds what changed since it was last asked and shares the rest with the report it
 * gave then. What it gave stays as it was.
 */
export interface Projection {
  add(event: RunEvent): void;
  current(): RunReport;
  /** One step of the current report, without building the others. */
  step(path: StepPath): StepReport | undefined;
}

export function createProjection(): Projection {
  const state = newState();
  return {
    add: (event) => apply(state, event),
    current: () => runReport(state),
    step: (path) => {
      const node = state.nodes.steps.get(path);
      return node && stepReport(node);
    },
  };
}

/** The same report as adding the events one by one. */
export function reportOf(events: Iterable<RunEvent>): RunReport {
  const state = newState();
  for (const event of events) apply(state, event);
  return runReport(state);
}

/** Of a run that has no event yet. */
export const emptyReport: RunReport = reportOf([]);

function runReport(state: ProjectionState): RunReport {
  const { run } = state.nodes;
  if (run.snapshot) return run.snapshot;
  const { totals, ...facts } = run.facts;
  const { updatedAt } = state;
  const until = facts.endedAt ?? updatedAt;
  const durationMs = until === undefined || facts.startedAt === undefined ? 0 : Math.max(0, until - facts.startedAt);
  run.snapshot = {
    ...facts,
    ...(updatedAt === undefined ? {} : { updatedAt }),
    durationMs,
    totals: {
      ...totals,
      wall: state.clock.wall,
      files: state.files.size,
      insertions: state.insertions,
      deletions: state.deletions,
    },
    warnings: [...state.warnings],
    running: facts.endedAt === undefined ? runningEffects(state) : [],
    waiting: facts.endedAt === undefined || facts.status === 'interrupted' ? questions(state) : [],
    queued: facts.endedAt === undefined ? [...state.queue.values()] : [],
    steps: run.steps.map(stepReport),
  };
  return run.snapshot;
}

function runningEffects({ open }: ProjectionState): RunningEffect[] {
  return Array.from(open.values(), ({ effect, since }) => {
    const { id, type, step, attempt, lane } = effect;
    const what = effect.type === 'run-agent' || effect.type === 'await-provider' ? { agent: effect.agent } : {};
    const gate = effect.type === 'run-gate' ? { gate: effect.gate.name } : {};
    const from = effect.type === 'merge' ? { from: effect.from } : {};
    const until = effect.type === 'await-provider' ? { until: effect.until } : {};
    return { effect: id, type, step, attempt, lane, since, ...what, ...gate, ...from, ...until };
  });
}

const answers = ['continue', 'retry', 'abort'] as const;

function questions({ open }: ProjectionState): Question[] {
  return Array.from(open.values()).flatMap(({ effect, since }): Question[] => {
    if (effect.type !== 'ask') return [];
    const { id, step, attempt, question } = effect;
    return [{ effect: id, step, attempt, question, since, answers }];
  });
}
