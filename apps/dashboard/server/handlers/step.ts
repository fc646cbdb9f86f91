import { evolve, fieldOf, initial, plannedAt } from '@pawl/core';
import { templateText } from '@pawl/report';
import type { StateFields, StepPage, Timeline, TimelineEntry } from '../../wire.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { attemptsOf, stepOf } from '../runs/attempts.ts';
import { isStep } from '../runs/flatten.ts';
import { stepOffersOf } from '../runs/offers.ts';
import { stepRowOf } from '../runs/step-row.ts';
import { runId } from './run.ts';

/** One step with its attempts. */
export async function readStep(house: House, { params, query }: Request): Promise<Answer> {
  const id = runId(params.run);
  const run = await house.runs.open(id);
  const { folded } = run;
  const step = stepOf(folded, query.get('path'));
  const placed = folded.placed().find(({ node }) => node === step);
  const sessions = await house.store.sessions.list({ run: id, limit: 1000, archived: 'also' });
  const ids = new Map(sessions.map((session) => [session.ref.id, session.id]));
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

/** What was done when: agents, gates, git, and waiting for a person. */
export async function readTimeline(house: House, { params }: Request): Promise<Answer> {
  const { folded } = await house.runs.open(runId(params.run));
  const report = folded.report();
  const entries: TimelineEntry[] = [];
  for (const { node } of folded.placed()) {
    if (!isStep(node)) continue;
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
  for (const { step, attempt, type, since, agent, gate } of report.running)
    entries.push({
      step,
      attempt,
      fill: type in fills ? fills[type as keyof typeof fills] : 'git',
      name: gate ?? agent ?? words[type as keyof typeof words] ?? type,
      startedAt: since,
      outcome: 'running',
    });
  entries.sort((one, other) => one.startedAt - other.startedAt);
  const startedAt = report.startedAt ?? 0;
  return ok({ entries, startedAt, until: report.endedAt ?? report.updatedAt ?? startedAt } satisfies Timeline);
}

const mostText = 2000;
const names = ['status', 'output', 'comments', 'files', 'agent', 'attempt', 'session_id', 'duration', 'cost'];

/** What later steps can read of each: outputs, verdicts, agents, files. */
export async function readState(house: House, { params, query }: Request): Promise<Answer> {
  const id = runId(params.run);
  const events = await house.store.runs.read(id);
  const state = events.reduce((before, { event }) => evolve(before, event), initial);
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
