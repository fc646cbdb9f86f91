import { WorktreeError } from './errors.ts';
import { type GitContext, git } from './git.ts';
import type { Shadow } from './shadow.ts';

/** A commit as git stores it; bytes as `latin1`. */
export interface RawCommit {
  readonly id: string;
  readonly tree: string;
  readonly subject: string;
  /** The same author, committer, times and message with other files and another parent; a signature would be void. */
  moved(tree: string, parent: string): string;
}

/** From the first one on `base` to `tip`; none where `tip` is in `base`. Two git processes. */
export async function commitsOnto(
  context: GitContext,
  shadow: Shadow,
  base: string,
  tip: string,
  objects?: { readonly folder: string; readonly write: boolean },
): Promise<RawCommit[]> {
  const options = objects ? { objects } : {};
  const list = await git(
    context,
    shadow.call(['rev-list', '--reverse', '--topo-order', tip, `^${base}`, '--'], options),
  );
  const ids = list.stdout.split('\n').slice(0, -1);
  if (ids.length === 0) return [];
  const stdin = ids.map((id) => `${id}\n`).join('');
  const { stdout } = await git(context, shadow.call(['cat-file', '--batch'], { ...options, stdin }));
  const commits: RawCommit[] = [];
  let [at, expected] = [0, base];
  for (const id of ids) {
    const end = stdout.indexOf('\n', at);
    const size = Number(stdout.slice(at, end).split(' ')[2]);
    const body = stdout.slice(end + 1, end + 1 + size);
    at = end + 1 + size + 1;
    commits.push(parse(id, body, expected));
    expected = id;
  }
  return commits;
}

function parse(id: string, body: string, expected: string): RawCommit {
  const split = body.indexOf('\n\n');
  const head = body.slice(0, split).split('\n');
  const parents = head.filter((line) => line.startsWith('parent '));
  if (parents.length !== 1 || parents[0] !== `parent ${expected}`) {
    throw new WorktreeError(
      'not-linear',
      `The commit ${id} does not stand on ${expected} alone: name the commit that the lane began at.`,
    );
  }
  const kept = head.filter((line) => /^(?:author|committer|encoding) /.test(line)).join('\n');
  const message = body.slice(split);
  return {
    id,
    tree: (head[0] ?? '').slice('tree '.length),
    subject: Buffer.from(message.slice(2).split('\n', 1)[0] ?? '', 'latin1').toString('utf8'),
    moved: (tree, parent) => `tree ${tree}\nparent ${parent}\n${kept}${message}`,
  };
}
