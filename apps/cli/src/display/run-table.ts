import { displayWidth, pad, plainLine } from '@pawl/report';
import type { Standing } from '../runs.ts';
import type { Piece, Screen, Style } from '../terminal.ts';

export interface RunRow {
  readonly id: string;
  readonly startedAt: number;
  readonly status: Standing;
  readonly took: string;
  readonly workflow: string;
  readonly spec: string;
  readonly repository: string;
}

const marks: Readonly<Record<Standing, readonly [string, Style]>> = {
  running: ['▸', 'cyan'],
  stopping: ['■', 'yellow'],
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  aborted: ['■', 'yellow'],
  interrupted: ['!', 'yellow'],
  waiting: ['?', 'yellow'],
};

/** One line a run. Where there is little room the columns in the middle go first; the specification is cut last. */
export function runTable(rows: readonly RunRow[], screen: Screen, all: boolean): readonly string[] {
  const columns: readonly (readonly string[])[] = [
    rows.map((row) => localTime(row.startedAt)),
    rows.map((row) => row.status),
    rows.map((row) => row.took),
    rows.map((row) => plainLine(row.workflow)),
  ];
  const last = rows.map(({ spec, repository }) =>
    all ? `${plainLine(spec)}  ${plainLine(repository)}` : plainLine(spec),
  );
  const ids = Math.max(...rows.map((row) => row.id.length));
  const widths = columns.map((cells) => Math.max(...cells.map(displayWidth)));
  const wanted = Math.min(Math.max(...last.map(displayWidth)), 24);
  // Took, time, workflow: in this order they can be missed.
  const shown = new Set(columns.keys());
  const used = () => [...shown].reduce((sum, index) => sum + (widths[index] ?? 0) + 2, 2 + ids + 2);
  for (const index of [2, 0, 3]) if (used() + wanted > screen.width) shown.delete(index);
  return rows.map(({ id, status }, row) => {
    const [mark, style] = marks[status];
    const cells = [...shown].map((index): Piece => {
      const cell = pad(columns[index]?.[row] ?? '', widths[index] ?? 0);
      return index === 1 ? [style, `  ${cell}`] : `  ${cell}`;
    });
    return screen.line([style, mark], ` ${pad(id, ids)}`, ...cells, `  ${last[row] ?? ''}`).trimEnd();
  });
}

/** To the minute, where the reader is. */
export function localTime(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
