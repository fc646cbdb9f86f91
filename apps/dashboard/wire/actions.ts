import type { ApplyHow } from './changes.ts';

// POST /api/runs/:run/actions (Action)

/** What may be done now. The server runs exactly `command`. */
export interface Offer {
  readonly action: Action['action'];
  readonly label: string;
  /** The same on the command line, to copy. */
  readonly command: string;
  readonly step?: string;
  /** Absent: it can be done. */
  readonly refused?: string;
}
export type Action =
  | { readonly action: 'approve' | 'reject'; readonly step: string; readonly comment?: string }
  | { readonly action: 'abort' | 'pause' | 'resume' }
  | { readonly action: 'abort-step'; readonly step: string }
  | { readonly action: 'replay'; readonly step: string; readonly agent?: string; readonly prompt?: string }
  | { readonly action: 'apply'; readonly how: ApplyHow }
  | { readonly action: 'undo'; readonly checkpoint: string };
export interface Acted {
  /** `started`: a process of its own goes on with it. `requested`: the process that has the run in hand was asked. */
  readonly how: 'done' | 'started' | 'requested';
  readonly text: string;
  readonly command: string;
  /** A run that came of it. */
  readonly run?: string;
}
