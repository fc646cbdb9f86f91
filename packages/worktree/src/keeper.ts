import { commitMessage, writeCommit } from './commit-object.ts';
import { WorktreeError } from './errors.ts';
import type { LaneRecord, Place } from './lane-place.ts';
import type { LaneRefs } from './lane-refs.ts';
import { digest, slug } from './names.ts';
import type { Repository } from './repository.ts';
import { saveHidden } from './restore.ts';
import { pawl } from './settings.ts';
import type { Snapshots } from './snapshot.ts';

/** The checkpoint of a worktree that is taken away. */
export const removed = 'removed';

/** Writes a lane's checkpoints: commits that a ref keeps. */
export class Keeper {
  readonly #repository: Repository;
  readonly #place: Place;
  readonly #record: LaneRecord;
  readonly #snapshots: Snapshots;
  readonly #refs: LaneRefs;
  /** By tree: a commit that a ref is known to hold. */
  readonly #saved = new Map<string, string>();

  constructor(repository: Repository, place: Place, record: LaneRecord, snapshots: Snapshots, refs: LaneRefs) {
    this.#repository = repository;
    this.#place = place;
    this.#record = record;
    this.#snapshots = snapshots;
    this.#refs = refs;
  }

  /** A commit that a ref holds. */
  know(commit: string, tree: string): void {
    this.#refs.know(commit, tree);
    this.#saved.set(tree, commit);
  }

  /** More lines go into the same transaction of refs. */
  async keep(tree: string, parent: string, name: string, message: string, more: readonly string[] = []) {
    const { run, lane, base } = this.#record;
    const named = { 'Pawl-Run': run, 'Pawl-Lane': lane, 'Pawl-Checkpoint': name };
    // It stands for all that the lane had, not for what no commit held alone.
    const trailers = { ...named, ...(name === removed && { 'Pawl-Base': base }) };
    const object = { tree, parent, author: pawl, message: commitMessage({ subject: message, trailers }) };
    const commit = await writeCommit(this.#repository, object, new Date());
    await this.#refs.update([
      `update ${this.#place.refs}/${slug(name)}-${digest(name, tree, parent)} ${commit}`,
      ...more,
    ]);
    this.know(commit, tree);
    return commit;
  }

  /**
   * Makes sure that what is there, and would be lost on the way to `to`, is in a checkpoint; resolves to one. With a
   * `parent` it is always a new one, which then keeps the parent too.
   */
  async save(what: {
    readonly to?: string;
    readonly name: string;
    readonly message: string;
    readonly parent?: string;
  }) {
    try {
      const { context } = this.#repository;
      const { to, name, message, parent } = what;
      const seen = await this.#snapshots.tree();
      const tree = to ? await saveHidden(context, await this.#snapshots.shadow(), this.#place.path, seen, to) : seen;
      const known = parent === undefined ? this.#saved.get(tree) : undefined;
      return known ?? (await this.keep(tree, parent ?? this.#record.base, name, message));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new WorktreeError('no-checkpoint', `Nothing was changed, as the files could not be saved: ${why}`, {
        cause,
      });
    }
  }
}
