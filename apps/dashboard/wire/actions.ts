import type { ApplyHow } from './changes.ts';

// POST /api/runs/:run/actions (Action)

/** What may be done now: `request` asks for it, and the server runs exactly `command`. */
export interface Offer {
  readonly action: Action['action'];
  readonly request: Action;
  readonly label: string;
  /** The same on the command line, to copy. */
  readonly command: string;
  readonly step?: string;
  /** Absent: it can be done. */
  readonly refused?: string;
}
export type Action =
  /** `tree`: the files that were shown. Where they are others meanwhile the answer is void. `edited`: as they are now. */
  | {
      readonly action: 'approve';
      readonly step: string;
      readonly tree?: string;
      readonly edited?: boolean;
      readonly comment?: string;
    }
  | { readonly action: 'reject'; readonly step: string; readonly comment?: string }
  | { readonly action: 'pause' | 'unpause' | 'resume' }
  | { readonly action: 'abort'; readonly reason?: string }
  | { readonly action: 'abort-step'; readonly step: string; readonly reason?: string }
  | { readonly action: 'replay'; readonly step: string; readonly agent?: string; readonly prompt?: string }
  /** `branch`: one of those that the preview names; without it the one that is checked out. */
  | { readonly action: 'apply'; readonly how: ApplyHow; readonly branch?: string }
  | { readonly action: 'undo'; readonly checkpoint: string; readonly into: 'branch' | 'worktree' };
export interface Acted {
  /** `started`: a process of its own goes on with it. `requested`: the process that has the run in hand was asked. */
  readonly how: 'done' | 'started' | 'requested';
  readonly text: string;
  readonly command: string;
  /** A run that came of it. */
  readonly run?: string;
  /** A session that came of it. */
  readonly session?: string;
}
