import type { Json } from '@pawl/provider';

/** What the process ends with. */
export const exitCodes = {
  passed: 0,
  failed: 1,
  /** Wrong usage, or a workflow that is not valid. */
  usage: 2,
  waiting: 3,
  aborted: 4,
  /** No git repository, an agent that is not installed or not signed in, a database that cannot be opened. */
  environment: 5,
} as const;
/** Failures of an agent that something outside a run must mend. */
const ofTheMachine: ReadonlySet<string> = new Set(['not-installed', 'not-signed-in']);

/** Of a turn that its agent could not do. */
export const exitOfFailure = ({ code }: { readonly code: string }): number =>
  ofTheMachine.has(code) ? exitCodes.environment : exitCodes.failed;

export type ExitName = keyof typeof exitCodes;

/** A refusal: what is wrong, and the command or change that works. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: string;
  readonly exit: ExitName;
  readonly hint: string | undefined;
  /** More for `--json`. */
  readonly details: Readonly<Record<string, Json>>;

  constructor(
    exit: ExitName,
    code: string,
    message: string,
    hint?: string,
    details: Readonly<Record<string, Json>> = {},
  ) {
    super(message);
    this.exit = exit;
    this.code = code;
    this.hint = hint;
    this.details = details;
  }
}
