import type { PlannedAgent, PlannedStep } from '@pawl/core';
import type { Report } from '../diagnostics/report.ts';
import type { Reports } from '../diagnostics/reports.ts';
import type { Workflow, WorkflowCallStep, WorkflowStep } from '../workflow.ts';
import type { CompileEnvironment, WorkflowText } from './environment.ts';

/** What the parts of one compilation share. One per workflow, and per call of it. */
export interface Compilation {
  readonly workflow: Workflow;
  readonly report: Report;
  /** Undefined: only what the file alone decides is checked. */
  readonly environment: CompileEnvironment | undefined;
  readonly promptFiles: ReadonlyMap<string, string>;
  /** Agents that steps may run, found so far, in the run as a whole. */
  readonly agents: Map<string, PlannedAgent>;
  /** Inputs that are given. Undefined: not known, so that any may be. */
  readonly inputs: ReadonlyMap<string, GivenInput> | undefined;
  /** Inputs that something refers to. */
  readonly usedInputs: Set<string>;
  /** What its addresses begin with: nothing, or the address of the call and `/`. */
  readonly base: string;
  readonly calls: Calls | undefined;
  readonly caller?: Caller;
}

/** `text`: its value, where it is known before the run. `agent`: it gives the name of an agent that has run. */
export interface GivenInput {
  readonly text?: string;
  readonly agent: boolean;
}

export interface Caller {
  readonly compilation: Compilation;
  readonly call: WorkflowCallStep;
}

/** How other workflows are reached. */
export interface Calls {
  readonly reports: Reports;
  find(call: WorkflowCallStep): Callee | undefined;
  compileSteps(compilation: Compilation, steps: readonly WorkflowStep[]): PlannedStep[];
  /** Adds steps to the plan; false when it has grown beyond all bounds. */
  count(steps: readonly WorkflowStep[]): boolean;
}

/** `workflow` is absent when it has errors; they are told. */
export interface Callee extends WorkflowText {
  readonly workflow?: Workflow;
}

/** The value of an input, where it is known before the run. */
export function inputText({ inputs }: Compilation, name: string): string | undefined {
  return inputs?.get(name)?.text;
}
