import type { Effect, Outcome, RunEvent } from '@pawl/core';
import type { AgentEvent } from '@pawl/provider';
import { z } from 'zod';
import { count, duration, fileChange, moment } from './common.ts';
import { agentEnd, answerGiven, cost, failure, gateReport, providerError, sessionRef, text, usage } from './core.ts';

type Shape = Record<string, z.ZodType>;

const common = { id: z.string(), step: z.string(), attempt: count, lane: z.string() };
const limit = z.strictObject({ value: z.number(), by: z.enum(['step', 'run']) });
const start = z.union([
  z.strictObject({ kind: z.literal('new') }),
  z.strictObject({ kind: z.enum(['resume', 'fork']), session: sessionRef }),
]);

/** One for each intention there is: a new one does not compile before it is said here. */
const effects = {
  'open-worktree': { base: z.string() },
  'run-agent': {
    agent: z.string(),
    start,
    access: z.enum(['read-only', 'edit', 'full']),
    limits: z.strictObject({
      turns: limit.optional(),
      costUsd: limit.optional(),
      tokens: limit.optional(),
      wallMs: limit.optional(),
    }),
    expect: z.enum(['changes', 'tasks', 'verdict', 'artifact']),
    apart: z.literal(true).optional(),
    interruptions: count,
  },
  checkpoint: { since: z.string(), baseline: z.literal(true).optional(), asking: z.literal(true).optional() },
  reset: { to: z.string() },
  /** The gate as it is planned: a later version may plan more. */
  'run-gate': { gate: z.looseObject({ name: z.string(), kind: z.string() }), wallMs: duration },
  merge: {
    from: z.string(),
    base: z.string(),
    head: z.string(),
    onto: z.string(),
    resolution: z.string().optional(),
  },
  'stage-conflict': { base: z.string(), head: z.string(), onto: z.string() },
  'close-worktree': { base: z.string() },
  ask: { question: z.enum(['before_gate', 'after_gate', 'interrupted']), tree: z.string().optional() },
  'await-provider': { agent: z.string(), why: z.string(), waitMs: duration, until: moment },
  advance: { from: z.string(), checkpoint: z.string(), subject: z.string() },
} satisfies Record<Effect['type'], Shape>;
const effect = variants('type', effects, common);

const turnReport = z.strictObject({
  end: agentEnd,
  session: sessionRef.optional(),
  messageId: z.string().optional(),
  model: z.string().optional(),
  usage,
  cost,
  durationMs: duration,
  unknownLines: count,
  /** What was counted of it: a later version may count more. */
  activity: z.looseObject({ failedCalls: count }).optional(),
  folder: z.string(),
});
const outcomes = {
  'worktree-opened': { path: z.string(), branch: z.string() },
  'agent-ended': { report: turnReport },
  'checkpoint-made': {
    checkpoint: z.strictObject({
      commit: z.string(),
      tree: z.string(),
      files: z.array(fileChange),
      insertions: count,
      deletions: count,
      diff: text,
    }),
  },
  'worktree-reset': {},
  'gate-ended': { report: gateReport },
  merged: { commit: z.string() },
  conflicted: { files: z.array(z.string()) },
  'conflict-staged': { commit: z.string(), files: z.array(z.string()) },
  'worktree-closed': {},
  answered: { answer: answerGiven },
  'provider-awaited': {},
  'branch-advanced': { commit: z.string().optional() },
  failed: { error: z.strictObject({ code: z.string(), message: z.string() }) },
  cancelled: { reason: z.string().optional() },
  interrupted: { session: sessionRef.optional(), report: turnReport.optional() },
} satisfies Record<Outcome['kind'], Shape>;
const outcome = variants('kind', outcomes);

const at = { sequence: count, at: moment };
const sessionUse = z.union([
  z.strictObject({ mode: z.enum(['new', 'kept']) }),
  z.strictObject({ mode: z.enum(['from', 'fork']), step: z.string() }),
]);
const ofAttempt = { step: z.string(), attempt: count };

const facts = {
  /** The plan as it is stored, and of a replay what it begins with: a later version may hold more. */
  'run-started': {
    run: z.string(),
    plan: z.looseObject({ workflow: z.looseObject({ name: z.string() }), steps: z.array(z.looseObject({})) }),
    from: z.looseObject({ run: z.string(), step: z.string(), commit: z.string() }).optional(),
  },
  'step-started': {
    step: z.string(),
    address: z.string(),
    lane: z.string(),
    frame: z.string(),
    parent: z.strictObject({ step: z.string(), task: z.string().optional() }).optional(),
    generation: count,
    because: failure.optional(),
  },
  'attempt-started': {
    ...ofAttempt,
    agent: z.string().optional(),
    session: sessionUse.optional(),
    entries: z.array(count),
  },
  'effect-requested': { effect },
  'effect-settled': { effect: z.string(), outcome },
  'attempt-ended': { ...ofAttempt, failure: failure.optional() },
  'output-accepted': { ...ofAttempt, output: text, comments: z.string().optional() },
  'tasks-planned': {
    step: z.string(),
    tasks: z.array(z.strictObject({ name: z.string(), description: z.string(), files: z.array(z.string()) })),
  },
  'frame-started': {
    frame: z.string(),
    step: z.string(),
    purpose: z.enum(['body', 'conflict', 'gate', 'get', 'retry']),
    index: count,
    name: z.string().optional(),
    conflict: z.strictObject({ onto: z.string(), files: z.array(z.string()) }).optional(),
    task: z.string().optional(),
    lane: z.string(),
    generation: count,
    inputs: z.record(z.string(), z.array(text)).optional(),
  },
  'frame-ended': {
    step: z.string(),
    frame: z.string(),
    end: z.enum(['passed', 'failed']),
    failure: failure.optional(),
  },
  'gate-decided': { step: z.string(), gate: z.string(), report: gateReport },
  'retry-decided': { step: z.string(), entry: count, verdict: z.boolean() },
  'call-returned': { step: z.string(), outputs: z.record(z.string(), z.array(text)) },
  'turn-queued': { step: z.string(), provider: z.string() },
  'step-reopened': { step: z.string(), generation: count, round: count.optional() },
  'step-ended': { step: z.string(), end: z.enum(['passed', 'failed', 'skipped']), commit: z.string().optional() },
  /** `code`: names a later version may add to. */
  warned: { step: z.string(), code: z.string(), message: z.string(), once: z.string().optional() },
  'abort-requested': { reason: z.string(), interrupted: z.literal(true).optional() },
  'pause-requested': { wanted: z.boolean(), by: z.string().optional() },
  'answer-voided': { step: z.string(), tree: z.string() },
  'run-continued': { since: moment },
  'run-resumed': { generation: count },
  'run-ended': {
    end: z.enum(['passed', 'failed', 'aborted', 'interrupted']),
    failure: z.strictObject({ step: z.string(), message: z.string() }).optional(),
    reason: z.string().optional(),
  },
} satisfies Record<RunEvent['type'], Shape>;

/** A line of `--json` of a command that makes a run work: a fact of the run's log. */
export const fact = variants('type', facts, at);

const line = { line: count.optional() };
const id = { id: z.string() };
const delta = { id: z.string(), delta: z.string() };
const outcomeOfTurn = z.union([
  z.strictObject({ kind: z.literal('completed'), text: z.string(), json: z.unknown().optional() }),
  z.strictObject({ kind: z.literal('limited'), limit: z.string(), text: z.string() }),
  z.strictObject({ kind: z.literal('refused'), reason: z.string() }),
  z.strictObject({ kind: z.literal('cancelled') }),
  z.strictObject({ kind: z.literal('failed'), error: providerError }),
]);

const turns = {
  'turn-start': {},
  'session-ready': {
    session: sessionRef,
    model: z.string().optional(),
    cwd: z.string().optional(),
    access: z.enum(['read-only', 'edit', 'full']).optional(),
    transcript: z.string().optional(),
    cliVersion: z.string().optional(),
    tools: z.array(z.string()).optional(),
    mcpServers: z.array(z.string()).optional(),
  },
  'text-start': id,
  'text-end': id,
  'reasoning-start': id,
  'reasoning-end': id,
  'text-delta': delta,
  'reasoning-delta': delta,
  'tool-call': {
    id: z.string(),
    kind: z.enum(['read', 'edit', 'execute', 'search', 'fetch', 'think', 'delegate', 'other']),
    name: z.string(),
    title: z.string().optional(),
    input: z.unknown(),
    parent: z.string().optional(),
  },
  'tool-result': { id: z.string(), status: z.enum(['ok', 'error', 'denied']), output: z.unknown() },
  'usage-update': { usage, context: z.strictObject({ tokens: count, window: count.optional() }).optional() },
  'retry-notice': { attempt: count, delayMs: duration.optional(), reason: z.string() },
  compaction: { trigger: z.enum(['auto', 'manual']), tokensBefore: count.optional() },
  native: { name: z.string() },
  'turn-end': {
    outcome: outcomeOfTurn,
    usage,
    session: sessionRef.optional(),
    model: z.string().optional(),
    messageId: z.string().optional(),
    durationMs: duration,
    unknownLines: count,
  },
} satisfies Record<AgentEvent['type'], Shape>;

/** What an agent tells while it works. */
export const agentEvent = variants('type', turns, line);

/** One strict object for each name of a kind. */
function variants(key: string, shapes: Readonly<Record<string, Shape>>, common: Shape = {}) {
  const each = Object.entries(shapes).map(([name, shape]) =>
    z.strictObject({ ...common, [key]: z.literal(name), ...shape }),
  );
  return z.discriminatedUnion(key, each as never) as z.ZodType;
}
