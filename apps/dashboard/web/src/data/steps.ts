import type { StepRow } from '../../../wire.ts';

/** The tree, parents before what is inside them: its rows may come in pieces and in any order. */
export function inOrder(rows: Iterable<StepRow>): readonly StepRow[] {
  const inside = Map.groupBy(rows, ({ parent }) => parent);
  const tree: StepRow[] = [];
  const visit = (parent: string | undefined): void => {
    const own = inside.get(parent) ?? [];
    for (const row of own.sort((one, other) => tasksLast(one) - tasksLast(other) || one.order - other.order)) {
      tree.push(row);
      visit(row.path);
    }
  };
  visit(undefined);
  return tree;
}

const tasksLast = ({ kind }: StepRow): number => (kind === 'task' ? 1 : 0);

/** What was told later stands in the place of what was told before. */
export function withRows(known: readonly StepRow[], told: readonly StepRow[]): readonly StepRow[] {
  return inOrder(new Map([...known, ...told].map((row) => [row.path, row])).values());
}
