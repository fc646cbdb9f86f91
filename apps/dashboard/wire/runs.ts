import type { Figures } from './figures.ts';
import type { Repository } from './me.ts';

// GET /api/runs ?repository &workflow &status &agent &tag &text &before &limit

/** `interrupted`: its process was told to end, or died. `waiting`: for a person. */
export type Standing = 'running' | 'stopping' | 'waiting' | 'interrupted' | 'passed' | 'failed' | 'aborted';
export interface RunList {
  readonly runs: readonly RunRow[];
  /** Give it as `before` for the next page; absent: that was all. */
  readonly more?: string;
  readonly facets: {
    readonly workflows: readonly string[];
    readonly agents: readonly string[];
    readonly tags: readonly string[];
  };
}
export interface RunRow {
  readonly id: string;
  readonly workflow: string;
  readonly repository: Repository;
  readonly branch?: string;
  /** Where the specification came from. */
  readonly spec: string;
  readonly status: Standing;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** How far its log has come. */
  readonly seq: number;
  readonly owner?: string;
  readonly agents: readonly string[];
  readonly tags: readonly string[];
  /** What works now, innermost first; of a run that failed, where. */
  readonly at: readonly {
    readonly step: string;
    readonly attempt: number;
    readonly agent?: string;
    readonly doing: string;
  }[];
  readonly done: { readonly steps: number; readonly of: number };
  readonly gates: { readonly passed: number; readonly failed: number; readonly running: number };
  readonly durationMs: number;
  readonly figures: Figures;
  /** How many things wait for a person. */
  readonly needs: number;
  /** Why it failed or was stopped, one line. */
  readonly reason?: string;
}
