const marker = Symbol.for('pawl.worktree-error.v1');

export type WorktreeErrorCode =
  | 'git-not-found'
  | 'git-too-old'
  /** A git command failed in a way that has no name of its own; the message holds what git said. */
  | 'git-failed'
  | 'timeout'
  | 'not-a-repository'
  | 'bare-repository'
  | 'no-commit'
  /** Git does not trust the owner of the repository. */
  | 'unsafe-repository'
  | 'bad-name'
  | 'unknown-commit'
  /** What stands in the lane's place is not the lane. */
  | 'lane-broken'
  | 'lane-closed'
  | 'busy'
  /** The state of the files could not be saved first, so nothing was changed. */
  | 'no-checkpoint'
  | 'too-many-changes'
  /** The branch is not where it was said to be. */
  | 'branch-moved'
  | 'detached-head'
  | 'merge-in-progress'
  | 'local-changes'
  | 'already-applied'
  /** A lane's commits do not stand on the base that was named. */
  | 'not-linear'
  /** It has files that no commit of its branch holds. */
  | 'worktree-dirty'
  /** It has commits that are in none of the user's branches. */
  | 'worktree-unmerged'
  /** A process that lives works in it. */
  | 'worktree-in-use'
  | 'branch-exists'
  | 'bad-branch'
  /** A path to bring in that leads out, or that nothing can be made of. */
  | 'bad-entry'
  | 'merge-conflict'
  /** What is said to hold files of a session does not, or is damaged. */
  | 'bad-bundle';

/** Use {@link WorktreeError.is}: `instanceof` fails across copies. */
export class WorktreeError extends Error {
  override readonly name = 'WorktreeError';
  readonly code: WorktreeErrorCode;
  /** With `local-changes` and `merge-conflict`: which, relative to the root. */
  readonly files: readonly string[];

  constructor(code: WorktreeErrorCode, message: string, options?: ErrorOptions & { files?: readonly string[] }) {
    super(message, options);
    this.code = code;
    this.files = options?.files ?? [];
    Object.defineProperty(this, marker, { value: true });
  }

  static is(value: unknown): value is WorktreeError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}
