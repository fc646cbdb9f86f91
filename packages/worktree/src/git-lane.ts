import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BringInOptions, type BroughtIn, bringIn } from './bring-in.ts';
import { commitMessage, writeCommit } from './commit-object.ts';
import { defaultMaxDiffBytes } from './diff.ts';
import { WorktreeError } from './errors.ts';
import type { GitChange, Guard } from './guard.ts';
import type {
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
import { stagedConflict } from './lane-conflict.ts';
import { mergeLane } from './lane-merge.ts';
import type { LaneParts } from './lane-parts.ts';
import { checkPlace, settleWorktree } from './lane-place.ts';
import { branchMoved, unknownCommit } from './lane-refs.ts';
import { removeLane } from './lane-remove.ts';
import { checkedCommit } from './names.ts';
import type { Conflict } from './pick.ts';
import { restore } from './restore.ts';
import { pawl } from './settings.ts';

export class GitLane implements Lane {
  readonly path: string;
  readonly branch: string;
  readonly #parts: LaneParts;
  readonly #guard: Guard;
  /** What our index holds, where that is known to be the files' state at a checkpoint. */
  #indexTree: string | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(parts: LaneParts, guard: Guard) {
    this.path = parts.place.path;
    this.branch = parts.place.branch;
    this.#parts = parts;
    this.#guard = guard;
  }

  checkpoint(options: CheckpointOptions): Promise<Checkpoint> {
    return this.#inTurn(() => this.#checkpoint(options));
  }

  async reset(to: string): Promise<void> {
    await this.undo(to);
  }

  undo(checkpoint: string): Promise<string> {
    return this.#inTurn(() => this.#reset(checkedCommit(checkpoint)));
  }

  advance(options: AdvanceOptions): Promise<string | undefined> {
    return this.#inTurn(() => this.#advance(options));
  }

  merge(options: MergeOptions): Promise<Merged | { readonly conflict: Conflict }> {
    return this.#inTurn(() => {
      this.#indexTree = undefined;
      return mergeLane(this.#parts, options);
    });
  }

  stageConflict(options: StageConflictOptions): Promise<StagedConflict> {
    return this.#inTurn(async () => {
      const staged = await stagedConflict(this.#parts, options);
      await this.#reset(staged.commit);
      return staged;
    });
  }

  bringIn(options: BringInOptions): Promise<BroughtIn> {
    return this.#inTurn(() => bringIn(this.#parts, options));
  }

  watch(): Promise<void> {
    return this.#inTurn(() => this.#guard.watch());
  }

  verify(): Promise<GitChange[]> {
    return this.#inTurn(() => this.#guard.changes());
  }

  hasCommit(commit: string): Promise<boolean> {
    return this.#inTurn(() => this.#parts.refs.hasCommit(checkedCommit(commit)));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#last;
    await rm(join(this.#parts.place.own, 'owner.json'), { force: true });
  }

  async remove(options: RemoveOptions = {}): Promise<string> {
    const saved = await this.#inTurn(() => removeLane(this.#parts, options.branch === 'drop'));
    await this.close();
    return saved;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new WorktreeError('lane-closed', `The lane ${this.branch} was closed: open it again.`);
    const before = this.#last;
    const result = before.then(async () => {
      await checkPlace(this.#parts.place);
      return work();
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #checkpoint(options: CheckpointOptions): Promise<Checkpoint> {
    const { snapshots, refs, keeper } = this.#parts;
    const since = checkedCommit(options.since);
    const found = await snapshots.tree();
    const { tree, ...diff } =
      found === refs.knownTree(since)
        ? { tree: found, files: [], insertions: 0, deletions: 0, diff: '' }
        : await snapshots.compare(since, found, options.maxDiffBytes ?? defaultMaxDiffBytes);
    const { skipped } = snapshots;
    this.#indexTree = tree;
    if (diff.files.length === 0) {
      keeper.know(since, tree);
      return { commit: since, tree, ...diff, skipped };
    }
    const commit = await keeper.keep(tree, since, options.name, options.message);
    return { commit, tree, ...diff, skipped };
  }

  async #reset(commit: string): Promise<string> {
    const { repository, place, record, snapshots, refs, keeper } = this.#parts;
    if (!(await refs.hasCommit(commit))) throw unknownCommit(commit);
    const name = 'before-reset';
    const saved = await keeper.save({ to: commit, name, message: 'what was there before a reset' });
    this.#indexTree = undefined;
    await restore(repository.context, await snapshots.shadow(), commit, record.submodules);
    this.#indexTree = refs.knownTree(commit);
    await refs.update([`update HEAD ${commit}`]);
    await settleWorktree(place, record.adminDir, snapshots.index);
    return saved;
  }

  async #advance(options: AdvanceOptions): Promise<string | undefined> {
    const { repository, place, record, snapshots, refs, keeper } = this.#parts;
    const from = checkedCommit(options.from);
    const checkpoint = checkedCommit(options.checkpoint);
    const tree = await refs.treeOf(checkpoint);
    if (from === checkpoint || tree === (await refs.treeOf(from))) return undefined;
    const author = repository.settings.person ?? pawl;
    const object = { tree, parent: from, author, message: commitMessage(options) };
    const commit = await writeCommit(repository, object, new Date());
    const result = await refs.tryUpdate([`update ${refs.branch} ${commit} ${from}`, `update HEAD ${commit}`]);
    if (result.code !== 0) return this.#alreadyAdvanced(from, tree, result.stderr);
    keeper.know(commit, tree);
    await settleWorktree(place, record.adminDir, this.#indexTree === tree ? snapshots.index : undefined);
    return commit;
  }

  /** After a crash nobody knows whether the step was taken: the branch does. */
  async #alreadyAdvanced(from: string, tree: string, stderr: string): Promise<string> {
    const { refs } = this.#parts;
    const found = await refs.run(['log', '-1', '--no-show-signature', '--format=%H %P %T', refs.branch, '--']);
    const [commit = 'nowhere', ...rest] = found.stdout.trim().split(' ');
    if (rest.join(' ') === `${from} ${tree}`) return commit;
    if (commit === from) throw new WorktreeError('git-failed', `git update-ref failed: ${stderr.trim()}`);
    throw branchMoved(this.branch, commit, from);
  }
}
