export type CoreErrorCode = 'event-version-unknown';

const marker = Symbol.for('pawl.core-error.v1');

/** Thrown only by `upcast`; deciding and evolving never throw. */
export class CoreError extends Error {
  override readonly name = 'CoreError';
  readonly code: CoreErrorCode;

  constructor(code: CoreErrorCode, message: string) {
    super(message);
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }

  static is(value: unknown): value is CoreError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}
