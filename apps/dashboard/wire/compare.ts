import type { Figures } from './figures.ts';
import type { RunRow } from './runs.ts';
import type { StepRow } from './step.ts';

// GET /api/compare ?runs=a,b,c   GET /api/analytics ?days &repository &workflow

export interface Comparison {
  readonly runs: readonly RunRow[];
  /** By the address in the workflow; a run without that step has none. */
  readonly steps: readonly { readonly path: string; readonly cells: readonly (StepRow | null)[] }[];
}
export interface Analytics {
  readonly runs: number;
  readonly passed: number;
  readonly figures: Figures;
  readonly agents: readonly AnalyticsRow[];
  readonly models: readonly AnalyticsRow[];
  readonly workflows: readonly AnalyticsRow[];
  readonly attempts: readonly AnalyticsRow[];
  readonly days: readonly {
    readonly day: string;
    readonly at: number;
    readonly runs: number;
    readonly passed: number;
    readonly usd: number;
    readonly unpriced: number;
  }[];
}
/** Of attempts by agent, model and number; of runs by workflow. Only what has ended is judged. */
export interface AnalyticsRow {
  readonly name: string;
  readonly count: number;
  readonly passed: number;
  readonly figures: Figures;
}
