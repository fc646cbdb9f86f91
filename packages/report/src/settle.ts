import type { AgentReport, Effect, GateReport, Outcome } from '@pawl/core';
import { type AgentFigures, addFigures, figuresOf, noFigures, untoldFigures } from './figures.ts';
import type { AttemptReport, FirstDiff, GateResult, Span } from './model.ts';
import { addTotals, changeAttempt, changeStep, findAttempt, type RunNode, type StepNode } from './tree.ts';
import { workOf } from './wall.ts';

/** An effect without its outcome yet. `since` is when it was asked for. */
export interface OpenEffect {
  readonly effect: Effect;
  readonly since: number;
}

/** What the request itself changes: its gate runs. */
export function requested(node: StepNode | undefined, effect: Effect): void {
  if (node === undefined || effect.type !== 'run-gate') return;
  const { name, kind } = effect.gate;
  const gate = { name, kind, status: 'running' } as const;
  changeAttempt(node, effect.attempt, (old) => ({ ...old, gates: withGate(node, old, gate) }));
}

/** `node`: the step that the effect belongs to, or the run for an effect of no step that is known. */
export function settled(node: StepNode | RunNode, open: OpenEffect, outcome: Outcome, at: number): void {
  const { effect, since } = open;
  const figures = spentBy(effect, outcome, Math.max(0, at - since));
  addTotals(node, figures);
  if (node.parent === undefined || !findAttempt(node, effect.attempt)) return;
  const firstDiff = node.facts.firstDiff ?? firstDiffOf(node.facts.startedAt, open, outcome, at);
  if (firstDiff) changeStep(node, { firstDiff });
  const span: Span = {
    type: effect.type,
    lane: effect.lane,
    startedAt: since,
    endedAt: at,
    outcome: outcome.kind,
    ...(effect.type === 'run-gate' ? { gate: effect.gate.name } : {}),
  };
  changeAttempt(node, effect.attempt, (old) => {
    const sum = addFigures({ ...noFigures, ...old }, figures);
    const { cost, tokens, turns, turnsUnreported, agentRuns, time, activity } = sum;
    const summed: AgentFigures = { cost, tokens, turns, turnsUnreported, agentRuns, time, activity };
    return { ...old, ...summed, ...learned(node, old, effect, outcome), spans: [...old.spans, span] };
  });
}

function spentBy(effect: Effect, outcome: Outcome, elapsedMs: number): Partial<AgentFigures> {
  if (outcome.kind === 'agent-ended') return figuresOf(outcome.report);
  if (outcome.kind === 'gate-ended') return { time: { ...noFigures.time, gatesMs: outcome.report.durationMs } };
  // Between the request and this outcome the program may have been dead for days.
  if (outcome.kind === 'interrupted' && outcome.report) return figuresOf(outcome.report);
  if (outcome.kind === 'interrupted') return effect.type === 'run-agent' ? untoldFigures : {};
  if (outcome.kind === 'cancelled' && effect.type === 'run-agent') return untoldFigures;
  const work = workOf(effect);
  return work === 'gitMs' || work === 'waitingMs' ? { time: { ...noFigures.time, [work]: elapsedMs } } : {};
}

function firstDiffOf(
  stepAt: number | undefined,
  { effect, since }: OpenEffect,
  outcome: Outcome,
  at: number,
): FirstDiff | undefined {
  if (stepAt === undefined) return undefined;
  const editMs = outcome.kind === 'agent-ended' ? outcome.report.activity?.firstEditMs : undefined;
  if (editMs !== undefined) return { ms: Math.max(0, since + editMs - stepAt), by: 'edit' };
  const changed = outcome.kind === 'checkpoint-made' && outcome.checkpoint.files.length > 0;
  const baseline = effect.type === 'checkpoint' && effect.baseline;
  return changed && !baseline ? { ms: Math.max(0, at - stepAt), by: 'checkpoint' } : undefined;
}

function learned(node: StepNode, old: AttemptReport, effect: Effect, outcome: Outcome): Partial<AttemptReport> {
  switch (effect.type) {
    case 'run-agent':
      if (outcome.kind === 'agent-ended') return ofAgent(outcome.report);
      if (outcome.kind === 'interrupted' && outcome.report)
        return { ...ofAgent(outcome.report), agentEnd: 'interrupted' };
      return outcome.kind === 'interrupted' || outcome.kind === 'cancelled' ? { agentEnd: outcome.kind } : {};
    case 'run-gate': {
      const { name, kind } = effect.gate;
      return { gates: withGate(node, old, { name, kind, ...ofGate(outcome) }) };
    }
    case 'checkpoint': {
      // A baseline holds what was there before the turn, or before a person was asked.
      if (outcome.kind !== 'checkpoint-made' || effect.baseline || effect.asking) return {};
      const { commit, files, insertions, deletions } = outcome.checkpoint;
      return { checkpoint: { commit, files, insertions, deletions } };
    }
    default:
      return {};
  }
}

function ofAgent({ end, model, session, folder }: AgentReport): Partial<AttemptReport> {
  return {
    agentEnd: end.kind,
    folder,
    ...(model === undefined ? {} : { model }),
    ...(session === undefined ? {} : { session: { provider: session.provider, id: session.id } }),
  };
}

function ofGate(outcome: Outcome): Omit<GateResult, 'name' | 'kind'> {
  if (outcome.kind === 'failed') return { status: 'failed', message: outcome.error.message };
  return outcome.kind === 'gate-ended' ? ofReport(outcome.report) : { status: 'stopped' };
}

export function ofReport(report: GateReport): Omit<GateResult, 'name' | 'kind'> {
  const { pass, skipped, failure, comments, durationMs, command, exitCode, log } = report;
  const message = pass ? (skipped ?? comments) : failure;
  return {
    status: !pass ? 'failed' : skipped === undefined ? 'passed' : 'skipped',
    durationMs,
    ...(message === undefined ? {} : { message }),
    ...(command === undefined ? {} : { command }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(log === undefined ? {} : { log }),
  };
}

/** A gate that runs again (after an interruption) takes the place of its first result. */
export function withGate({ gates }: StepNode, old: AttemptReport, gate: GateResult): readonly GateResult[] {
  const index = old.gates.findIndex((one) => one.name === gate.name);
  if (index >= 0) return old.gates.with(index, gate);
  // Those that the plan does not name come before it: the core adds them.
  return [...old.gates, gate].sort((one, other) => gates.indexOf(one.name) - gates.indexOf(other.name));
}
