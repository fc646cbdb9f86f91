import type { Offer } from './actions.ts';
import type { QuestionKind } from './run.ts';
import type { RunRow } from './runs.ts';
import type { FileChange, Gate } from './step.ts';

// GET /api/needs

export interface Need {
  readonly run: RunRow;
  readonly kind: 'approval' | 'limit' | 'conflict' | 'interrupted' | 'failed';
  /** Of an approval. */
  readonly question?: QuestionKind;
  readonly step: string;
  readonly attempt: number;
  readonly since: number;
  /** The files that are asked about: an approval names them. */
  readonly tree?: string;
  /** What is asked, or what happened, in a sentence. */
  readonly text: string;
  /** What the gates said, what the agent answered, why it failed. */
  readonly detail?: string;
  readonly gates: readonly Gate[];
  readonly files: readonly FileChange[];
  readonly offers: readonly Offer[];
}
