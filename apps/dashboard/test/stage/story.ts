import {
  type AgentStep,
  decide,
  type Effect,
  evolve,
  initial,
  type Outcome,
  outstanding,
  type Plan,
  type PlannedStep,
  type RunEvent,
} from '@pawl/core';
import type { Json } from '@pawl/provider';
import { turnFolder } from '@pawl/runner';

export interface Telling {
  readonly run: string;
  readonly plan: Plan;
  now(): number;
  /** What an effect comes to. Undefined: it goes well, and a question stays unanswered. */
  outcome?(effect: Effect): Outcome | undefined;
}

/** A run as the real machine decides it, without agents and git: each effect is settled at once, with what is told. */
export function* story({ run, plan, now, outcome }: Telling): Generator<readonly RunEvent[]> {
  let state = initial;
  const tell = (input: Parameters<typeof decide>[1]): readonly RunEvent[] => {
    const decision = decide(state, input);
    if (!decision.ok) throw new Error(`${decision.code}: ${decision.message}`);
    state = decision.events.reduce(evolve, state);
    return decision.events;
  };
  yield tell({ type: 'start', at: now(), run, plan });
  for (;;) {
    // The oldest one: lanes that are side by side come on together.
    const effect = outstanding(state).find((one) => one.type !== 'ask' || outcome?.(one));
    if (!effect) return;
    yield tell({ type: 'settle', at: now(), effect: effect.id, outcome: outcome?.(effect) ?? goesWell(effect) });
  }
}

export interface PlanWords {
  readonly name: string;
  readonly repository: string;
  readonly steps: readonly PlannedStep[];
  readonly more?: Partial<Plan>;
}

export const planOf = ({ name, repository, steps, more = {} }: PlanWords): Plan => ({
  planVersion: 1,
  workflow: { name, source: `.pawl/workflows/${name}.yaml` },
  spec: { text: '# A till\n\nBuild a till that sells.\n', source: 'spec.md' },
  base: { commit: commitOf('base'), branch: 'main', repository },
  limits: {},
  agents: { worker: { name: 'worker', provider: 'script', options: {} } },
  inputs: {},
  settings: { commands: {}, gateTimeoutMs: 60_000, failureChars: { error: 2000, diff: 3000 } },
  steps,
  ...more,
});

export const code = (address: string, gates: readonly string[], more: Partial<AgentStep> = {}): AgentStep => ({
  kind: 'code',
  name: address.slice(address.lastIndexOf('/') + 1),
  address,
  agent: [['worker']],
  prompt: [['Do it.']],
  gates: gates.map((command) => ({ name: command, kind: 'bash', command })),
  context: [],
  session: { mode: 'new' },
  guard: { noWrite: false },
  access: 'edit',
  worktree: 'lane',
  retry: { attempts: 1, entries: [] },
  each: [],
  ...more,
});

/** Plans tasks and does each, four at a time. */
export const split = (name: string, each: readonly PlannedStep[], more: Partial<AgentStep> = {}): AgentStep => ({
  ...code(name, [], more),
  kind: 'split',
  access: 'read-only',
  each,
  parallel: { max: 4 },
});

/** The outcome of a split's own turn: so many tasks. */
export const plans = (count: number): Outcome =>
  turn('plan', {
    tasks: Array.from({ length: count }, (_, index) => ({ name: `task-${index}`, description: `Part ${index}.` })),
  });

export function goesWell(effect: Effect): Outcome {
  switch (effect.type) {
    case 'open-worktree':
      return { kind: 'worktree-opened', path: `/worktrees/${effect.lane}`, branch: `pawl/${effect.lane}` };
    case 'run-agent':
      return turn(effect.id);
    case 'checkpoint':
      return { kind: 'checkpoint-made', checkpoint: checkpointOf(effect.id, effect.baseline ? [] : ['till.ts']) };
    case 'reset':
      return { kind: 'worktree-reset' };
    case 'run-gate':
      return { kind: 'gate-ended', report: { pass: true, durationMs: 120 } };
    case 'advance':
      return { kind: 'branch-advanced', commit: commitOf(effect.id) };
    case 'merge':
      return { kind: 'merged', commit: commitOf(effect.id) };
    case 'stage-conflict':
      return { kind: 'conflict-staged', commit: commitOf(effect.id), files: ['till.ts'] };
    case 'close-worktree':
      return { kind: 'worktree-closed' };
    case 'ask':
      return { kind: 'answered', answer: { choice: 'continue' } };
    case 'await-provider':
      return { kind: 'provider-awaited' };
  }
}

type Report = (Outcome & { readonly kind: 'agent-ended' })['report'];

export function turn(id: string, json?: Json, more: Partial<Report> = {}): Outcome {
  return {
    kind: 'agent-ended',
    report: {
      end: { kind: 'completed', text: 'Done.', outputs: json === undefined ? [] : [{ source: 'message', json }] },
      session: { provider: 'script', id: `session of ${id}`, cwd: '/worktree' },
      usage: { inputTokens: 4200, cachedInputTokens: 3000, outputTokens: 380, turns: 3 },
      cost: { state: 'measured', usd: 0.0231 },
      durationMs: 4200,
      unknownLines: 0,
      folder: turnFolder(id),
      ...more,
    },
  };
}

export const checkpointOf = (id: string, paths: readonly string[]) => ({
  commit: commitOf(id),
  tree: commitOf(`tree of ${id}`),
  files: paths.map((path) => ({ path, change: 'modified' as const, insertions: 3, deletions: 1 })),
  insertions: 3 * paths.length,
  deletions: paths.length,
  diff: paths.map((path) => `--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n`).join(''),
});

/** Forty digits that a name always gives. */
export function commitOf(name: string): string {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0').repeat(5);
}
