/** A session with those that were forked from it. */
export interface ForkTree<T> {
  readonly session: T;
  readonly forks: readonly ForkTree<T>[];
  /** It has more forks than are shown. */
  readonly more?: true;
}

/** One line a session, the branches drawn in front of it. */
export function treeLines<T>(tree: ForkTree<T>, line: (session: T) => string): readonly string[] {
  return [line(tree.session), ...branches(tree, '', line)];
}

function branches<T>({ forks, more }: ForkTree<T>, space: string, line: (session: T) => string): readonly string[] {
  const lines = forks.flatMap((fork, index) => {
    const last = index === forks.length - 1 && !more;
    return [
      `${space}${last ? '└─ ' : '├─ '}${line(fork.session)}`,
      ...branches(fork, `${space}${last ? '   ' : '│  '}`, line),
    ];
  });
  return more ? [...lines, `${space}└─ …`] : lines;
}
