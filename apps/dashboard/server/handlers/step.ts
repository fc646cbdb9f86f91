import { fieldOf, plannedAt } from '@pawl/core';
import { templateText } from '@pawl/report';
import type { StateFields, StepPage, Timeline, TimelineEntry } from '../../wire.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { attemptsOf, stepOf } from '../runs/attempts.ts';
import { isStep } from '../runs/flatten.ts';
import { stepOffersOf } from '../runs/offers.ts';
import { stepRowOf } from '../runs/step-row.ts';
import { runId, whole } from './run.ts';

/** One step with its attempts. */
export async function readStep(house: House, { params, query }: Request): Promise<Answer> {
  const id = runId(params.run);
  const run = await house.runs.open(id);
  const { folded } = run;
  const step = stepOf(folded, query.get('path'));
  const placed = folded.placed().find(({ node }) => node === step);
  const natives = new Set(step.attempts.flatMap(({ session }) => session?.id ?? []));
  const sessions = await Promise.all([...natives].map((native) => house.store.sessions.find(native)));
  const ids = new Map(sessions.flat().map((session) => [session.ref.id, session.id]));
  const planned = folded.plan && plannedAt(folded.plan, step.address);
  return ok({
    step: stepRowOf(
      placed ?? { node: step, parent: undefined, order: 0, depth: 0 },
      folded.report().waiting,
      folded.plan,
    ),
    offers: stepOffersOf(run, step.path),
    ...(step.commit !== undefined && { commit: step.commit }),
    attempts: attemptsOf(step, folded, (native) => ids.get(native)),
    warnings: step.warnings,
    ...(planned && 'prompt' in planned && { prompt: templateText(planned.prompt) }),
  } satisfies StepPage);
}

const fills = { 'run-agent': 'agent', 'run-gate': 'gate', ask: 'waiting' } as const;
const words = {
  checkpoint: 'checkpoint',
  reset: 'reset',
  merge: 'merge',
  advance: 'commit',
  'open-worktree': 'worktree',
  'close-worktree': 'worktree',
};

/** Steps whose timeline is told at once. */
const mostSteps = 200;

/** What was done when: agents, gates, git, and waiting for a person. */
export async function readTimeline(house: House, { params, query }: Request): Promise<Answer> {
  const { folded } = await house.runs.open(runId(params.run));
  const report = folded.report();
  const entries: TimelineEntry[] = [];
  const from = Math.max(0, whole(query, 'from', 0));
  const next = from + mostSteps;
  const begun = folded.placed().filter(({ node }) => isStep(node) && node.attempts.length > 0);
  const shown = new Set([...(from === 0 ? [''] : []), ...begun.slice(from, next).map(({ node }) => node.path)]);
  for (const { node } of begun) {
    if (!isStep(node) || !shown.has(node.path)) continue;
    for (const { attempt, agent, spans } of node.attempts)
      for (const { type, startedAt, endedAt, outcome, gate } of spans)
        entries.push({
          step: node.path,
          attempt,
          fill: type in fills ? fills[type as keyof typeof fills] : 'git',
          name: gate ?? (type === 'run-agent' ? (agent ?? 'agent') : (words[type as keyof typeof words] ?? type)),
          startedAt,
          endedAt,
          outcome,
        });
  }
  for (const { step, attempt, type, since, agent, gate } of report.running) {
    if (!shown.has(step)) continue;
    entries.push({
      step,
      attempt,
      fill: type in fills ? fills[type as keyof typeof fills] : 'git',
      name: gate ?? agent ?? words[type as keyof typeof words] ?? type,
      startedAt: since,
      outcome: 'running',
    });
  }
  entries.sort((one, other) => one.startedAt - other.startedAt);
  const startedAt = report.startedAt ?? 0;
  const until = report.endedAt ?? report.updatedAt ?? startedAt;
  return ok({ entries, startedAt, until, ...(next < begun.length && { next }) } satisfies Timeline);
}

const mostText = 2000;
const names = ['status', 'output', 'comments', 'files', 'agent', 'attempt', 'session_id', 'duration', 'cost'];

/** What later steps can read of each: outputs, verdicts, agents, files. */
export async function readState(house: House, { params, query }: Request): Promise<Answer> {
  const id = runId(params.run);
  const { state } = await house.states.upToDate(id);
  const wanted = query.get('path');
  const fields = Object.values(state.steps)
    .filter(({ path }) => wanted === null || path === wanted)
    .flatMap((step) =>
      [...names, ...Object.keys(step.gates).map((gate) => `gate.${gate}`)].flatMap((name) => {
        const value = fieldOf(step, name);
        if (value === undefined) return [];
        const text = typeof value === 'string' ? value : `(${value.bytes} bytes)`;
        return [{ step: step.path, name, value: text.slice(0, mostText) }];
      }),
    );
  return ok({ fields } satisfies StateFields);
}
