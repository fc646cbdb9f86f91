/*
 * What the server and the web page say to each other: JSON, and the only thing they share. All texts of agents, gates,
 * files and names are cleaned by the server: no escape sequence, nothing that reorders or hides. Times are milliseconds
 * since the epoch, durations milliseconds. A path of a step is its id.
 */

/** `interrupted`: its process died. `waiting`: for a person. */
export type Standing = 'running' | 'stopping' | 'waiting' | 'interrupted' | 'passed' | 'failed' | 'aborted';
export type StepStatus = 'pending' | 'running' | 'passed' | 'failed' | 'stopped' | 'skipped';
/** A viewer sees, an operator acts. */
export type Role = 'viewer' | 'operator';

/** The three are never one figure; `text` says it as the command line does: `$0.42 + 3 unpriced`. */
export interface Money {
  readonly measuredUsd: number;
  readonly estimatedUsd: number;
  readonly unpriced: number;
  readonly text: string;
}
/** `input` holds `cached`. `unreported`: turns that told none; `text` says so. */
export interface Tokens {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
  readonly unreported: number;
  readonly text: string;
}
export interface Figures {
  readonly cost: Money;
  readonly tokens: Tokens;
  readonly turns: number;
  readonly turnsUnreported: number;
  readonly attempts: number;
  readonly retries: number;
  readonly escalations: number;
  readonly guards: number;
  readonly time: {
    readonly agentMs: number;
    readonly gatesMs: number;
    readonly gitMs: number;
    readonly waitingMs: number;
  };
}

// GET /api/session, POST /api/session { token }, DELETE /api/session

export interface Me {
  readonly user: string;
  readonly role: Role;
  /** Nobody may act, whatever the role. */
  readonly readOnly: boolean;
  readonly version: string;
  readonly repositories: readonly Repository[];
}
export interface Repository {
  readonly id: string;
  readonly name: string;
  readonly path: string;
}
/** The body of every answer from 400 on. `hint`: what to do. */
export interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

// GET /api/runs ?repository &workflow &status &agent &tag &text &before &limit

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

// GET /api/needs

export interface Need {
  readonly run: RunRow;
  readonly kind: 'approval' | 'limit' | 'conflict' | 'interrupted' | 'failed';
  readonly step: string;
  readonly attempt: number;
  readonly since: number;
  /** What is asked, or what happened, in a sentence. */
  readonly text: string;
  /** What the gates said, what the agent answered, why it failed. */
  readonly detail?: string;
  readonly gates: readonly Gate[];
  readonly files: readonly FileChange[];
  readonly offers: readonly Offer[];
}

// GET /api/runs/:run ?since=<seq>: only the steps that changed behind that event

export interface RunPage {
  readonly row: RunRow;
  readonly seq: number;
  /** One sentence: how it stands. */
  readonly verdict: string;
  /** Of a run that failed or waits: the step to look at first, and its attempt. */
  readonly focus?: { readonly step: string; readonly attempt: number };
  readonly failure?: { readonly step: string; readonly message: string; readonly text: string };
  /** All of them, or with `since` those that changed; parents before what is inside them. */
  readonly steps: readonly StepRow[];
  readonly waiting: readonly {
    readonly step: string;
    readonly attempt: number;
    readonly question: 'before_gate' | 'after_gate';
    readonly since: number;
  }[];
  readonly queued: readonly { readonly step: string; readonly provider: string; readonly since: number }[];
  readonly warnings: readonly {
    readonly at: number;
    readonly step: string;
    readonly code: string;
    readonly message: string;
  }[];
  readonly base: { readonly commit: string; readonly branch?: string };
  /** The branch its passed steps lie on, and its worktree. */
  readonly result: {
    readonly branch?: string;
    readonly worktree?: string;
    readonly files: number;
    readonly insertions: number;
    readonly deletions: number;
  };
  readonly from?: { readonly run: string; readonly step: string };
  readonly offers: readonly Offer[];
}
/** A step, a task of a split, or a lane: one line of the tree. */
export interface StepRow {
  readonly path: string;
  /** Of the row it stands in; absent at the top. */
  readonly parent?: string;
  /** Its place in the order of the plan. */
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

// GET /api/runs/:run/step ?path

export interface StepPage {
  readonly step: StepRow;
  readonly commit?: string;
  readonly attempts: readonly Attempt[];
  readonly warnings: RunPage['warnings'];
  readonly prompt?: string;
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

// GET /api/runs/:run/timeline

export interface Timeline {
  readonly entries: readonly TimelineEntry[];
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

// GET /api/runs/:run/conversation ?path &index &after   GET /api/sessions/:session/messages ?after

export interface Conversation {
  readonly messages: readonly Message[];
  /** Give it as `after` for what follows; absent: there is no more, and the turn is over. */
  readonly next?: string;
  /** More may come: the turn goes on. */
  readonly live: boolean;
}
export type Message = { readonly seq: string; readonly at?: number } & (
  | {
      readonly role: 'user' | 'assistant' | 'system';
      readonly type: 'text' | 'reasoning';
      readonly text: string;
      readonly leftOut?: number;
    }
  | {
      readonly role: 'assistant';
      readonly type: 'tool-call';
      readonly call: string;
      readonly kind: string;
      readonly name: string;
      readonly title?: string;
      readonly input: string;
      readonly leftOut?: number;
    }
  | {
      readonly role: 'tool';
      readonly type: 'tool-result';
      readonly call: string;
      readonly status: 'ok' | 'error' | 'denied';
      readonly output: string;
      readonly leftOut?: number;
    }
  | { readonly role: 'system'; readonly type: 'note'; readonly text: string }
);

// GET /api/runs/:run/log ?path &index &of=native|prompt|gate &gate &at=<byte> &back=1   GET /api/runs/:run/events ?after &limit

/** A piece of a file, whole lines. */
export interface LogPiece {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly size: number;
}
export interface EventPage {
  readonly events: readonly {
    readonly seq: number;
    readonly at: number;
    readonly type: string;
    readonly step?: string;
    readonly text: string;
    readonly json: string;
  }[];
  readonly last: number;
}

// GET /api/runs/:run/diff [?path &index]: of the run, or of an attempt

export interface Diff {
  readonly title: string;
  readonly files: readonly FileChange[];
  readonly insertions: number;
  readonly deletions: number;
  /** Unified patch; long ones are cut and say so. */
  readonly patch: string;
  readonly command: string;
}

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

// GET /api/runs/:run/costs   GET /api/runs/:run/state ?path   GET /api/runs/:run/checkpoints   GET /api/runs/:run/apply ?how

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
export interface StateFields {
  readonly fields: readonly { readonly step: string; readonly name: string; readonly value: string }[];
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
  readonly alreadyApplied: boolean;
  readonly commits: readonly { readonly commit: string; readonly subject: string }[];
  readonly files: readonly FileChange[];
  readonly insertions: number;
  readonly deletions: number;
  readonly conflicts: readonly string[];
  readonly blockedBy: readonly string[];
  readonly command: string;
}

// POST /api/runs/:run/actions (Action)

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

// POST /api/runs (StartRequest)   GET /api/repositories/:repository/start

export interface StartRequest {
  readonly repository: string;
  readonly workflow: string;
  readonly spec: { readonly text: string } | { readonly file: string };
  readonly inputs: Readonly<Record<string, string>>;
  readonly agent?: string;
  readonly pauseAfter?: readonly string[];
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

// GET /api/repositories/:repository/workflows[/:name]   POST /api/repositories/:repository/check { name, text }

export interface WorkflowRow {
  readonly name: string;
  readonly file: string;
  readonly builtIn: boolean;
  readonly valid: boolean;
  readonly description?: string;
  readonly inputs: readonly WorkflowInput[];
}
export interface WorkflowInput {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly default?: string;
  readonly values?: readonly string[];
  readonly description?: string;
}
export interface WorkflowPage extends WorkflowRow {
  readonly text: string;
  readonly checked: Checked;
}
export interface Checked {
  readonly diagnostics: readonly Diagnostic[];
  /** For the graph; absent when it is not valid. */
  readonly steps?: readonly PlanStep[];
}
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

// GET /api/sessions ?text &provider &agent &tag &repository &run &before   GET /api/sessions/:session

export interface SessionList {
  readonly sessions: readonly SessionRow[];
  readonly more?: string;
}
export interface SessionRow {
  readonly id: string;
  readonly provider: string;
  readonly nativeId: string;
  readonly title: string;
  readonly agent?: string;
  readonly model?: string;
  readonly tags: readonly string[];
  readonly repository?: Repository;
  /** Our id of what it was forked from. */
  readonly parent?: string;
  readonly run?: string;
  readonly step?: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly turns: number;
  readonly messages: number;
  readonly archived: boolean;
  readonly cost: Money;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Where a search found its words. */
  readonly excerpt?: string;
}
export interface SessionPage {
  readonly session: SessionRow;
  readonly forks: readonly SessionRow[];
  readonly parent?: SessionRow;
  readonly commands: readonly { readonly label: string; readonly command: string }[];
}
/** POST /api/sessions/:session/actions. GET /api/sessions/:session/export is a download. */
export type SessionAction =
  | { readonly action: 'rename'; readonly title: string }
  | { readonly action: 'tag' | 'untag'; readonly tag: string }
  | { readonly action: 'archive' | 'unarchive' }
  | { readonly action: 'fork'; readonly prompt: string };

// GET /api/worktrees   POST /api/worktrees/gc { repository }

export interface Worktrees {
  readonly worktrees: readonly Worktree[];
  readonly bytes: number;
  readonly freed: number;
  readonly command: string;
}
export interface Worktree {
  readonly path: string;
  readonly run: string;
  readonly lane: string;
  readonly repository?: Repository;
  readonly state: 'whole' | 'half' | 'orphan';
  readonly status: Standing | 'unknown';
  readonly branch?: string;
  readonly createdAt?: number;
  readonly usedAt: number;
  readonly bytes?: number;
  readonly dirty?: boolean;
  readonly unmerged?: number;
  readonly owner: 'alive' | 'gone' | 'none';
  /** Why `pawl gc` leaves it; absent: it would go. */
  readonly keep?: string;
}

// GET /api/compare ?runs=a,b,c

export interface Comparison {
  readonly runs: readonly RunRow[];
  /** By the address in the workflow; a run without that step has none. */
  readonly steps: readonly { readonly path: string; readonly cells: readonly (StepRow | null)[] }[];
}

// GET /api/analytics ?days &repository &workflow

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

// GET /api/audit ?before

export interface Audit {
  readonly entries: readonly {
    readonly at: number;
    readonly user: string;
    readonly role: string;
    readonly action: string;
    readonly on: string;
    readonly command?: string;
    readonly outcome: string;
  }[];
}

// GET /api/live ?run: server-sent events `runs` (RunRow[]), `run` (RunPage with what changed) and `resync` (ask for lists anew)
