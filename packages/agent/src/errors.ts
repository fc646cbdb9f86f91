export type AgentErrorCode =
  /** The session belongs to another agent. */
  | 'foreign-session'
  /** There is no session to go on with or to fork. */
  | 'no-session'
  /** More than one session begins with this id. */
  | 'ambiguous-session'
  /** The agent has a session of that id already. */
  | 'session-exists'
  /** There is no such file, or it cannot be read. */
  | 'no-bundle'
  /** It is no bundle of a session, was changed, or is cut off. */
  | 'bad-bundle'
  /** A newer pawl wrote it. */
  | 'newer-bundle'
  | 'file-exists'
  /** A turn of this agent is running. */
  | 'busy';

const marker = Symbol.for('pawl.agent-error.v1');

/** Wrong use only: what goes wrong in a turn is the `outcome` of its result. Use {@link AgentError.is}. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: AgentErrorCode;

  constructor(code: AgentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }

  static is(value: unknown): value is AgentError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}
