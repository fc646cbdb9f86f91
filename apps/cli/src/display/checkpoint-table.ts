import { displayWidth, pad, plainLine } from '@pawl/report';
import type { CheckpointEntry } from '@pawl/worktree';
import type { Screen } from '../terminal.ts';
import { localTime } from './run-table.ts';

/** One line a checkpoint. Where there is little room sizes, times and runs go, in this order; the name is cut last. */
export function checkpointTable(rows: readonly CheckpointEntry[], screen: Screen): readonly string[] {
  const names = rows.map(({ name }) => plainLine(name));
  const columns: readonly (readonly string[])[] = [
    rows.map(({ time }) => localTime(Date.parse(time))),
    rows.map(({ run }) => run),
    rows.map(
      ({ files, insertions, deletions }) => `${files === 1 ? '1 file' : `${files} files`} +${insertions} -${deletions}`,
    ),
  ];
  const widest = (cells: readonly string[]): number => Math.max(0, ...cells.map(displayWidth));
  const wanted = Math.min(widest(names), 24);
  const shown = new Set(columns.keys());
  const used = () => [...shown].reduce((sum, index) => sum + widest(columns[index] ?? []) + 2, 14);
  for (const index of [2, 0, 1]) if (used() + wanted > screen.room) shown.delete(index);
  const cell = (index: number, row: number): string =>
    shown.has(index) ? `  ${pad(columns[index]?.[row] ?? '', widest(columns[index] ?? []))}` : '';
  return rows.map(({ commit }, row) => {
    const name = `  ${shown.has(2) ? pad(names[row] ?? '', widest(names)) : (names[row] ?? '')}`;
    const size = shown.has(2) ? `  ${columns[2]?.[row] ?? ''}` : '';
    return screen.line(['yellow', commit.slice(0, 12)], cell(0, row), cell(1, row), name, ['dim', size]);
  });
}
