const marker = Symbol.for('pawl.dashboard-error.v1');

export type DashboardErrorCode =
  | 'not-signed-in'
  | 'wrong-token'
  | 'wrong-host'
  | 'wrong-origin'
  | 'not-json'
  | 'header-missing'
  | 'too-large'
  | 'read-only'
  | 'not-allowed'
  | 'not-found'
  | 'bad-request'
  | 'refused'
  | 'pawl-missing'
  | 'pawl-failed'
  | 'bad-option';

/** A refusal: the status that it is answered with, what is wrong, and what to do. */
export class DashboardError extends Error {
  override readonly name = 'DashboardError';
  readonly code: DashboardErrorCode;
  readonly status: number;
  readonly hint: string | undefined;

  constructor(status: number, code: DashboardErrorCode, message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.code = code;
    this.hint = hint;
    Object.defineProperty(this, marker, { value: true });
  }

  static is(value: unknown): value is DashboardError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}

export const notFound = (what: string): DashboardError => new DashboardError(404, 'not-found', `there is no ${what}`);
export const badRequest = (message: string): DashboardError => new DashboardError(400, 'bad-request', message);
