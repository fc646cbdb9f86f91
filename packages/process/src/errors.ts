const marker = Symbol.for('pawl.process-error.v1');

/** Wrong use of this package. What goes wrong with a process is a value: see `Exit` and `CommandResult`. */
export type ProcessErrorCode = 'already-iterated';

/** Use {@link ProcessError.is}: `instanceof` fails across copies. */
export class ProcessError extends Error {
  override readonly name = 'ProcessError';
  readonly code: ProcessErrorCode;

  constructor(code: ProcessErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }

  static is(value: unknown): value is ProcessError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}
