import type { Offer } from './actions.ts';
import type { Figures } from './figures.ts';

// GET /api/runs/:run/step ?path   GET /api/runs/:run/timeline   GET /api/runs/:run/state ?path

export type StepStatus = 'pending' | 'running' | 'passed' | 'failed' | 'stopped' | 'skipped';
/** A step, a task of a split, or a lane: one line of the tree. */
export interface StepRow {
  readonly path: string;
  /** Of the row it stands in; absent at the top. */
  readonly parent?: string;
  /** Its place among those that stand in the same row: tasks behind steps. It never changes. */
  readonly order: number;
  readonly depth: number;
  readonly name: string;
  readonly kind: 'code' | 'split' | 'validate' | 'artifact' | 'gate' | 'group' | 'call' | 'task' | 'step';
  /** Side by side with its siblings. */
  readonly parallel: boolean;
  readonly serves?: { readonly purpose: 'conflict' | 'gate' | 'get' | 'retry'; readonly name: string };
  readonly status: StepStatus;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly agent?: string;
  readonly lane?: string;
  /** A task's description. */
  readonly text?: string;
  readonly attempts: readonly {
    readonly attempt: number;
    readonly status: StepStatus;
    readonly agent?: string;
    readonly escalatedFrom?: string;
  }[];
  readonly gates: readonly { readonly name: string; readonly status: Gate['status'] }[];
  /** Waits for a person. */
  readonly needs: boolean;
  readonly figures: Figures;
}
export interface StepPage {
  readonly step: StepRow;
  readonly offers: readonly Offer[];
  readonly commit?: string;
  readonly attempts: readonly Attempt[];
  readonly warnings: readonly Warning[];
  readonly prompt?: string;
}
export interface Warning {
  readonly at: number;
  readonly step: string;
  readonly code: string;
  readonly message: string;
}
export interface Attempt {
  readonly attempt: number;
  /** Unique in its step, also where a step was begun again: what `log`, `conversation` and `diff` take as `attempt`. */
  readonly index: number;
  readonly status: StepStatus;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly agent?: string;
  readonly escalatedFrom?: string;
  readonly model?: string;
  readonly session?: { readonly provider: string; readonly id: string; readonly known?: string };
  readonly sessionUse?: { readonly mode: 'new' | 'from' | 'fork' | 'kept'; readonly step?: string };
  readonly agentEnd?: string;
  readonly hasTurn: boolean;
  readonly gates: readonly Gate[];
  /** Why it failed, and the text that the next attempt was given. */
  readonly failure?: { readonly reason: string; readonly message: string; readonly text: string };
  readonly files: readonly FileChange[];
  readonly checkpoint?: string;
  readonly figures: Figures;
}
export interface Gate {
  readonly name: string;
  readonly kind: string;
  readonly status: 'running' | 'passed' | 'skipped' | 'failed' | 'stopped';
  readonly durationMs?: number;
  readonly message?: string;
  readonly command?: string;
  readonly exitCode?: number;
  readonly hasLog: boolean;
}
export interface FileChange {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted';
  readonly insertions?: number;
  readonly deletions?: number;
}
export interface StateFields {
  readonly fields: readonly { readonly step: string; readonly name: string; readonly value: string }[];
}
/** `from`: so many steps of the tree at once. */
export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  readonly next?: number;
  readonly startedAt: number;
  readonly until: number;
}
export interface TimelineEntry {
  readonly step: string;
  readonly attempt: number;
  /** `waiting`: for a person. */
  readonly fill: 'agent' | 'gate' | 'git' | 'waiting';
  readonly name: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly outcome: string;
}
