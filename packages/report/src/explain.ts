import type { Plan, PlannedStep, RetryEntry, RunEvent } from '@pawl/core';
import { stepsOf } from './agents.ts';
import { failureExcerpt } from './excerpt.ts';
import { formatDuration } from './format-figures.ts';
import type { AttemptReport, RunReport, StepReport } from './model.ts';
import { reportOf } from './projection.ts';
import { askedWhen } from './questions.ts';
import { stepDetail } from './step-detail.ts';

/** Why something is as it is. `text` is a sentence; `evidence` what stood behind it. Neither is plain text yet. */
export interface Reason {
  readonly step: string;
  readonly attempt?: number;
  readonly kind: ReasonKind;
  readonly at?: number;
  readonly text: string;
  readonly evidence?: readonly string[];
}
export type ReasonKind =
  | 'waits'
  | 'queued'
  | 'running'
  | 'pending'
  | 'skipped'
  | 'failed'
  | 'stopped'
  | 'retried'
  | 'escalated'
  | 'session'
  | 'passed'
  | 'warned';

export interface Explanation {
  readonly run: string;
  /** The run's. */
  readonly status: string;
  /** Of one step, where one was asked for. */
  readonly step?: string;
  readonly reasons: readonly Reason[];
}

const evidenceLines = 12;

/** A run from its events alone: what it waits for, why it failed, what had to be tried again. Of a step, its whole story. */
export function explain(events: readonly RunEvent[], step?: string): Explanation {
  const report = reportOf(events);
  const started = events.find((event) => event.type === 'run-started');
  const of = { report, entries: entriesOf(started?.plan) };
  const { run, status } = report;
  if (step === undefined) return { run, status, reasons: aboutRun(of) };
  const search = stepDetail(report, step);
  return { run, status, step, reasons: search.found === 'step' ? aboutStep(search.step, of) : [] };
}

interface Told {
  readonly report: RunReport;
  /** Retry entries by the address of their step. */
  readonly entries: ReadonlyMap<string, readonly RetryEntry[]>;
}

function aboutRun(of: Told): Reason[] {
  const { report } = of;
  const { failure, status } = report;
  const now = [...stepsOf(report.steps)].flatMap((step) => standing(step, report));
  const failed = failure && stepDetail(report, failure.step);
  const why: Reason[] =
    failure && failed?.found !== 'step'
      ? [{ step: failure.step, kind: 'failed', text: `the run failed: ${failure.message}` }]
      : [];
  const stopped: Reason[] =
    report.abortReason === undefined
      ? []
      : [{ step: '', kind: 'stopped', text: `the run was stopped: ${report.abortReason}` }];
  const again = [...stepsOf(report.steps)].filter((step) => step.attempts.length > 1 && step.path !== failure?.step);
  const reasons = [
    ...stopped,
    ...why,
    ...(failed?.found === 'step' ? aboutStep(failed.step, of) : []),
    ...now,
    ...again.flatMap((step) => attemptsOf(step, of)),
  ];
  if (reasons.length > 0) return reasons;
  const text = status === 'passed' ? 'every step passed at its first attempt' : 'nothing has happened yet';
  return [{ step: '', kind: status === 'passed' ? 'passed' : 'pending', text }];
}

function aboutStep(step: StepReport, of: Told): Reason[] {
  const inside = [...stepsOf(step.steps), ...step.tasks.flatMap((task) => [...stepsOf(task.steps)])];
  const failed = inside.filter(({ status }) => status === 'failed');
  const end = endOf(step);
  return [
    ...attemptsOf(step, of),
    // The attempt it is about says it already.
    ...step.warnings
      .filter(({ code }) => code !== 'no-progress')
      .map(({ at, message }): Reason => ({ step: step.path, kind: 'warned', at, text: message })),
    ...standing(step, of.report),
    ...inside.flatMap((one) => standing(one, of.report)),
    ...failed.flatMap((one) => attemptsOf(one, of)),
    ...(end ? [end] : []),
  ];
}

/** What it does or waits for now. */
function standing(step: StepReport, { waiting, queued, running }: RunReport): Reason[] {
  const { path } = step;
  const asked = waiting.filter((question) => question.step === path);
  const room = queued.filter((turn) => turn.step === path);
  const work = running.filter((effect) => effect.step === path && effect.type !== 'ask');
  return [
    ...asked.map(({ attempt, since, question }): Reason => {
      const text = `it waits for a person, ${askedWhen[question]}`;
      return { step: path, attempt, kind: 'waits', at: since, text };
    }),
    ...room.map(({ provider, since }): Reason => {
      const text = `it waits for room: as many turns of ${provider} as are allowed at once are under way`;
      return { step: path, kind: 'queued', at: since, text };
    }),
    ...work.map(({ attempt, since, type, agent, gate, until }): Reason => {
      const waited = until === undefined ? undefined : formatDuration(Math.max(0, until - since));
      if (waited !== undefined) {
        const text = `it waits ${waited} for ${agent ?? 'its agent'}, whose provider does not answer for now`;
        return { step: path, attempt, kind: 'waits', at: since, text };
      }
      const what = agent ?? (gate === undefined ? type : `gate ${gate}`);
      return { step: path, attempt, kind: 'running', at: since, text: `${what} is at work` };
    }),
  ];
}

/** Each attempt: why it was made, with what, and why it did not pass. */
function attemptsOf(step: StepReport, of: Told): Reason[] {
  return step.attempts.flatMap((attempt, index): Reason[] => {
    const at = { step: step.path, attempt: attempt.attempt, at: attempt.startedAt };
    const before = step.attempts[index - 1];
    return [
      ...(before ? [{ ...at, kind: 'retried' as const, text: againText(attempt, before) }] : []),
      ...(attempt.escalatedFrom === undefined
        ? []
        : [{ ...at, kind: 'escalated' as const, text: escalationText(attempt, of.entries.get(step.address) ?? []) }]),
      ...(before && attempt.sessionUse ? [{ ...at, kind: 'session' as const, text: sessionText(attempt) }] : []),
      ...failureOf(step, attempt),
    ];
  });
}

function failureOf(step: StepReport, attempt: AttemptReport): Reason[] {
  const { failure, noProgress, endedAt } = attempt;
  if (!failure) return [];
  const evidence = failureExcerpt(attempt, evidenceLines);
  const kind = failure.reason === 'cancelled' ? 'stopped' : 'failed';
  const at = { step: step.path, attempt: attempt.attempt, ...(endedAt !== undefined && { at: endedAt }) };
  return [
    { ...at, kind, text: failure.message, ...(evidence.length > 0 && { evidence }) },
    ...(noProgress === undefined ? [] : [{ ...at, kind: 'warned' as const, text: noProgress }]),
  ];
}

function againText({ attempt }: AttemptReport, before: AttemptReport): string {
  const why = before.failure?.message;
  if (attempt === 1) return 'it began again from attempt 1, for the run was resumed or its group was judged anew';
  return why === undefined
    ? `attempt ${attempt} was made`
    : `attempt ${attempt} was made because attempt ${before.attempt} failed: ${why}`;
}

function escalationText(
  { attempt, agent, escalatedFrom, entries }: AttemptReport,
  planned: readonly RetryEntry[],
): string {
  const entry = entries.flatMap((index) => planned[index] ?? []).findLast((one) => one.agent !== undefined);
  const when =
    entry === undefined
      ? ''
      : `: the workflow's retry entry for attempt ${entry.attempt} names it${conditionText(entry)}`;
  return `${agent ?? 'another agent'} took over from ${escalatedFrom ?? 'another'} at attempt ${attempt}${when}`;
}

function conditionText({ not, validate }: RetryEntry): string {
  if (not !== undefined) return `, while gate ${not} fails`;
  return validate === undefined ? '' : `, as ${validate.workflow.name} said yes`;
}

function sessionText({ sessionUse, agent }: AttemptReport): string {
  switch (sessionUse?.mode) {
    case 'kept':
      return `${agent ?? 'the agent'} goes on with its conversation`;
    case 'from':
      return `it goes on with the conversation of ${sessionUse.step}`;
    case 'fork':
      return `it goes on with a copy of the conversation of ${sessionUse.step}`;
    default:
      return `${agent ?? 'the agent'} begins a new conversation`;
  }
}

function endOf({ path, status, attempts, endedAt, agent }: StepReport): Reason | undefined {
  const at = { step: path, ...(endedAt !== undefined && { at: endedAt }) };
  const count = attempts.length === 1 ? 'at its first attempt' : `after ${attempts.length} attempts`;
  switch (status) {
    case 'pending':
      return { ...at, kind: 'pending', text: 'its turn has not come: a step before it has not passed yet' };
    case 'skipped':
      return { ...at, kind: 'skipped', text: 'it was left out: its condition (when:) did not hold' };
    case 'passed': {
      const gates = attempts.at(-1)?.gates ?? [];
      const judged =
        gates.length === 0 ? '' : `; gates: ${gates.map(({ name, status: end }) => `${name} ${end}`).join(', ')}`;
      return {
        ...at,
        kind: 'passed',
        text: `it passed ${count}${agent === undefined ? '' : ` with ${agent}`}${judged}`,
      };
    }
    case 'failed':
      return { ...at, kind: 'failed', text: `it failed for good ${count}: no further attempt was left or could help` };
    case 'stopped':
      return { ...at, kind: 'stopped', text: 'it was stopped in the middle of its work' };
    default:
      return undefined;
  }
}

function entriesOf(plan: Plan | undefined): Map<string, readonly RetryEntry[]> {
  const found = new Map<string, readonly RetryEntry[]>();
  const look = (steps: readonly PlannedStep[]): void => {
    for (const step of steps) {
      found.set(step.address, step.retry.entries);
      if (step.kind === 'group' || step.kind === 'call') look(step.steps);
      if (step.kind === 'split') look(step.each);
    }
  };
  if (plan) look(plan.steps);
  return found;
}
