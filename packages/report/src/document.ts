import { escapeBlock, escapeInline } from './escape-markdown.ts';
import { plainLine } from './plain-text.ts';
import { type Color, columnsOf, noColor, type Style, type TextOptions } from './style.ts';
import { cut, displayWidth, pad, wrap } from './width.ts';

/** A report as blocks, to be shown as text, Markdown or HTML. Texts may hold anything: each form makes them harmless. */
export type Block =
  | { readonly kind: 'title'; readonly text: string; readonly style?: Style }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | {
      readonly kind: 'item';
      readonly mark: string;
      readonly style?: Style;
      readonly text: string;
      readonly quote?: readonly string[];
    }
  | { readonly kind: 'table'; readonly table: Table };

/** The first column names its row. Cells that are empty say nothing. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** No line is wider than the width; a table that does not fit is told row by row. */
export function blocksAsText(blocks: readonly Block[], options: TextOptions): string {
  const { color = noColor } = options;
  const width = columnsOf(options);
  let text = '';
  let before: Block | undefined;
  for (const block of blocks) {
    const lines = textOf(block, width, color);
    if (lines.length === 0) continue;
    // Items stand close together, and what a heading is of close to it.
    const close = before?.kind === 'heading' || (before?.kind === 'item' && block.kind === 'item');
    text += `${before === undefined ? '' : close ? '\n' : '\n\n'}${lines.join('\n')}`;
    before = block;
  }
  return text;
}

function textOf(block: Block, width: number, color: Color): string[] {
  switch (block.kind) {
    case 'title':
      return wrap(plainLine(block.text), width).map((line) => (block.style ? color(block.style, line) : line));
    case 'heading':
      return wrap(plainLine(block.text), width).map((line) => color('bold', line));
    case 'lines':
      return block.lines.flatMap((line) => wrap(plainLine(line), width));
    case 'item': {
      const [first = '', ...rest] = wrap(plainLine(block.text), width - 2);
      const mark = block.style ? color(block.style, block.mark) : block.mark;
      const quote = (block.quote ?? []).map((line) => color('dim', `    ${cut(line, width - 4)}`));
      return [`${mark} ${first}`, ...rest.map((line) => `  ${line}`), ...quote];
    }
    case 'table':
      return tableText(block.table, width, color);
  }
}

function tableText({ columns, rows }: Table, width: number, color: Color): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => row.map(plainLine));
  const widths = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[index] ?? ''))),
  );
  const all = widths.reduce((sum, each) => sum + each, 2 * (widths.length - 1));
  if (all > width) return stacked(columns, cells, width, color);
  const line = (row: readonly string[]): string =>
    columns
      .map(({ align }, index) => pad(row[index] ?? '', widths[index] ?? 0, align))
      .join('  ')
      .trimEnd();
  return [color('dim', line(columns.map(({ title }) => title))), ...cells.map(line)];
}

/** Each row as a list of what its cells say. */
function stacked(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  color: Color,
): string[] {
  const labels = Math.min(20, Math.max(0, ...columns.slice(1).map(({ title }) => displayWidth(title))));
  return rows.flatMap(([name = '', ...cells]) => [
    ...wrap(name, width),
    ...cells.flatMap((cell, index) => {
      if (cell === '') return [];
      const label = cut(columns[index + 1]?.title ?? '', labels);
      const [first = '', ...rest] = wrap(cell, Math.max(10, width - labels - 4));
      const space = ' '.repeat(labels + 4);
      return [`  ${color('dim', pad(label, labels))}  ${first}`, ...rest.map((more) => space + more)];
    }),
  ]);
}

/** GitHub Flavored Markdown. */
export function blocksAsMarkdown(blocks: readonly Block[]): string {
  return `${blocks
    .map(markdownOf)
    .filter((text) => text !== '')
    .join('\n\n')}\n`;
}

function markdownOf(block: Block): string {
  switch (block.kind) {
    case 'title':
      return `# ${escapeInline(plainLine(block.text))}`;
    case 'heading':
      return `## ${escapeInline(plainLine(block.text))}`;
    case 'lines':
      return block.lines.map((line) => escapeBlock(plainLine(line))).join('\n\n');
    case 'item': {
      const quote = (block.quote ?? []).map((line) => `  > ${escapeInline(line)}`);
      return [
        `- ${escapeInline(`${block.mark} ${plainLine(block.text)}`)}`,
        ...(quote.length > 0 ? ['', ...quote] : []),
      ].join('\n');
    }
    case 'table': {
      const { columns, rows } = block.table;
      if (rows.length === 0) return '';
      const row = (cells: readonly string[]): string =>
        `| ${cells.map((cell) => escapeInline(plainLine(cell))).join(' | ')} |`;
      const rule = `|${columns.map(({ align }) => (align === 'right' ? '--:' : '---')).join('|')}|`;
      return [row(columns.map(({ title }) => title)), rule, ...rows.map(row)].join('\n');
    }
  }
}
