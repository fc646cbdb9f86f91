import type { StageConflictOptions, StagedConflict } from './lane.ts';
import type { LaneParts } from './lane-parts.ts';
import { checkedCommit } from './names.ts';
import { mergeTrees, withScratch } from './pick.ts';

/** A checkpoint of what a merge leaves where it cannot go on by itself. The same for the same arguments. */
export async function stagedConflict(parts: LaneParts, options: StageConflictOptions): Promise<StagedConflict> {
  const { repository, snapshots, refs, keeper } = parts;
  const names = [options.base, options.head, options.onto].map(checkedCommit);
  const [base = '', head = '', onto = ''] = (await refs.resolve(names)).map(({ tree }) => tree);
  const shadow = await snapshots.shadow();
  const { tree, files = [] } = await withScratch((scratch) =>
    mergeTrees({ context: repository.context, repository, shadow, scratch, dry: false }, base, onto, head),
  );
  const commit = await keeper.keep(
    tree,
    options.head,
    'conflict',
    `what ${options.head} and ${options.onto} conflict in`,
  );
  return { commit, files };
}
