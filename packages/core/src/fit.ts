import { isAnswer } from './control.ts';
import type { Effect, Outcome } from './effects.ts';

const outcomeOf: Readonly<Record<Effect['type'], Outcome['kind']>> = {
  'open-worktree': 'worktree-opened',
  'run-agent': 'agent-ended',
  checkpoint: 'checkpoint-made',
  reset: 'worktree-reset',
  'run-gate': 'gate-ended',
  advance: 'branch-advanced',
  merge: 'merged',
  'stage-conflict': 'conflict-staged',
  'close-worktree': 'worktree-closed',
  ask: 'answered',
  'await-provider': 'provider-awaited',
};

/** Whether this can be how the effect ended: what follows reads it without looking twice. */
export function fits(effect: Effect, outcome: unknown): outcome is Outcome {
  if (!isObject(outcome)) return false;
  switch (outcome.kind) {
    case 'failed':
      return isObject(outcome.error) && areStrings(outcome.error.code, outcome.error.message);
    case 'cancelled':
      return isAbsent(outcome.reason) || areStrings(outcome.reason);
    case 'interrupted':
      return isSession(outcome.session) && (isAbsent(outcome.report) || isReport(outcome.report));
  }
  if (outcome.kind === 'conflicted') return effect.type === 'merge' && areAllStrings(outcome.files);
  return outcome.kind === outcomeOf[effect.type] && hasResult(outcome);
}

function hasResult(outcome: Fields): boolean {
  switch (outcome.kind) {
    case 'worktree-opened':
      return areStrings(outcome.path, outcome.branch);
    case 'agent-ended':
      return isReport(outcome.report);
    case 'checkpoint-made':
      return isCheckpoint(outcome.checkpoint);
    case 'gate-ended':
      return isObject(outcome.report) && isGateReport(outcome.report);
    case 'merged':
      return areStrings(outcome.commit);
    case 'conflict-staged':
      return areStrings(outcome.commit) && areAllStrings(outcome.files);
    case 'answered':
      return isAnswer(outcome.answer);
    case 'branch-advanced':
      return isAbsent(outcome.commit) || areStrings(outcome.commit);
  }
  return true;
}

const areAllStrings = (values: unknown): boolean => Array.isArray(values) && areStrings(...values);
const costStates: ReadonlySet<unknown> = new Set(['measured', 'estimated', 'unknown']);

const isReport = (report: unknown): boolean =>
  isObject(report) &&
  isObject(report.usage) &&
  isObject(report.cost) &&
  costStates.has(report.cost.state) &&
  isSession(report.session) &&
  isEnd(report.end);

function isEnd(end: unknown): boolean {
  if (!isObject(end)) return false;
  switch (end.kind) {
    case 'completed':
      return isText(end.text) && Array.isArray(end.outputs) && end.outputs.every(isCandidate);
    case 'limited':
      return areStrings(end.limit, end.by, end.message);
    case 'refused':
      return areStrings(end.reason);
    case 'cancelled':
      return isAbsent(end.reason) || areStrings(end.reason);
    case 'failed':
      return isObject(end.error) && areStrings(end.error.code, end.error.message);
  }
  return false;
}

const isCandidate = (candidate: unknown): boolean =>
  isObject(candidate) &&
  areStrings(candidate.source) &&
  ('json' in candidate || isText(candidate.text) || areStrings(candidate.error));

const isCheckpoint = (checkpoint: unknown): boolean =>
  isObject(checkpoint) &&
  areStrings(checkpoint.commit) &&
  isText(checkpoint.diff) &&
  Array.isArray(checkpoint.files) &&
  checkpoint.files.every((file) => isObject(file) && areStrings(file.path));

const isGateReport = ({ pass, failure, command }: Fields): boolean =>
  typeof pass === 'boolean' && [failure, command].every((text) => isAbsent(text) || areStrings(text));

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const areStrings = (...values: readonly unknown[]): boolean => values.every((value) => typeof value === 'string');
const isAbsent = (value: unknown): boolean => value === undefined || value === null;
const isText = (value: unknown): boolean => areStrings(value) || (isObject(value) && areStrings(value.blob));
const isSession = (value: unknown): boolean => isAbsent(value) || (isObject(value) && areStrings(value.id));
