export type { ApplyRunOptions } from './apply-plan.ts';
export { type Applied, applyRun } from './apply-run.ts';
export { listBranches } from './branches.ts';
export type { BringInOptions, BroughtIn } from './bring-in.ts';
export type { BringInEntry, Left } from './bring-in-plan.ts';
export { type CheckoutMoment, checkoutAt, checkoutCheckpoints } from './checkout-checkpoints.ts';
export { type CheckpointEntry, listCheckpoints } from './checkpoints.ts';
export type { Diff, FileChange } from './diff.ts';
export { diffBetween } from './diff-between.ts';
export { WorktreeError, type WorktreeErrorCode } from './errors.ts';
export { type ExpireOptions, expireCheckpoints } from './expire.ts';
export { type ForkLaneOptions, forkLane } from './fork-lane.ts';
export type { GitChange } from './guard.ts';
export { hasCommit, type Keeping, keepTree } from './keep-tree.ts';
export type {
  AdvanceOptions,
  Checkpoint,
  CheckpointOptions,
  Lane,
  Merged,
  MergeOptions,
  RemoveOptions,
  StageConflictOptions,
  StagedConflict,
} from './lane.ts';
export { movedOn } from './moved-on.ts';
export { type OpenLaneOptions, openLane } from './open-lane.ts';
export type { Conflict } from './pick.ts';
export { type ApplyPreview, previewApply } from './preview-apply.ts';
export { type RemovedWorktree, type RemoveWorktreeOptions, removeWorktree } from './remove-worktree.ts';
export { type OpenRepositoryOptions, openRepository, type Repository } from './repository.ts';
export type { Person, Settings } from './settings.ts';
export { type CheckoutSnapshot, snapshotCheckout } from './snapshot-checkout.ts';
export { readTreeBundle, writeTreeBundle } from './tree-bundle.ts';
export { type Undone, type UndoOptions, undo } from './undo.ts';
export { type WorktreeEntry, type WorktreesOptions, worktreesOf } from './worktrees.ts';
