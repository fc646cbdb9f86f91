import type { Access, Json, SerializedProviderError, SessionRef, Usage } from '@pawl/provider';
import type { Activity } from './activity.ts';
import type { PlannedGate } from './plan.ts';

/** Names joined by `/`; a task adds its name: `decompose/auth/impl`. The run itself is `''`. */
export type StepPath = string;
/** `<step path>#<attempt>/<what>`: unique in its run and computed, never random, so that a fold names it the same again. */
export type EffectId = string;
/** A sequence of steps within a step, named by the step and what it is for. The run's own is `''`. */
export type FrameId = string;
/** A git commit id. */
export type Commit = string;

/** Text that is long stands outside the log: in a blob, named by the SHA-256 of its bytes. */
export type Text = string | BlobRef;
export interface BlobRef {
  readonly blob: string;
  readonly bytes: number;
}

/** An intention, recorded before it is acted on. Data only: what it needs is named, not carried. */
export type Effect = EffectCommon &
  (
    | { readonly type: 'open-worktree'; readonly base: Commit }
    | RunAgent
    /**
     * Record the worktree as a commit that nothing loses; tell what changed since `since`. A `baseline` is made before a
     * turn: what gates left behind is not the step's work. `asking`: nor is it what a person changes while they are asked.
     */
    | { readonly type: 'checkpoint'; readonly since: Commit; readonly baseline?: true; readonly asking?: true }
    /** Put the worktree back to a checkpoint; what is there is recorded first. */
    | { readonly type: 'reset'; readonly to: Commit }
    | { readonly type: 'run-gate'; readonly gate: PlannedGate; readonly wallMs: number }
    /** A lane of the step passed: its commits go onto the step's own lane, in the plan's order. */
    | {
        readonly type: 'merge';
        readonly from: string;
        readonly base: Commit;
        readonly head: Commit;
        readonly onto: Commit;
        /** Its files are those of the result: a conflict between `head` and `onto` was resolved in it. */
        readonly resolution?: Commit;
      }
    /** The lane's worktree gets what a merge of `head` and `onto` leaves, with marks where they conflict. */
    | { readonly type: 'stage-conflict'; readonly base: Commit; readonly head: Commit; readonly onto: Commit }
    /** What worked in the lane is done with and brings nothing: its worktree is taken away. */
    | { readonly type: 'close-worktree'; readonly base: Commit }
    /** A person decides: go on, do it again with a comment, or stop. `tree` is what they decide about. */
    | { readonly type: 'ask'; readonly question: QuestionKind; readonly tree?: string }
    | AwaitProvider
    /** The step passed: one clean commit with the files of `checkpoint` on the run's branch. */
    | { readonly type: 'advance'; readonly from: Commit; readonly checkpoint: Commit; readonly subject: string }
  );
export type EffectType = Effect['type'];
/** `interrupted`: the turn was; `continue` goes on in its conversation, `retry` begins a new one. */
export type QuestionKind = 'before_gate' | 'after_gate' | 'interrupted';

interface EffectCommon {
  readonly id: EffectId;
  readonly step: StepPath;
  readonly attempt: number;
  /** The worktree it works in. */
  readonly lane: string;
}

export interface RunAgent {
  readonly type: 'run-agent';
  readonly agent: string;
  readonly start: AgentStart;
  readonly access: Access;
  readonly limits: TurnLimits;
  /** What the turn must produce besides changed files. */
  readonly expect: Expected;
  /** The agent works in an empty folder of its own. */
  readonly apart?: true;
  /** How often this attempt was interrupted before; the prompt then says so instead of asking anew. */
  readonly interruptions: number;
}
/**
 * The provider does not answer for now: the turn goes on after `waitMs`, which is at `until` in milliseconds since the
 * epoch. `why` is the code of what it said.
 */
export interface AwaitProvider {
  readonly type: 'await-provider';
  readonly agent: string;
  readonly why: string;
  readonly waitMs: number;
  readonly until: number;
}
/** `fork`: a copy of the conversation goes on; the conversation itself stays as it is. */
export type AgentStart = { readonly kind: 'new' } | { readonly kind: 'resume' | 'fork'; readonly session: SessionRef };
export type Expected = 'changes' | 'tasks' | 'verdict' | 'artifact';

/** The step's guard, narrowed to what the run has left. `by` tells whose limit each one is. */
export interface TurnLimits {
  readonly turns?: Limit;
  readonly costUsd?: Limit;
  readonly tokens?: Limit;
  readonly wallMs?: Limit;
}
export interface Limit {
  readonly value: number;
  readonly by: 'step' | 'run';
}

/** How an effect ended. */
export type Outcome =
  | { readonly kind: 'worktree-opened'; readonly path: string; readonly branch: string }
  | { readonly kind: 'agent-ended'; readonly report: AgentReport }
  | { readonly kind: 'checkpoint-made'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'worktree-reset' }
  | { readonly kind: 'gate-ended'; readonly report: GateReport }
  | { readonly kind: 'merged'; readonly commit: Commit }
  /** Both lanes are as they were. */
  | { readonly kind: 'conflicted'; readonly files: readonly string[] }
  /** What the worktree holds now, and the files that conflict. */
  | { readonly kind: 'conflict-staged'; readonly commit: Commit; readonly files: readonly string[] }
  | { readonly kind: 'worktree-closed' }
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'provider-awaited' }
  /** Undefined commit: nothing had changed. */
  | { readonly kind: 'branch-advanced'; readonly commit: Commit | undefined }
  /** It could not be carried out at all (disk, git, a program that is not there). */
  | { readonly kind: 'failed'; readonly error: { readonly code: string; readonly message: string } }
  | { readonly kind: 'cancelled'; readonly reason?: string }
  /**
   * The process that performed it died; nobody knows how far it got. `report`: of a turn that was stopped because its
   * process was told to end.
   */
  | { readonly kind: 'interrupted'; readonly session?: SessionRef; readonly report?: AgentReport };

export interface Answer {
  readonly choice: 'continue' | 'retry' | 'abort';
  /** What the person saw and approves: files that are others by then make it void. Absent: the files as they are. */
  readonly tree?: string;
  readonly comment?: string;
  readonly by?: string;
}

/** One turn of an agent, as far as the run cares. */
export interface AgentReport {
  readonly end: AgentEnd;
  /** Undefined: the agent gave none. Never invented. */
  readonly session: SessionRef | undefined;
  readonly messageId?: string;
  readonly model?: string;
  readonly usage: Usage;
  readonly cost: Cost;
  readonly durationMs: number;
  /** Native lines the adapter did not know. */
  readonly unknownLines: number;
  /** Absent in logs from before it was counted. */
  readonly activity?: Activity;
  /** Files of this turn below the run's folder: the prompt as sent, the native stream, the events. */
  readonly folder: string;
}

export type AgentEnd =
  | { readonly kind: 'completed'; readonly text: Text; readonly outputs: readonly OutputCandidate[] }
  | {
      readonly kind: 'limited';
      readonly limit: GuardName;
      readonly by: 'step' | 'run' | 'agent';
      readonly message: string;
    }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'cancelled'; readonly reason?: string }
  | { readonly kind: 'failed'; readonly error: SerializedProviderError };
export type GuardName =
  | 'max_turns'
  | 'max_budget'
  | 'max_tokens'
  | 'max_time'
  | 'no_write'
  | 'output_tokens'
  | 'context';

/**
 * Structured output as found, best first; the core checks it. `text`: a file that need not be JSON. `error`: it was
 * there and is not JSON, or does not satisfy the step's schema.
 */
export type OutputCandidate = { readonly source: 'schema' | 'message' | 'file' } & (
  | { readonly json: Json }
  | { readonly text: Text }
  | { readonly error: string }
);

/** Unknown is never zero. */
export type Cost = { readonly state: 'measured' | 'estimated'; readonly usd: number } | { readonly state: 'unknown' };

export interface Checkpoint {
  readonly commit: Commit;
  readonly tree: string;
  readonly files: readonly FileChange[];
  readonly insertions: number;
  readonly deletions: number;
  /** Unified patch since the commit that was asked for. */
  readonly diff: Text;
}
export interface FileChange {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted';
  /** Undefined for a binary file. */
  readonly insertions?: number;
  readonly deletions?: number;
}

export interface GateReport {
  readonly pass: boolean;
  /** There was nothing to run (an optional gate in a project without it); counts as passed and is shown. */
  readonly skipped?: string;
  /** What failed, from standard output and error, for people and for the next attempt; bounded. Absent when passed. */
  readonly failure?: string;
  /** What a validator said, also when it passed. */
  readonly comments?: string;
  readonly command?: string;
  readonly exitCode?: number;
  readonly durationMs: number;
  /** The whole output, below the run's folder. */
  readonly log?: string;
}
