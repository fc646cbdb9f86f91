import type { SessionRef } from '@pawl/provider';
import type {
  AgentReport,
  Answer,
  Checkpoint,
  Commit,
  Effect,
  EffectId,
  FrameId,
  GateReport,
  StepPath,
  Text,
} from './effects.ts';
import type { Conflict, Failure, FrameStarted, Parent, RunEnd, RunFailure, SessionUse } from './events.ts';
import type { Plan, Task } from './plan.ts';

/** The fold of a run's events. JSON. The steps of a task that passed are dropped: nothing can refer to them any more. */
export interface RunState {
  readonly status: 'new' | 'running' | 'stopping' | RunEnd;
  readonly run: string;
  readonly plan: Plan;
  /** Moved on by the time in which nobody worked at the run: limits of time count what it ran. */
  readonly startedAt: number;
  /** It only waits for people. */
  readonly idleSince?: number;
  readonly endedAt?: number;
  readonly lanes: Readonly<Record<string, Lane>>;
  readonly steps: Readonly<Record<StepPath, StepState>>;
  /** Sequences that run, failed, or wait to be merged. */
  readonly frames: Readonly<Record<FrameId, Frame>>;
  /** The last generation that was given. */
  readonly generation: number;
  /** Steps whose turn waits for room at its provider, first come first. */
  readonly queue: readonly StepPath[];
  /** Requested and not settled: what the shell must be doing now. */
  readonly open: Readonly<Record<EffectId, Effect>>;
  readonly spent: Spent;
  /** Of a run that is stopping, as earlier versions did it: a signal to its process did it, nobody asked for its end. */
  readonly interrupted?: true;
  /** A person asked for a pause, and no step has been answered since. */
  readonly pausing?: true;
  /** What was warned of and is not to be said again. */
  readonly warned: readonly string[];
  readonly failure?: RunFailure;
}

/** What a replay begins with: the steps before the one it begins at, as another run left them, without their conversations. */
export interface Fork {
  /** The run whose log it is of. */
  readonly run: string;
  /** Where it begins: a step, or a split whose tasks all run again. */
  readonly step: StepPath;
  /** Where its worktree begins: the commit before that step. */
  readonly commit: Commit;
  readonly lanes: Readonly<Record<string, Lane>>;
  readonly steps: Readonly<Record<StepPath, StepState>>;
  readonly frames: Readonly<Record<FrameId, Frame>>;
  readonly generation: number;
}

/** A worktree. `head` is the commit of the last passed step in it. */
export interface Lane {
  readonly head: Commit;
  /** The newest commit that holds the files of the worktree, as far as the run knows. */
  readonly at: Commit;
  readonly path?: string;
  readonly branch?: string;
  /** A command of ours (the setup, a gate) ran since the last checkpoint and may have left files. */
  readonly dirty: boolean;
}

export interface Frame {
  readonly id: FrameId;
  readonly owner: StepPath;
  readonly purpose: FrameStarted['purpose'];
  readonly index: number;
  readonly name?: string;
  readonly task?: string;
  readonly lane: string;
  readonly generation: number;
  readonly inputs?: FrameStarted['inputs'];
  readonly startedAt: number;
  /** The commit its lane began at. */
  readonly base: Commit;
  /** Index of the step that runs. */
  readonly cursor: number;
  /** `passed` only while it waits to be merged; `waiting`: it goes on when there is room. */
  readonly status: 'running' | 'passed' | 'failed' | 'waiting';
  readonly failure?: Failure;
  /** What is being resolved in it. */
  readonly conflict?: Conflict;
  /** Of a body whose conflict was resolved: the files that merging it onto this commit must give. */
  readonly resolution?: { readonly onto: Commit; readonly commit: Commit };
  /** Of a workflow that serves a step: what it has spent. */
  readonly spent?: Spent;
}

export interface Spent {
  /** Measured and estimated dollars; a turn of unknown cost is counted in `unpriced`, never as zero. */
  readonly costUsd: number;
  readonly unpriced: number;
  /** Input and output together, of the turns that told them; the others are counted in `uncounted`. */
  readonly tokens: number;
  readonly uncounted: number;
}

export interface StepState {
  readonly path: StepPath;
  readonly address: string;
  readonly lane: string;
  readonly frame: FrameId;
  readonly parent?: Parent;
  readonly generation: number;
  readonly phase:
    | 'starting'
    | 'queued'
    | 'agent'
    | 'checkpoint'
    | 'gates'
    | 'asking'
    /** For its provider, which did not answer. */
    | 'waiting'
    | 'reset'
    | 'advance'
    /** Steps inside it run. */
    | 'body'
    | 'passed'
    | 'failed'
    | 'skipped';
  /** The worktree's files before the step's own changes: where a reset goes, what its diff is against. */
  readonly before: Commit;
  readonly startedAt: number;
  readonly attempt: number;
  readonly agent?: string;
  readonly use?: SessionUse;
  readonly entries: readonly number[];
  readonly interruptions: number;
  /** How many of them were in order: their process had been told to end, and stopped the turn. */
  readonly stops?: number;
  /** How often, and how long in all, the current attempt has waited for its provider. */
  readonly waited?: { readonly times: number; readonly ms: number };
  /** The turn before was cut off by its provider: the next one goes on in its conversation and is told the task again. */
  readonly cutOff?: true;
  /** What a person decided about the interruption that was the last. */
  readonly goesOn?: Answer;
  /** Of the newest turn that told one: the agent it belongs to and the attempt that told it. */
  readonly session?: { readonly ref: SessionRef; readonly agent: string; readonly attempt: number };
  /** Id of a conversation that the agent could not go on with: never asked for again by this step. */
  readonly lostSession?: string;
  readonly report?: AgentReport;
  readonly checkpoint?: Checkpoint;
  /** Results of the current attempt, by gate name. */
  readonly gates: Readonly<Record<string, GateReport>>;
  /** Why the current attempt fails, from the moment it is known. */
  readonly failure?: Failure;
  /** The attempt before the current one: what `{prev.…}`, `{error}`, `{diff}` and `{gate.…}` read. */
  readonly previous?: AttemptView;
  /** The accepted structured output: tasks as JSON, `true` or `false` of a verdict, an artifact. */
  readonly output?: Text;
  readonly comments?: string;
  /** Of a split. */
  readonly tasks?: readonly Task[];
  /** Of a step with steps inside: which frame is opened next, and which is merged next. */
  readonly opened: number;
  readonly merged: number;
  /** Of a split whose tasks run again by its own retry: which time it is. */
  readonly round?: number;
  /** Of a call: what it has spent, and what it gave back. */
  readonly spent?: Spent;
  readonly outputs?: Readonly<Record<string, readonly Text[]>>;
  /** What its own turns have cost, over attempts and resumes. */
  readonly paid?: Spent;
  /** Verdicts of retry entries for the attempt that comes next. */
  readonly retryVerdicts: Readonly<Record<string, boolean>>;
  /** What the workflow that runs before the current attempt gave back. */
  readonly got?: Readonly<Record<string, readonly Text[]>>;
  /** A person answered in the current attempt. */
  readonly answer?: Answer;
  /** The tree with what gates have left, as it was when a person was asked. */
  readonly asked?: string;
  /** A person changed files before they answered. */
  readonly edited?: true;
  /** How often an answer in the current attempt was void. */
  readonly voided?: number;
  readonly commit?: Commit;
}

/** What fields, `{prev.…}` and the retry section can read of an attempt. A step is one, for its current attempt. */
export interface AttemptView {
  /** Of a step. */
  readonly phase?: StepState['phase'];
  readonly attempt: number;
  readonly agent?: string;
  readonly report?: AgentReport;
  readonly checkpoint?: Checkpoint;
  readonly gates: Readonly<Record<string, GateReport>>;
  readonly failure?: Failure;
  readonly output?: Text;
  readonly comments?: string;
}
