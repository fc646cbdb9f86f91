import type { Row } from './rows.ts';
import { attemptLine } from './step-line.ts';
import { type Color, paint, piecesWidth, statusMarks, statusStyles } from './style.ts';
import { cut, displayWidth, pad } from './width.ts';

type Column = 'agent' | 'tries' | 'turns' | 'tokens' | 'cost' | 'time' | 'lines' | 'gates';
const order: readonly Column[] = ['agent', 'tries', 'turns', 'tokens', 'cost', 'time', 'lines', 'gates'];
/** Where there is no room for all, the ones at the end of this list are left out. */
const importance: readonly Column[] = ['cost', 'time', 'agent', 'tries', 'gates', 'turns', 'tokens', 'lines'];
const leastName = 12;

/** The table of steps; below a step the reasons why its attempts failed. Columns that do not fit are left out whole. */
export function tableLines(rows: readonly Row[], width: number, color: Color): string[] {
  if (rows.length === 0) return [];
  const widths = new Map(order.map((column) => [column, columnWidth(rows, column)]));
  const natural = widest(rows, (row) => (row.path === '' ? 0 : row.depth * 2 + displayWidth(row.name)), 4);
  const shown = new Set<Column>();
  let left = width - 2 - Math.min(natural, leastName);
  for (const column of importance) {
    const needed = (widths.get(column) ?? 0) + 2;
    if (needed === 2 || needed > left) continue;
    shown.add(column);
    left -= needed;
  }
  const columns = order.filter((column) => shown.has(column));
  const nameWidth = Math.min(natural, Math.min(natural, leastName) + left);
  const cell = (column: Column, text: string): string =>
    pad(text, widths.get(column) ?? 0, column === 'agent' || column === 'gates' ? 'left' : 'right');

  const header = [`  ${pad('step', nameWidth)}`, ...columns.map((column) => cell(column, column))].join('  ').trimEnd();
  const lines = [color('dim', header)];
  for (const row of rows) {
    const indent = ' '.repeat(Math.min(row.depth * 2, nameWidth - 4));
    const mark = color(statusStyles[row.status], statusMarks[row.status]);
    if (row.path === '') {
      lines.push(`${mark} ${indent}${cut(row.name, width - 2 - indent.length)}`);
      continue;
    }
    const name = pad(indent + cut(row.name, nameWidth - indent.length), nameWidth);
    const cells = columns.map((column) =>
      column === 'gates' ? paint(row.gates, color, ' ') : cell(column, row[column]),
    );
    lines.push([`${mark} ${name}`, ...cells].join('  ').trimEnd());
    for (const attempt of row.failed) lines.push(attemptLine(attempt, { width, color, indent: indent.length + 4 }));
  }
  return lines;
}

/** 0 where the column says nothing in any row. */
function columnWidth(rows: readonly Row[], column: Column): number {
  if (column !== 'gates' && rows.every((row) => row[column] === '' || row[column] === '?')) return 0;
  const width = widest(
    rows,
    (row) => (column === 'gates' ? piecesWidth(row.gates, ' ') : displayWidth(row[column])),
    0,
  );
  return width === 0 ? 0 : Math.max(width, column.length);
}

function widest(rows: readonly Row[], measure: (row: Row) => number, least: number): number {
  return rows.reduce((width, row) => Math.max(width, measure(row)), least);
}
