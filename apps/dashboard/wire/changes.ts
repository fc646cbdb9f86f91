import type { Figures } from './figures.ts';
import type { FileChange } from './step.ts';

// GET /api/runs/:run/diff [?path &index &against]: of the run, of an attempt, or of one attempt against another
// GET /api/runs/:run/costs   GET /api/runs/:run/checkpoints   GET /api/runs/:run/apply ?how

export interface Diff {
  readonly title: string;
  readonly files: readonly FileChange[];
  readonly insertions: number;
  readonly deletions: number;
  /** Unified patch; long ones are cut and say so. */
  readonly patch: string;
  readonly command: string;
}
export interface Costs {
  readonly agents: readonly {
    readonly agent: string;
    readonly models: readonly string[];
    readonly passed: number;
    readonly figures: Figures;
  }[];
  readonly total: Figures;
  readonly otherMs: number;
}
export interface Checkpoints {
  readonly checkpoints: readonly {
    readonly commit: string;
    readonly name: string;
    readonly lane?: string;
    readonly at: number;
    readonly files: number;
    readonly insertions: number;
    readonly deletions: number;
  }[];
}
export type ApplyHow = 'merge' | 'squash' | 'rebase';
export interface ApplyPreview {
  readonly kind: string;
  readonly branch: string;
  /** Those that it could be brought to instead. */
  readonly branches: readonly string[];
  readonly alreadyApplied: boolean;
  /** Commits of the branch that the run does not know. */
  readonly behind: number;
  readonly commits: readonly { readonly commit: string; readonly subject: string }[];
  readonly files: readonly FileChange[];
  readonly insertions: number;
  readonly deletions: number;
  readonly conflicts: readonly string[];
  readonly blockedBy: readonly string[];
  readonly command: string;
}
