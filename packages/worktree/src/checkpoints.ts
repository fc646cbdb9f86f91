import { git, readable, runGit } from './git.ts';
import { checkedRun } from './names.ts';
import type { Repository } from './repository.ts';
import { withShadow } from './shadow.ts';

export interface CheckpointEntry {
  readonly commit: string;
  readonly ref: string;
  readonly run: string;
  /** As it was given, such as an effect's id; `before-reset` and the like for those that pawl made by itself. */
  readonly name: string;
  readonly lane?: string;
  readonly message: string;
  /** ISO 8601. */
  readonly time: string;
  /**
   * Against its parent: the commit that the checkpoint was told about with `since`. Of a worktree that was taken away
   * against where its lane began.
   */
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
}

/** All that refs keep of runs, the newest first. Two git processes. */
export async function listCheckpoints(
  repository: Repository,
  options: { readonly run?: string } = {},
): Promise<CheckpointEntry[]> {
  const { run } = options;
  const entries = await readCheckpoints(repository, run === undefined ? undefined : checkedRun(run));
  const sizes = await changesOf(repository, new Map(entries.map(({ commit, base }) => [commit, base])));
  const none = { files: 0, insertions: 0, deletions: 0 };
  return entries
    .map(({ base: _, ...entry }) => ({ ...entry, ...(sizes.get(entry.commit) ?? none) }))
    .sort((one, other) => other.time.localeCompare(one.time) || one.ref.localeCompare(other.ref));
}

type Size = Pick<CheckpointEntry, 'files' | 'insertions' | 'deletions'>;

type Read = Omit<CheckpointEntry, keyof Size> & { readonly base?: string };

/** One process. */
export async function readCheckpoints(repository: Repository, run?: string): Promise<Read[]> {
  const { commonDir, context } = repository;
  const format = '%(refname)%00%(objectname)%00%(objecttype)%00%(committerdate:unix)%00%(contents)%00';
  const args = ['for-each-ref', `--format=${format}`, run === undefined ? 'refs/pawl' : `refs/pawl/${run}`];
  const { stdout } = await git(context, { cwd: commonDir, args, variables: { GIT_DIR: commonDir } });
  const fields = stdout.split('\0');
  const entries: Read[] = [];
  for (let at = 0; at + 5 < fields.length; at += 5) {
    const [ref = '', commit = '', type, seconds, contents = ''] = fields.slice(at, at + 5);
    const [, inRun = ''] = /^\n?refs\/pawl\/([^/]+)\//.exec(ref) ?? [];
    // Whatever else stands there was not made by pawl.
    if (type !== 'commit' || !inRun) continue;
    const text = readable(contents).trimEnd();
    const last = text.slice(text.lastIndexOf('\n\n') + 1).split('\n');
    const trailer = (key: string) => last.findLast((line) => line.startsWith(`${key}: `))?.slice(key.length + 2);
    const lane = trailer('Pawl-Lane');
    const base = trailer('Pawl-Base');
    entries.push({
      commit,
      ref: ref.trimStart(),
      run: inRun,
      name: trailer('Pawl-Checkpoint') ?? ref.slice(ref.lastIndexOf('/') + 1),
      ...(lane !== undefined && { lane }),
      ...(base !== undefined && /^[0-9a-f]{40,64}$/.test(base) && { base }),
      message: text.split('\n', 1)[0] ?? '',
      time: new Date(Number(seconds) * 1000).toISOString(),
    });
  }
  return entries;
}

/** `commits`: each with what it is compared with instead of its parent. */
async function changesOf(
  repository: Repository,
  commits: ReadonlyMap<string, string | undefined>,
): Promise<Map<string, Size>> {
  const sizes = new Map<string, Size>();
  if (commits.size === 0) return sizes;
  const args = ['diff-tree', '--stdin', '-r', '--root', '--shortstat'];
  const options = ['--no-renames', '--no-ext-diff', '--no-textconv'];
  const { stdout } = await withShadow(repository, async (shadow) => {
    const call = (lines: readonly string[]) =>
      shadow.call([...args, ...options], { stdin: lines.map((line) => `${line}\n`).join('') });
    const asked = [...commits].map(([commit, base]) => (base === undefined ? commit : `${commit} ${base}`));
    const result = await runGit(repository.context, call(asked));
    // Somebody else may have named a commit that is not there.
    return result.code === 0 ? result : git(repository.context, call([...commits.keys()]));
  });
  let commit = '';
  for (const line of stdout.split('\n')) {
    if (/^[0-9a-f]{40,64}$/.test(line)) commit = line;
    else if (line.trim()) {
      const count = (what: string) => Number(new RegExp(`(\\d+) ${what}`).exec(line)?.[1] ?? 0);
      sizes.set(commit, { files: count('file'), insertions: count('insertion'), deletions: count('deletion') });
    }
  }
  return sizes;
}
