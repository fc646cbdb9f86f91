import type { StepRow } from './step.ts';

// GET /api/runs/:run/plan   POST /api/plans (StartRequest): the plan of a run that has not begun

export interface PlanPage {
  readonly workflow: { readonly name: string; readonly description?: string; readonly source: string };
  readonly spec: { readonly text: string; readonly source: string };
  readonly base: { readonly commit: string; readonly branch?: string; readonly repository: string };
  readonly limits: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly agents: readonly {
    readonly name: string;
    readonly provider: string;
    readonly model?: string;
    readonly options: string;
  }[];
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  readonly steps: readonly PlanStep[];
  readonly notes: readonly string[];
  readonly command: string;
}
export interface PlanStep {
  readonly name: string;
  readonly address: string;
  readonly kind: StepRow['kind'];
  readonly agent?: string;
  readonly access?: string;
  readonly prompt?: string;
  readonly gates: readonly { readonly name: string; readonly text: string }[];
  /** In words: `3 attempts; 2: opus`. */
  readonly retry?: string;
  readonly when?: string;
  readonly asks?: 'before_gate' | 'after_gate';
  readonly session?: string;
  readonly parallel: boolean;
  /** Of a split: run for each task. */
  readonly each: boolean;
  readonly steps: readonly PlanStep[];
}
