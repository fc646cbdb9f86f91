// GET /api/session, POST /api/session { token }, DELETE /api/session

/** A viewer sees, an operator acts. */
export type Role = 'viewer' | 'operator';
export interface Me {
  readonly user: string;
  readonly role: Role;
  /** Nobody may act, whatever the role. */
  readonly readOnly: boolean;
  readonly version: string;
  readonly repositories: readonly Repository[];
}
export interface Repository {
  readonly id: string;
  readonly name: string;
  readonly path: string;
}
/** The body of every answer from 400 on. `hint`: what to do. */
export interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}
