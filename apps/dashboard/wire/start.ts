import type { Repository } from './me.ts';
import type { WorkflowRow } from './workflows.ts';

// POST /api/runs (StartRequest)   GET /api/repositories/:repository/start

export interface StartRequest {
  readonly repository: string;
  readonly workflow: string;
  readonly spec: { readonly text: string } | { readonly file: string };
  readonly inputs: Readonly<Record<string, string>>;
  readonly agent?: string;
  readonly pauseAfter?: readonly string[];
  readonly tags?: readonly string[];
}
export interface StartForm {
  readonly repository: Repository;
  readonly workflows: readonly WorkflowRow[];
  /** Files of the repository that may be a specification; `id` goes into `spec.file`. */
  readonly specs: readonly { readonly id: string; readonly path: string }[];
  readonly agents: readonly {
    readonly name: string;
    readonly title: string;
    readonly usable: boolean;
    readonly note?: string;
  }[];
}
