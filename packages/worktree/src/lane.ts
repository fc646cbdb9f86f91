import type { BringInOptions, BroughtIn } from './bring-in.ts';
import type { Diff } from './diff.ts';
import type { GitChange } from './guard.ts';
import type { Conflict } from './pick.ts';

/** What a worktree held at one moment, as a commit that a ref keeps. */
export interface Checkpoint extends Diff {
  /** The commit asked for with `since` when nothing differs from it. */
  readonly commit: string;
  readonly tree: string;
  /** Folders that are repositories of their own, made in the worktree: not part of any checkpoint. */
  readonly skipped: readonly string[];
}

export interface CheckpointOptions {
  /** Any text, such as an effect's id; makes up the ref's name. */
  readonly name: string;
  /** The commit the difference is told against; becomes the parent. */
  readonly since: string;
  readonly message: string;
  /** Default 2 MiB; a longer patch ends with a line that says so. */
  readonly maxDiffBytes?: number;
}

export interface AdvanceOptions {
  /** Where the branch is now; the parent of the new commit. */
  readonly from: string;
  /** Its files become those of the new commit. */
  readonly checkpoint: string;
  readonly subject: string;
  readonly body?: string;
  readonly trailers?: Readonly<Record<string, string>>;
}

export interface MergeOptions {
  /** The other lane: its last commit, or its branch `pawl/<run>/<lane>`. */
  readonly from: string;
  /** The commit that both lanes began at. */
  readonly base: string;
  /** Where this lane's branch is now. */
  readonly head: string;
  /** A commit whose files are those of the result: in it a conflict of `from` and `head` was resolved. */
  readonly resolution?: string;
}

export interface StageConflictOptions {
  /** The commit that both lanes began at. */
  readonly base: string;
  /** Where this lane's branch is. */
  readonly head: string;
  /** Where the branch is that it cannot be merged onto. */
  readonly onto: string;
}

export interface StagedConflict {
  /** A checkpoint of what the worktree holds now, made on `head`. */
  readonly commit: string;
  /** In conflict, relative to the root. */
  readonly files: readonly string[];
}

export interface Merged {
  /** Where this lane's branch is now. */
  readonly commit: string;
  /** What the branch gained, oldest first: one for each commit of the other lane. */
  readonly commits: readonly string[];
}

export interface RemoveOptions {
  /** `drop`: the branch goes too; a checkpoint keeps its commits. Default `keep`. */
  readonly branch?: 'keep' | 'drop';
}

/** A worktree of its own with a branch of its own. Calls are carried out one after the other. */
export interface Lane {
  readonly path: string;
  /** `pawl/<run>/<lane>`: holds one commit for each {@link advance}. */
  readonly branch: string;
  /**
   * Records the files as they are: tracked and untracked, not what is ignored, not `.pawl/out/` and `.gump/out/`,
   * submodules as they were in the base. What the agent did with branches and commits does not count. Repeated with
   * the same name and files, it is the same checkpoint; with others, one more: none is ever replaced.
   */
  checkpoint(options: CheckpointOptions): Promise<Checkpoint>;
  /**
   * Files exactly as in that commit; untracked ones are gone, ignored ones stay unless they are in the way. All that
   * goes is in a checkpoint first: where there is none yet, one is made. Fails with `no-checkpoint` if that fails.
   */
  reset(to: string): Promise<void>;
  /** A {@link reset} that resolves to the commit that holds what was there: an undo of that one takes it back. */
  undo(checkpoint: string): Promise<string>;
  /**
   * Puts one commit on the branch and resolves to it; to undefined when the checkpoint holds the files of `from`.
   * Fails with `branch-moved` when the branch is not at `from`, unless this very step has been taken already.
   */
  advance(options: AdvanceOptions): Promise<string | undefined>;
  /**
   * Brings another lane's commits onto this branch, each by a three-way merge, and moves the files there. What was in
   * the worktree beside the branch's files is in a checkpoint and gone. Where lines truly conflict nothing changes.
   * Repeated with the same arguments, it is the same merge. Fails with `branch-moved` when the branch is neither at
   * `head` nor past the result, with `not-linear` when the other lane does not stand on `base`.
   */
  merge(options: MergeOptions): Promise<Merged | { readonly conflict: Conflict }>;
  /**
   * Puts into the worktree what a merge of this lane onto another leaves, with conflict marks in the files that conflict
   * (of binary ones and of those that one side removed, one of the two). The branch stays; what was there is in a
   * checkpoint first. What comes of it can be the `resolution` of a {@link merge}.
   */
  stageConflict(options: StageConflictOptions): Promise<StagedConflict>;
  /** Copies or links files that git ignores from the user's checkout. Never overwrites, never follows a link out. */
  bringIn(options: BringInOptions): Promise<BroughtIn>;
  /**
   * Git's own files, as they were when this lane last looked, are remembered on the disk until {@link verify}: where this
   * process dies, the next one that opens the lane compares with them. Starts no process.
   */
  watch(): Promise<void>;
  /**
   * What changed in git's own files and in refs that are not pawl's, since the lane was opened, this was last called, or
   * since what a process that died has watched. Starts no process.
   */
  verify(): Promise<GitChange[]>;
  hasCommit(commit: string): Promise<boolean>;
  /** Waits for what is under way and lets go. The worktree stays: {@link openLane} attaches to it again. */
  close(): Promise<void>;
  /** Takes the worktree away, behind the checkpoint it resolves to. Ignored and skipped files do not stay. */
  remove(options?: RemoveOptions): Promise<string>;
}
