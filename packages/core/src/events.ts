import type { Commit, Effect, EffectId, FrameId, GateReport, GuardName, Outcome, StepPath, Text } from './effects.ts';
import type { Plan, Task } from './plan.ts';
import type { Fork } from './state.ts';

/** Facts in the past tense, appended and never changed: the only thing stored. `at` is milliseconds since the epoch. */
export type RunEvent = { readonly at: number } & (
  | {
      readonly type: 'run-started';
      readonly run: string;
      readonly plan: Plan;
      /** Of a replay: what it begins with. */
      readonly from?: Fork;
    }
  | StepStarted
  | AttemptStarted
  | { readonly type: 'effect-requested'; readonly effect: Effect }
  | { readonly type: 'effect-settled'; readonly effect: EffectId; readonly outcome: Outcome }
  | { readonly type: 'attempt-ended'; readonly step: StepPath; readonly attempt: number; readonly failure?: Failure }
  /** The structured output of the attempt's turn satisfies its schema. Gates may still fail it. */
  | {
      readonly type: 'output-accepted';
      readonly step: StepPath;
      readonly attempt: number;
      /** Tasks as JSON; `true` or `false` of a verdict; an artifact. */
      readonly output: Text;
      readonly comments?: string;
    }
  /** A split's plan passed its gates; its tasks follow. */
  | { readonly type: 'tasks-planned'; readonly step: StepPath; readonly tasks: readonly Task[] }
  | FrameStarted
  | {
      readonly type: 'frame-ended';
      readonly step: StepPath;
      readonly frame: FrameId;
      readonly end: 'passed' | 'failed';
      /** Of the step at which it stopped, or why its lane could not be merged. */
      readonly failure?: Failure;
    }
  /** A gate that is a workflow gave its verdict. */
  | { readonly type: 'gate-decided'; readonly step: StepPath; readonly gate: string; readonly report: GateReport }
  /** A retry entry's workflow was asked before the attempt. */
  | { readonly type: 'retry-decided'; readonly step: StepPath; readonly entry: number; readonly verdict: boolean }
  /** A call passed; its outputs are its fields. Of a workflow before an attempt: `<step>/get/<workflow>`. */
  | {
      readonly type: 'call-returned';
      readonly step: StepPath;
      readonly outputs: Readonly<Record<string, readonly Text[]>>;
    }
  /** The turn waits until its provider has room. */
  | { readonly type: 'turn-queued'; readonly step: StepPath; readonly provider: string }
  /** A step whose inner steps failed goes on with them, without working itself again. */
  | {
      readonly type: 'step-reopened';
      readonly step: StepPath;
      readonly generation: number;
      /** Of a split, by its own retry: which time its tasks run. Absent: the run was resumed, or a step around it runs again. */
      readonly round?: number;
    }
  | {
      readonly type: 'step-ended';
      readonly step: StepPath;
      readonly end: StepEnd;
      readonly commit?: Commit;
    }
  | {
      readonly type: 'warned';
      readonly step: StepPath;
      readonly code: WarningCode;
      readonly message: string;
      /** What is said once in a run. */
      readonly once?: string;
    }
  /** `interrupted`: a signal to the process did it. Only in logs from before an interruption left everything as it was. */
  | { readonly type: 'abort-requested'; readonly reason: string; readonly interrupted?: true }
  /** Steps ask a person at the end of their gates until one was answered; not `wanted`: no longer. */
  | { readonly type: 'pause-requested'; readonly wanted: boolean; readonly by?: string }
  /** The files changed behind the answer: the step is judged, and asked about, anew. */
  | { readonly type: 'answer-voided'; readonly step: StepPath; readonly tree: string }
  /** Another process goes on with a run that had not ended: nobody worked at it since. */
  | { readonly type: 'run-continued'; readonly since: number }
  /** A run that had failed or was stopped goes on; of the same generation where it was interrupted: at what it was at. */
  | { readonly type: 'run-resumed'; readonly generation: number }
  /** `reason`: of an interruption, or who did not want one to be gone on from. */
  | { readonly type: 'run-ended'; readonly end: RunEnd; readonly failure?: RunFailure; readonly reason?: string }
);

/** `skipped`: its condition does not hold. */
export type StepEnd = 'passed' | 'failed' | 'skipped';

export interface StepStarted {
  readonly type: 'step-started';
  readonly step: StepPath;
  readonly address: string;
  readonly lane: string;
  readonly frame: FrameId;
  /** The step that this one belongs to, and the task it runs for. Absent at the root. */
  readonly parent?: Parent;
  /** Above 0 for a step that was begun before: it is what makes its effects' ids new. */
  readonly generation: number;
  /** Why it runs again, where the reason lies outside it: a gate of its group. */
  readonly because?: Failure;
}
export interface Parent {
  readonly step: StepPath;
  readonly task?: string;
}

/** A sequence of steps begins inside a step, or goes on after a failure at the step that failed. */
export interface FrameStarted {
  readonly type: 'frame-started';
  readonly frame: FrameId;
  /** `''` for the run's own steps. */
  readonly step: StepPath;
  /**
   * `body`: a task, the steps of a group or of a call. `conflict`: one of these could not be merged and is made to fit.
   * The others are workflows that serve the step.
   */
  readonly purpose: 'body' | 'conflict' | 'gate' | 'get' | 'retry';
  /** Of a body and its conflict: which one. Of a retry: the entry. */
  readonly index: number;
  /** The gate's, the workflow's, or that of the group's step whose lane conflicts. */
  readonly name?: string;
  readonly conflict?: Conflict;
  readonly task?: string;
  readonly lane: string;
  readonly generation: number;
  /** What the steps inside can read by name; ends the scope. */
  readonly inputs?: Readonly<Record<string, readonly Text[]>>;
}

/** `onto` is what a lane could not be merged onto, because of these files. */
export interface Conflict {
  readonly onto: Commit;
  readonly files: readonly string[];
}

export interface AttemptStarted {
  readonly type: 'attempt-started';
  readonly step: StepPath;
  readonly attempt: number;
  /** Undefined for a step without an agent. */
  readonly agent?: string;
  readonly session?: SessionUse;
  /** The retry entries in force, by their index. */
  readonly entries: readonly number[];
}
/** `kept`: goes on with the conversation of the attempt before. */
export type SessionUse =
  | { readonly mode: 'new' }
  | { readonly mode: 'from' | 'fork'; readonly step: StepPath }
  | { readonly mode: 'kept' };

/** `aborted`: somebody asked for it. `interrupted`: its process was told to end, and what was open stays so. */
export type RunEnd = 'passed' | 'failed' | 'aborted' | 'interrupted';
/** `step` is the innermost one that failed, also at a limit of the run; `''` when none had begun. */
export interface RunFailure {
  readonly step: StepPath;
  readonly message: string;
}

/** Why an attempt failed, and the text the next one is given. */
export interface Failure {
  readonly reason:
    | 'gate'
    | 'guard'
    | 'agent'
    | 'output'
    | 'verdict'
    | 'effect'
    | 'run-limit'
    | 'cancelled'
    /** A step inside it failed. */
    | 'steps'
    /** A loop's condition does not hold yet. */
    | 'loop'
    | 'conflict'
    /** A person asked for it to be done again. */
    | 'person';
  /** For people, one line. */
  readonly message: string;
  /** For the next attempt; bounded. */
  readonly text: string;
  readonly guard?: GuardName;
  /** The innermost step that failed, where it is another one. */
  readonly step?: StepPath;
  /** Names of the gates that failed. */
  readonly gates?: readonly string[];
  /** Another attempt cannot help: no such agent, not signed in, the run's own limit. */
  readonly final: boolean;
}

export type WarningCode =
  | 'session-agent-changed'
  | 'session-not-found'
  | 'session-other-agent'
  /** The agent could not go on with the conversation (it is gone, or full). */
  | 'session-unusable'
  | 'no-tasks'
  | 'no-progress'
  | 'cost-unknown'
  | 'tokens-unknown'
  | 'interrupted'
  /** The provider does not answer for now: the attempt waits. */
  | 'provider-awaited'
  | 'answer-void';
