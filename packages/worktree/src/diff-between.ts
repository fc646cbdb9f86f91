import { type Diff, defaultMaxDiffBytes, runDiff } from './diff.ts';
import { checkedCommit } from './names.ts';
import type { Repository } from './repository.ts';
import { withShadow } from './shadow.ts';

/** What changed between two commits of the repository. */
export async function diffBetween(
  repository: Repository,
  from: string,
  to: string,
  options: { readonly maxDiffBytes?: number } = {},
): Promise<Diff> {
  const range = { from: checkedCommit(from), to: checkedCommit(to) };
  const { maxDiffBytes = defaultMaxDiffBytes } = options;
  const { files, insertions, deletions, diff } = await withShadow(repository, (shadow) =>
    runDiff(repository.context, (args, maxBytes) => shadow.call(args, { maxBytes }), { ...range, maxDiffBytes }),
  );
  return { files, insertions, deletions, diff };
}
