import type {
  Answer,
  Commit,
  EffectId,
  EffectType,
  Failure,
  FileChange,
  GateKind,
  Outcome,
  QuestionKind,
  RunEnd,
  RunFailure,
  SessionUse,
  StepKind,
  StepPath,
  WarningCode,
} from '@pawl/core';
import type { AgentFigures, Figures } from './figures.ts';
import type { Wall } from './wall.ts';

/**
 * What the events of a run say so far. Data, immutable, JSON. Times are milliseconds since the epoch, durations
 * milliseconds. Text of agents and gates is as it was stored: it must go through `plainText` before it is shown.
 */
export interface RunReport {
  readonly run: string;
  readonly workflow: string;
  readonly status: 'new' | 'running' | 'stopping' | RunEnd;
  /** The specification, as the user named it. */
  readonly spec: string;
  readonly repository: string;
  /** `behind`: commits that the branch has by now and the base does not; only who can ask git tells it. */
  readonly base: { readonly commit: Commit; readonly branch?: string; readonly behind?: number };
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** When the newest event happened. */
  readonly updatedAt?: number;
  /** From the first event to the end, or to the newest event; a pause between a crash and its resumption counts. */
  readonly durationMs: number;
  /** Of the first worktree that was opened: the branch that the passed steps lie on. */
  readonly branch?: string;
  readonly worktree?: string;
  readonly failure?: RunFailure;
  readonly abortReason?: string;
  /** Of a replay: the run that it is forked from, and the step it begins at. */
  readonly from?: { readonly run: string; readonly step: StepPath };
  readonly totals: Totals;
  readonly warnings: readonly Warning[];
  /** Effects that were asked for and have not settled: what happens now. Empty when the run has ended. */
  readonly running: readonly RunningEffect[];
  /**
   * Questions that only a person can answer. The steps named here stand still until then. Of a run that was interrupted at
   * them they are open still; of any other that has ended there are none.
   */
  readonly waiting: readonly Question[];
  /** Turns that wait until their provider has room, first come first. */
  readonly queued: readonly QueuedTurn[];
  readonly steps: readonly StepReport[];
}

export interface Question {
  readonly effect: EffectId;
  readonly step: StepPath;
  readonly attempt: number;
  /** What was asked about: the files before the gates have run, or after; how an interrupted turn goes on. */
  readonly question: QuestionKind;
  readonly since: number;
  readonly answers: readonly Answer['choice'][];
}

export interface QueuedTurn {
  readonly step: StepPath;
  readonly provider: string;
  readonly since: number;
}

export interface Totals extends Figures {
  /** The duration of the run, by what it went into; `time` adds up lanes side by side instead. */
  readonly wall: Wall;
  /** Different files changed by steps that passed. */
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
}

export interface RunningEffect {
  readonly effect: EffectId;
  readonly type: EffectType;
  readonly step: StepPath;
  readonly attempt: number;
  readonly lane: string;
  readonly since: number;
  readonly agent?: string;
  readonly gate?: string;
  /** Of a merge: the lane that comes in. */
  readonly from?: string;
  /** Of a wait for a provider: when it ends. */
  readonly until?: number;
}

export interface Warning {
  readonly at: number;
  readonly step: StepPath;
  readonly code: WarningCode;
  readonly message: string;
}

/** `stopped`: cancelled, or the run ended in the middle of it. `skipped`: its condition did not hold. */
export type Status = 'pending' | 'running' | 'passed' | 'failed' | 'stopped' | 'skipped';

export interface StepReport {
  readonly path: StepPath;
  /** Last part of the path. */
  readonly name: string;
  readonly address: string;
  /** Undefined for a step that the plan does not hold. */
  readonly kind?: StepKind;
  /** The task that it is a step of. */
  readonly task?: string;
  readonly status: Status;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly lane?: string;
  /** Of the newest attempt. */
  readonly agent?: string;
  readonly commit?: Commit;
  /** Its first change of a file. */
  readonly firstDiff?: FirstDiff;
  readonly totals: Figures;
  readonly attempts: readonly AttemptReport[];
  readonly warnings: readonly Warning[];
  readonly tasks: readonly TaskReport[];
  /** Of a group or a call; and those of workflows that served the step: its gates', its retry entries', the one before an attempt. */
  readonly steps: readonly StepReport[];
  /** What it serves the step above it for. */
  readonly serves?: { readonly purpose: 'conflict' | 'gate' | 'get' | 'retry'; readonly name: string };
}

export interface TaskReport {
  readonly path: StepPath;
  readonly name: string;
  readonly description: string;
  readonly status: Status;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly totals: Figures;
  readonly steps: readonly StepReport[];
}

export interface AttemptReport extends AgentFigures {
  readonly attempt: number;
  readonly status: Status;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly agent?: string;
  /** The agent of the attempt before, where it was another one. */
  readonly escalatedFrom?: string;
  /** It failed as the one before, with the same files: what follows from that. */
  readonly noProgress?: string;
  /** What the agent said it ran on. */
  readonly model?: string;
  readonly sessionUse?: SessionUse;
  readonly session?: { readonly provider: string; readonly id: string };
  /** How the newest run of the agent ended. */
  readonly agentEnd?: 'completed' | 'limited' | 'refused' | 'cancelled' | 'failed' | 'interrupted';
  /** Files of the newest run of the agent, below the run's folder. */
  readonly folder?: string;
  /** Indexes of the retry entries in force. */
  readonly entries: readonly number[];
  readonly gates: readonly GateResult[];
  readonly failure?: Failure;
  /** What is there at the end of the attempt, against the state before the step. */
  readonly checkpoint?: {
    readonly commit: Commit;
    readonly files: readonly FileChange[];
    readonly insertions: number;
    readonly deletions: number;
  };
  /** Settled effects in the order they settled: the timeline. */
  readonly spans: readonly Span[];
}

/** `ms`: from the start of the step. `edit`: the agent told it. `checkpoint`: by then files had changed; nobody told when. */
export interface FirstDiff {
  readonly ms: number;
  readonly by: 'edit' | 'checkpoint';
}

export interface GateResult {
  readonly name: string;
  readonly kind: GateKind;
  readonly status: 'running' | 'passed' | 'skipped' | 'failed' | 'stopped';
  readonly durationMs?: number;
  /** Why it was skipped, or what failed. */
  readonly message?: string;
  readonly command?: string;
  readonly exitCode?: number;
  readonly log?: string;
}

export interface Span {
  readonly type: EffectType;
  readonly lane: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outcome: Outcome['kind'];
  readonly gate?: string;
}
