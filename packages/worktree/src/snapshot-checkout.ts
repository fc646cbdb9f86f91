import { withTemporaryFolder } from '@pawl/process';
import { git } from './git.ts';
import { keepTree } from './keep-tree.ts';
import type { Repository } from './repository.ts';
import { Snapshots } from './snapshot.ts';

/** What a checkout held at one moment. */
export interface CheckoutSnapshot {
  readonly commit: string;
  readonly tree: string;
  /** The commit that was checked out. */
  readonly base: string;
}

/**
 * Records the files of any checkout, the user's own included, as a checkpoint below `refs/pawl/<name>`: tracked and
 * untracked, not what is ignored. The checkout and its index are as before.
 */
export function snapshotCheckout(repository: Repository, name: string, message: string): Promise<CheckoutSnapshot> {
  const { context, root, head } = repository;
  return withTemporaryFolder('git', async (folder) => {
    const snapshots = new Snapshots(context, repository, root, folder, []);
    await git(context, (await snapshots.shadow()).call(['read-tree', head.commit]));
    const { tree } = await snapshots.compare(head.commit, await snapshots.tree(), 1024);
    const base = head.commit;
    if (tree === head.tree) return { commit: base, tree, base };
    return { commit: await keepTree({ repository, name, checkpoint: 'now', message, tree, parent: base }), tree, base };
  });
}
