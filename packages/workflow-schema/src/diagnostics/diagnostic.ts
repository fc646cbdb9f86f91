/** A stretch of text, 1-based; columns count UTF-16 code units, the end is exclusive. A byte order mark is no column. */
export interface Range {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Diagnostic extends Range {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  /** One sentence without a full stop: what is wrong. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
  readonly file: string;
}

export type DiagnosticCode =
  | 'yaml-syntax'
  | 'too-large'
  | 'control-character'
  | 'duplicate-key'
  | 'empty'
  | 'unknown-key'
  | 'unknown-value'
  | 'replaced'
  | 'missing-key'
  | 'not-supported-yet'
  | 'missing-value'
  | 'wrong-type'
  | 'invalid-value'
  | 'invalid-name'
  | 'duplicate-name'
  | 'reserved-name'
  /** A key that does not go with the rest of its step. */
  | 'misplaced'
  /** Both `get:` or `run:` and the flat form. */
  | 'flat-and-block'
  | 'retry-order'
  | 'dead-entry'
  | 'no-effect'
  | 'unknown-name'
  | 'unknown-field'
  /** The name stands for a step that runs once per task. */
  | 'ambiguous'
  | 'later-step'
  | 'task-outside-each'
  | 'session-target'
  | 'session-agent'
  | 'unknown-agent'
  | 'unknown-provider'
  | 'agent-template'
  | 'prompt-file'
  | 'input-name'
  | 'unused-input'
  /** A workflow that is called: it does not exist, calls itself, or gives no verdict where one is asked. */
  | 'unknown-workflow'
  | 'workflow-cycle'
  | 'no-verdict'
  | 'missing-input'
  | 'unknown-input'
  | 'input-value'
  | 'condition'
  /** The step runs at the same time. */
  | 'side-by-side'
  /** The agent exists, but cannot do what the step asks. */
  | 'agent-cannot';
