import type { AgentStep, Guard, Limits, PlannedAgent, PlannedGate } from '@pawl/core';
import type { Range } from './diagnostics/diagnostic.ts';

/** A workflow file that keeps all the rules which one file can be held to; names are not resolved yet. JSON. */
export interface Workflow {
  /** As given to `parseWorkflow`. */
  readonly file: string;
  readonly name: Written;
  readonly description?: string;
  readonly limits: Limits;
  /** For every parallel step that does not say it itself. */
  readonly maxParallel?: number;
  readonly onConflict?: WrittenOnConflict;
  /** Absent: an input is whatever a placeholder names. */
  readonly inputs?: readonly DeclaredInput[];
  readonly outputs: readonly WrittenValue[];
  readonly agents: readonly WrittenAgent[];
  readonly steps: readonly WorkflowStep[];
}

/** Text of the file, and where it stands. */
export interface Written {
  readonly text: string;
  readonly range: Range;
}

export interface WrittenAgent {
  readonly name: Written;
  readonly provider: Written;
  readonly model?: string;
  readonly options: PlannedAgent['options'];
}

/** An input with a default need not be given. `values` are those of an enum. */
export interface DeclaredInput {
  readonly name: Written;
  readonly type: InputType;
  readonly values: readonly string[];
  readonly default?: string;
  readonly description?: string;
}
export type InputType = 'string' | 'number' | 'boolean' | 'enum';

/** An output of a workflow, or an input given to one. */
export interface WrittenValue {
  readonly name: Written;
  readonly value: WrittenTemplate;
}

export type WorkflowStep = WorkflowAgentStep | WorkflowGateStep | WorkflowGroupStep | WorkflowCallStep;

interface StepCommon {
  readonly name: Written;
  readonly gates: readonly WorkflowGate[];
  readonly retry: WrittenRetry;
  readonly when?: WrittenCondition;
  readonly pause?: 'before_gate' | 'after_gate';
}

export interface WorkflowGateStep extends StepCommon {
  readonly kind: 'gate';
}

export interface WorkflowAgentStep extends StepCommon {
  readonly kind: AgentStep['kind'];
  /** Absent when nobody works (`pass`), or when an error was reported. */
  readonly agent?: WrittenTemplate;
  /** Absent: the default of the kind. */
  readonly prompt?: WrittenPrompt;
  readonly context: readonly WrittenContext[];
  readonly session: WrittenSession;
  readonly guard: Guard;
  readonly access: AgentStep['access'];
  readonly worktree: AgentStep['worktree'];
  readonly get?: WorkflowCallStep;
  readonly output?: PlannedAgent['options'];
  readonly each: readonly WorkflowStep[];
  readonly parallel?: WrittenParallel;
}

export interface WorkflowGroupStep extends StepCommon {
  readonly kind: 'group';
  readonly steps: readonly WorkflowStep[];
  readonly parallel?: WrittenParallel;
  readonly loop?: { readonly until: WrittenCondition; readonly max: number };
}

/** A step that calls a workflow; also the workflow of a `get`, of a gate or of a retry entry. */
export interface WorkflowCallStep extends StepCommon {
  readonly kind: 'call';
  readonly workflow: Written;
  /** Asked for a verdict: looked for among the validators first. */
  readonly validator: boolean;
  readonly inputs: readonly WrittenValue[];
}

export type WorkflowGate =
  | Exclude<PlannedGate, { readonly kind: 'validate' }>
  | { readonly name: string; readonly kind: 'validate'; readonly call: WorkflowCallStep };

export type WrittenPrompt =
  | { readonly type: 'text'; readonly template: WrittenTemplate }
  | { readonly type: 'file'; readonly path: Written };

export type WrittenContext =
  | { readonly type: 'file'; readonly path: WrittenTemplate }
  | { readonly type: 'bash'; readonly command: string };

export type WrittenSession = { readonly mode: 'new' } | { readonly mode: 'from' | 'fork'; readonly step: Written };

export interface WrittenParallel {
  readonly max?: number;
  readonly onConflict?: WrittenOnConflict;
}

/** Who resolves a conflict of lanes, in how many attempts. */
export type WrittenOnConflict = 'stop' | WrittenResolver;
export interface WrittenResolver {
  readonly agent: WrittenTemplate;
  readonly prompt?: WrittenPrompt;
  readonly guard: Guard;
  readonly attempts: number;
}

export interface WrittenRetry {
  readonly attempts: number;
  readonly entries: readonly WrittenRetryEntry[];
}

export interface WrittenRetryEntry {
  readonly attempt: number;
  /** The name of a gate of the step. */
  readonly not?: Written;
  readonly validate?: WorkflowCallStep;
  readonly agent?: WrittenTemplate;
  readonly session?: WrittenSession;
  readonly worktree?: 'reset';
  readonly prompt?: WrittenPrompt;
}

/** Core's `Condition` with placeholders in the place of references. */
export type WrittenCondition =
  | { readonly is: 'all' | 'any'; readonly of: readonly WrittenCondition[] }
  | { readonly is: 'not'; readonly of: WrittenCondition }
  | { readonly is: Comparison; readonly left: WrittenOperand; readonly right: WrittenOperand }
  | { readonly is: 'true'; readonly value: WrittenOperand }
  | { readonly is: 'gate'; readonly gate: Written };
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains';
export type WrittenOperand = string | number | boolean | Placeholder;

/** Lines of literal text and placeholders; `{{` and `}}` are braces already. */
export interface WrittenTemplate {
  readonly range: Range;
  readonly lines: readonly (readonly (string | Placeholder)[])[];
}

/** `{name}` */
export interface Placeholder {
  readonly name: string;
  readonly range: Range;
  /** In a prompt file: its path, line and column. `range` is then that of the path in the workflow. */
  readonly where?: string;
}

export const isAgentStep = (step: WorkflowStep): step is WorkflowAgentStep =>
  step.kind !== 'gate' && step.kind !== 'group' && step.kind !== 'call';

/** The steps of a list below a step: of every task, or of a group. */
export function innerSteps(step: WorkflowStep): readonly WorkflowStep[] {
  if (step.kind === 'group') return step.steps;
  return isAgentStep(step) ? step.each : [];
}

/** The last segment of a workflow's name: what its fields are read by. */
export const lastSegment = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
