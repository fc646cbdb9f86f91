import type { Access, JsonObject } from '@pawl/provider';

/**
 * What a run will do, resolved and checked: stored whole in the first event, so that editing files cannot change a
 * running run. JSON.
 */
export interface Plan extends WorkflowPlan {
  readonly planVersion: 1;
  /** The specification's text, and where it came from as the user wrote it. */
  readonly spec: { readonly text: string; readonly source: string };
  /** Where the run starts: a commit of the user's repository. */
  readonly base: { readonly commit: string; readonly branch?: string; readonly repository: string };
  readonly settings: Settings;
  /** Whose run it is, where many share a store. */
  readonly owner?: string;
  /** What it is found by among others: as they were given, each once. */
  readonly tags?: readonly string[];
  /** What was asked for beside the workflow and its inputs: a replay asks for it again. */
  readonly given?: {
    readonly agent?: string;
    readonly pauseAfter?: readonly string[];
    /** By the address of a step: what a replay put in the place of what the workflow says. */
    readonly edits?: Readonly<
      Record<string, { readonly agent?: string; readonly prompt?: { readonly text: string; readonly file: string } }>
    >;
  };
}

/** What a workflow file compiles to: the part of a plan that does not depend on the repository. */
export interface WorkflowPlan {
  readonly workflow: { readonly name: string; readonly description?: string; readonly source: string };
  readonly limits: Limits;
  /** Every agent a step may run, by the name the workflow uses. */
  readonly agents: Readonly<Record<string, PlannedAgent>>;
  /** Values given by name (`--set`). */
  readonly inputs: Readonly<Record<string, string>>;
  readonly steps: readonly PlannedStep[];
}

/** Over the whole run: attempts, retries and planners count. */
export interface Limits {
  readonly costUsd?: number;
  /** Input and output together. */
  readonly tokens?: number;
  readonly wallMs?: number;
}

/** The configuration that matters to a run. */
export interface Settings {
  /** Commands of the gates by kind; an absent one is found from the project. */
  readonly commands: Readonly<Partial<Record<'compile' | 'test' | 'lint' | 'coverage', string>>>;
  /** Prepares a new worktree (installs dependencies, …); its failure fails the run. */
  readonly setup?: string;
  /** Runs in a worktree before it is taken away. */
  readonly teardown?: string;
  /** What each new worktree is given of the user's checkout although git ignores it, before the setup runs. */
  readonly bringIn?: {
    /** Lines as in `.gitignore`, of `.worktreeinclude`. */
    readonly patterns?: string;
    readonly entries?: readonly {
      readonly path: string;
      readonly how: 'copy' | 'link' | 'template';
      readonly from?: string;
    }[];
  };
  readonly gateTimeoutMs: number;
  /** How much of a failure the automatic retry section carries, in characters. */
  readonly failureChars: { readonly error: number; readonly diff: number };
  /** Lanes at once where the workflow does not say; undefined is no limit. */
  readonly maxParallel?: number;
  /** Turns of one provider at once, over all lanes. */
  readonly providerLimits?: Readonly<Record<string, number>>;
  /** The same failure with the same files twice in a row: end the step, go on at the next entry with another agent, or go on. */
  readonly noProgress?: 'stop' | 'escalate' | 'ignore';
  /** A turn that tells no cost while a limit of money holds. Default `warn`. */
  readonly unknownCost?: 'warn' | 'fail' | 'estimate';
  /**
   * How long an attempt waits, in all, for a provider that is limited, overloaded or out of reach before it has failed.
   * Default 0: not at all.
   */
  readonly maxWaitMs?: number;
  /**
   * A turn that was interrupted: `resume` goes on in its conversation (the default), `retry` asks anew in a new one, `ask`
   * lets a person decide. Each is counted.
   */
  readonly onInterrupt?: 'resume' | 'retry' | 'ask';
  /** Text of `.pawl/conventions.md`, told to every agent that writes code. */
  readonly conventions?: string;
}

export interface PlannedAgent {
  readonly name: string;
  readonly provider: string;
  /** What the CLI is given; undefined leaves its default. */
  readonly model?: string;
  readonly options: JsonObject;
}

export type PlannedStep = AgentStep | GateStep | GroupStep | CallStep;
export type StepKind = PlannedStep['kind'];

interface StepCommon {
  readonly name: string;
  /**
   * Names from the root joined by `/`, without tasks: `decompose/impl`. Unique in a plan. The steps of a gate's or of a
   * `get` workflow stand below `gate/<name>` and `get/<workflow>` of their step.
   */
  readonly address: string;
  readonly gates: readonly PlannedGate[];
  readonly retry: Retry;
  /** The step is skipped when it does not hold. */
  readonly when?: Condition;
  /** A person decides before the gates run, or after them. */
  readonly pause?: 'before_gate' | 'after_gate';
}

/**
 * `code` changes files; `split` plans tasks and runs `each` for every one; `validate` gives a verdict; `artifact` gives
 * a text, or JSON by a schema.
 */
export interface AgentStep extends StepCommon {
  readonly kind: 'code' | 'split' | 'validate' | 'artifact';
  /** An agent name, or one that an earlier step's field gives (`{impl.agent}`). Undefined (`pass`): nobody works, gates only judge. */
  readonly agent?: Template;
  readonly prompt: Template;
  readonly context: readonly ContextSource[];
  readonly session: PlannedSession;
  readonly guard: Guard;
  readonly access: Access;
  /** `none`: the agent works in an empty folder of its own and sees no file of the project. */
  readonly worktree: 'lane' | 'none';
  /** A workflow that runs before each attempt; its outputs are fields of the step `<address>/get/<workflow>`. */
  readonly get?: CallStep;
  /** JSON Schema of an artifact's output, or in addition of a verdict's. */
  readonly output?: JsonObject;
  /** Of a split: the steps of each task. Empty otherwise. */
  readonly each: readonly PlannedStep[];
  /** Of a split: tasks side by side, each in a lane of its own. */
  readonly parallel?: Parallel;
}

/** Only checks. */
export interface GateStep extends StepCommon {
  readonly kind: 'gate';
}

/** Steps one after the other, or side by side, each in a lane of its own; then the group's own gates. */
export interface GroupStep extends StepCommon {
  readonly kind: 'group';
  readonly steps: readonly PlannedStep[];
  readonly parallel?: Parallel;
  /** The steps run again until it holds, at most so often. */
  readonly loop?: { readonly until: Condition; readonly max: number };
}

/** Another workflow, with a scope of its own: it sees its inputs and nothing else of its caller. */
export interface CallStep extends StepCommon {
  readonly kind: 'call';
  readonly workflow: { readonly name: string; readonly source: string };
  /** Evaluated in the caller's place when the call starts. */
  readonly inputs: Readonly<Record<string, Template>>;
  readonly limits: Limits;
  readonly steps: readonly PlannedStep[];
  /** Evaluated inside when it has passed; fields of the call. `output` is always among them. */
  readonly outputs: Readonly<Record<string, Template>>;
}

/** `max` lanes at once; undefined leaves it to the machine's setting. */
export interface Parallel {
  readonly max?: number;
  /**
   * Who resolves a conflict of a lane, in its worktree: of a split one for all tasks, of a group one for each step.
   * Absent: a conflict fails the step.
   */
  readonly onConflict?: readonly AgentStep[];
}

/** Compares texts; as numbers where both sides are. `{ value }` alone holds unless it is empty, `false` or `0`. */
export type Condition =
  | { readonly is: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly is: 'not'; readonly of: Condition }
  | { readonly is: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains'; readonly left: Operand; readonly right: Operand }
  | { readonly is: 'true'; readonly value: Operand }
  /** The gates of this name passed when they ran last (in a loop: of the group itself). */
  | { readonly is: 'gate'; readonly gate: string };
export type Operand = string | number | boolean | Reference;

export type ContextSource =
  /** A file of the worktree; a missing one fails the attempt. */
  | { readonly type: 'file'; readonly path: Template }
  /** A command run in the worktree; its standard output is the context. A failure is a warning. */
  | { readonly type: 'bash'; readonly command: string };

/** `from` goes on with the conversation of a step; `fork` with a copy of it, which leaves the step's own as it is. */
export type PlannedSession = { readonly mode: 'new' } | { readonly mode: 'from' | 'fork'; readonly address: string };

/** Of one attempt. */
export interface Guard {
  readonly turns?: number;
  readonly costUsd?: number;
  readonly tokens?: number;
  readonly wallMs?: number;
  /** The worktree must be as it was. */
  readonly noWrite: boolean;
}

/** `attempts` is the total allowed; 1 is no retry. An entry applies from its attempt on; later ones override earlier ones. */
export interface Retry {
  readonly attempts: number;
  readonly entries: readonly RetryEntry[];
}
export interface RetryEntry {
  /** In force from this attempt on; 2 where only a condition is given. */
  readonly attempt: number;
  /** Only while this gate failed in the attempt before. */
  readonly not?: string;
  /** Only when this workflow's verdict, asked before the attempt, is yes. */
  readonly validate?: CallStep;
  readonly agent?: Template;
  readonly session?: PlannedSession;
  readonly worktree?: 'reset';
  readonly prompt?: Template;
}

/** `name` is unique in its step: the key in the state and in `{gate.<name>}`. */
export type PlannedGate = { readonly name: string } & (
  | { readonly kind: 'compile' | 'test' | 'lint' | 'tests_found' }
  | { readonly kind: 'bash'; readonly command: string }
  | { readonly kind: 'schema'; readonly schema: 'tasks' | 'verdict' }
  | { readonly kind: 'touched' | 'untouched'; readonly glob: string }
  /** At least so many percent, as the project's own tool tells it. */
  | { readonly kind: 'coverage'; readonly atLeast: number }
  /** A workflow's own verdict. */
  | { readonly kind: 'validate'; readonly call: CallStep }
  /** Every changed file lies in the task's `files`. Added by the core for a task that names some. */
  | { readonly kind: 'task_files'; readonly globs: readonly string[] }
  /** None of these files holds a conflict mark. Added by the core for who resolves a conflict. */
  | { readonly kind: 'conflict_marks'; readonly files: readonly string[] }
);
export type GateKind = PlannedGate['kind'];

/**
 * A text with references, parsed once, line by line: a line that holds a reference and comes out blank is left out.
 * What a reference yields is never scanned again.
 */
export type Template = readonly TemplateLine[];
export type TemplateLine = readonly (string | Reference)[];

/** What a placeholder stands for, resolved at compile time. */
export type Reference =
  | { readonly ref: 'spec' | 'attempt' | 'error' | 'diff' | 'output' }
  | { readonly ref: 'task'; readonly field: 'name' | 'description' | 'files' }
  | { readonly ref: 'input'; readonly name: string }
  /** The step's own fields after its previous attempt. */
  | { readonly ref: 'prev'; readonly field: string }
  /** The step's own gate in its previous attempt. */
  | { readonly ref: 'gate'; readonly gate: string; readonly field: 'pass' | 'comments' | 'error' }
  | { readonly ref: 'step'; readonly address: string; readonly field: string };

/** A unit of work that a split planned. */
export interface Task {
  /** One path segment: no `/`, no control characters, not `.` or `..`; unique in its split. */
  readonly name: string;
  readonly description: string;
  /** Globs of the files it may touch; empty is no restriction. */
  readonly files: readonly string[];
}
