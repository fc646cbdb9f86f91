/*
 * What the server and the web page say to each other: JSON, and the only thing they share. All texts of agents, gates,
 * files and names are cleaned by the server: no escape sequence, nothing that reorders or hides. Times are milliseconds
 * since the epoch, durations milliseconds. A path of a step is its id.
 */

export type { Explained } from './wire/account.ts';
export type { Acted, Action, Offer } from './wire/actions.ts';
export type { Audit } from './wire/audit.ts';
export type { ApplyHow, ApplyPreview, Checkpoints, Costs, Diff } from './wire/changes.ts';
export type { Analytics, AnalyticsRow, Comparison } from './wire/compare.ts';
export type { Figures, Money, Tokens } from './wire/figures.ts';
export type { Me, Refusal, Repository, Role } from './wire/me.ts';
export type { Need } from './wire/needs.ts';
export type { PlanPage, PlanStep } from './wire/plan.ts';
export type { Conversation, EventPage, LogPiece, Message } from './wire/reading.ts';
export type { QuestionKind, RunPage, StepList } from './wire/run.ts';
export type { RunList, RunRow, Standing } from './wire/runs.ts';
export type { SessionAction, SessionList, SessionPage, SessionRow } from './wire/sessions.ts';
export type { StartForm, StartRequest } from './wire/start.ts';
export type {
  Attempt,
  FileChange,
  Gate,
  StateFields,
  StepPage,
  StepRow,
  StepStatus,
  Timeline,
  TimelineEntry,
  Warning,
} from './wire/step.ts';
export type { Checked, Diagnostic, WorkflowInput, WorkflowPage, WorkflowRow } from './wire/workflows.ts';
export type { Worktree, Worktrees } from './wire/worktrees.ts';
