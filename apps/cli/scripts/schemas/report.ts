import type { ReasonKind } from '@pawl/report';
import { z } from 'zod';
import { answer, count, duration, fileChange, moment, money, standing } from './common.ts';
import { failure } from './core.ts';
import { agentFigures, figures, metricValue, side, unit, wall } from './figures.ts';

const status = z.enum(['pending', 'running', 'passed', 'failed', 'stopped', 'skipped']);
const warning = z.strictObject({ at: moment, step: z.string(), code: z.string(), message: z.string() });
const gate = z.strictObject({
  name: z.string(),
  kind: z.string(),
  status: z.enum(['running', 'passed', 'skipped', 'failed', 'stopped']),
  durationMs: duration.optional(),
  message: z.string().optional(),
  command: z.string().optional(),
  exitCode: z.int().optional(),
  log: z.string().optional(),
});
const span = z.strictObject({
  type: z.string(),
  lane: z.string(),
  startedAt: moment,
  endedAt: moment,
  outcome: z.string(),
  gate: z.string().optional(),
});
const attempt = z.strictObject({
  ...agentFigures,
  attempt: count,
  status,
  startedAt: moment,
  endedAt: moment.optional(),
  agent: z.string().optional(),
  escalatedFrom: z.string().optional(),
  noProgress: z.string().optional(),
  model: z.string().optional(),
  sessionUse: z.strictObject({ mode: z.enum(['new', 'from', 'fork', 'kept']), step: z.string().optional() }).optional(),
  session: z.strictObject({ provider: z.string(), id: z.string() }).optional(),
  agentEnd: z.enum(['completed', 'limited', 'refused', 'cancelled', 'failed', 'interrupted']).optional(),
  folder: z.string().optional(),
  entries: z.array(count),
  gates: z.array(gate),
  failure: failure.optional(),
  checkpoint: z
    .strictObject({ commit: z.string(), files: z.array(fileChange), insertions: count, deletions: count })
    .optional(),
  spans: z.array(span),
});
const step = z.strictObject({
  path: z.string(),
  name: z.string(),
  address: z.string(),
  kind: z.enum(['code', 'split', 'validate', 'artifact', 'gate', 'group', 'call']).optional(),
  task: z.string().optional(),
  status,
  startedAt: moment.optional(),
  endedAt: moment.optional(),
  lane: z.string().optional(),
  agent: z.string().optional(),
  commit: z.string().optional(),
  firstDiff: z.strictObject({ ms: duration, by: z.enum(['edit', 'checkpoint']) }).optional(),
  totals: z.strictObject(figures),
  attempts: z.array(attempt),
  warnings: z.array(warning),
  serves: z.strictObject({ purpose: z.enum(['gate', 'get', 'retry']), name: z.string() }).optional(),
  get tasks() {
    return z.array(task);
  },
  get steps() {
    return z.array(step);
  },
});
const task = z.strictObject({
  path: z.string(),
  name: z.string(),
  description: z.string(),
  status,
  startedAt: moment.optional(),
  endedAt: moment.optional(),
  totals: z.strictObject(figures),
  get steps() {
    return z.array(step);
  },
});
const agentRow = z.strictObject({
  agent: z.string(),
  models: z.array(z.string()),
  passed: count,
  totals: z.strictObject(figures),
});

const run = {
  run: z.string(),
  workflow: z.string(),
  status: standing,
  spec: z.string(),
  repository: z.string(),
  base: z.strictObject({ commit: z.string(), branch: z.string().optional(), behind: count.optional() }),
  startedAt: moment.optional(),
  endedAt: moment.optional(),
  updatedAt: moment.optional(),
  durationMs: duration,
  branch: z.string().optional(),
  worktree: z.string().optional(),
  failure: z.strictObject({ step: z.string(), message: z.string() }).optional(),
  abortReason: z.string().optional(),
  from: z.strictObject({ run: z.string(), step: z.string() }).optional(),
  totals: z.strictObject({ ...figures, wall, files: count, insertions: count, deletions: count }),
  warnings: z.array(warning),
  running: z.array(
    z.strictObject({
      effect: z.string(),
      type: z.string(),
      step: z.string(),
      attempt: count,
      lane: z.string(),
      since: moment,
      agent: z.string().optional(),
      gate: z.string().optional(),
      from: z.string().optional(),
      until: moment.optional(),
    }),
  ),
  waiting: z.array(
    z.strictObject({
      effect: z.string(),
      step: z.string(),
      attempt: count,
      question: z.enum(['before_gate', 'after_gate', 'interrupted']),
      since: moment,
      answers: z.array(z.enum(['continue', 'retry', 'abort'])),
    }),
  ),
  queued: z.array(z.strictObject({ step: z.string(), provider: z.string(), since: moment })),
  steps: z.array(step),
  agents: z.array(agentRow),
  metrics: z.array(metricValue),
};

export const report = answer(run);
export const statusAnswer = answer({
  ...run,
  questions: z
    .array(z.strictObject({ step: z.string(), attempt: count, question: z.string(), tree: z.string().optional() }))
    .optional(),
});
export const reportDetail = answer({ run: z.string(), folder: z.string(), step });

const head = { run: z.string(), workflow: z.string(), status: standing, startedAt: moment.optional() };
const stepSide = z.strictObject({
  status,
  agent: z.string().optional(),
  attempts: count,
  durationMs: duration.optional(),
  cost: money,
  agentRuns: count,
});
/** A side that is not known is null. */
const pair = <Value extends z.ZodType>(value: Value) => z.tuple([value.nullable(), value.nullable()]);
export const reportCompare = answer({
  runs: z.tuple([z.strictObject(head), z.strictObject(head)]),
  metrics: z.array(
    z.strictObject({ id: z.string(), title: z.string(), unit, values: pair(side), difference: z.number().optional() }),
  ),
  steps: z.array(z.strictObject({ path: z.string(), sides: pair(stepSide) })),
});

const rates = z.strictObject({
  name: z.string(),
  runs: count,
  runsPassed: count.optional(),
  passRate: z.number().optional(),
  steps: count,
  stepsPassed: count,
  passedByAttempt: z.array(z.number().nullable()),
  escalated: count,
  escalationRate: z.number().optional(),
  cost: money,
  costPerPassedStep: money.optional(),
});
export const reportLast = answer({
  runs: count,
  workflows: z.array(rates),
  agents: z.array(rates),
  models: z.array(rates),
  trend: z.array(
    z.strictObject({ ...head, durationMs: duration, cost: money, agentRuns: count, attempts: count, retries: count }),
  ),
});

const reasonKinds = [
  'waits',
  'queued',
  'running',
  'pending',
  'skipped',
  'failed',
  'stopped',
  'retried',
  'escalated',
  'session',
  'passed',
  'warned',
] as const satisfies readonly ReasonKind[];

export const explanation = answer({
  run: z.string(),
  status: standing,
  step: z.string().optional(),
  reasons: z.array(
    z.strictObject({
      step: z.string(),
      attempt: count.optional(),
      kind: z.enum(reasonKinds),
      at: moment.optional(),
      text: z.string(),
      evidence: z.array(z.string()).optional(),
    }),
  ),
});
