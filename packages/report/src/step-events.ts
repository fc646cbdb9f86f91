import type { AttemptStarted, Failure, StepEnd } from '@pawl/core';
import { noActivity } from './activity.ts';
import { noTime, noTokens } from './figures.ts';
import type { AttemptReport, Status } from './model.ts';
import { noMoney } from './money.ts';
import { stepNode } from './nodes.ts';
import type { ProjectionState } from './state.ts';
import { addTotals, changeAttempt, changeStep, changeTask, type StepNode } from './tree.ts';

export function startStep(state: ProjectionState, node: StepNode, at: number, lane?: string): void {
  const { endedAt: _again, firstDiff, ...facts } = node.facts;
  node.facts = { ...facts, ...(firstDiff && facts.startedAt === at ? { firstDiff } : {}) };
  state.active.add(node);
  changeStep(node, { status: 'running', startedAt: at, ...(lane === undefined ? {} : { lane }) });
}

const newAttempt: Omit<AttemptReport, 'attempt' | 'startedAt' | 'status'> = {
  entries: [],
  cost: noMoney,
  tokens: noTokens,
  turns: 0,
  turnsUnreported: 0,
  agentRuns: 0,
  time: noTime,
  activity: noActivity,
  gates: [],
  spans: [],
};

/** What is inside it goes on, then it is judged again. A split is not: only its plan was. */
export function reopenStep(state: ProjectionState, node: StepNode, at: number): void {
  const { startedAt = at } = node.facts;
  startStep(state, node, startedAt);
  if (node.facts.kind === 'split') return;
  changeStep(node, {
    attempts: [...node.facts.attempts, { attempt: 1, status: 'running', startedAt: at, ...newAttempt }],
  });
  addTotals(node, { attempts: 1 });
}

/** The newest attempt failed as the one before it. */
export function noProgress(node: StepNode, message: string): void {
  const last = node.facts.attempts.at(-1);
  if (last) changeAttempt(node, last.attempt, (old) => ({ ...old, noProgress: message }));
}

export function startAttempt(state: ProjectionState, event: AttemptStarted, at: number): void {
  const { attempt, agent, session, entries } = event;
  const node = stepNode(state.nodes, event.step);
  if (!state.active.has(node)) startStep(state, node, at);
  const before = node.facts.attempts.at(-1)?.agent;
  const escalated = agent !== undefined && before !== undefined && agent !== before;
  const started: AttemptReport = {
    attempt,
    status: 'running',
    startedAt: at,
    ...(agent === undefined ? {} : { agent }),
    ...(escalated ? { escalatedFrom: before } : {}),
    ...(session === undefined ? {} : { sessionUse: session }),
    ...newAttempt,
    entries,
  };
  changeStep(node, { attempts: [...node.facts.attempts, started], ...(agent === undefined ? {} : { agent }) });
  addTotals(node, { attempts: 1, retries: attempt > 1 ? 1 : 0, escalations: escalated ? 1 : 0 });
}

export function endAttempt(node: StepNode, attempt: number, at: number, failure: Failure | undefined): void {
  const status = failure === undefined ? 'passed' : failure.reason === 'cancelled' ? 'stopped' : 'failed';
  changeAttempt(node, attempt, (old) => ({ ...old, status, endedAt: at, ...(failure ? { failure } : {}) }));
  if (failure?.reason === 'guard') addTotals(node, { guards: 1 });
}

export function endStep(state: ProjectionState, node: StepNode, end: StepEnd, at: number, commit?: string): void {
  const last = node.facts.attempts.at(-1);
  const status: Status = end === 'failed' && last?.failure?.reason === 'cancelled' ? 'stopped' : end;
  changeStep(node, { status, endedAt: at, ...(commit === undefined ? {} : { commit }) });
  state.active.delete(node);
  if (end !== 'passed' || !last?.checkpoint) return;
  for (const file of last.checkpoint.files) state.files.add(file.path);
  state.insertions += last.checkpoint.insertions;
  state.deletions += last.checkpoint.deletions;
}

/** The run ended in the middle of it. */
export function stopStep(node: StepNode): void {
  const attempts = node.facts.attempts.map((attempt) =>
    attempt.status !== 'running'
      ? attempt
      : {
          ...attempt,
          status: 'stopped' as const,
          gates: attempt.gates.map((gate) =>
            gate.status === 'running' ? { ...gate, status: 'stopped' as const } : gate,
          ),
        },
  );
  changeStep(node, { status: 'stopped', attempts });
  for (const task of node.tasks) if (task.facts.status === 'running') changeTask(task, { status: 'stopped' });
}

/** The run goes on in the middle of it: nothing of it begins again. */
export function continueStep(node: StepNode): void {
  const last = node.facts.attempts.at(-1);
  changeStep(node, { status: 'running' });
  if (last?.status === 'stopped') changeAttempt(node, last.attempt, (old) => ({ ...old, status: 'running' }));
  for (const task of node.tasks) if (task.facts.status === 'stopped') changeTask(task, { status: 'running' });
}
