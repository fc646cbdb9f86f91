import type { Block, Table } from '../document.ts';
import { escapeHtml } from './escape.ts';

export function blocksAsHtml(blocks: readonly Block[]): string {
  return blocks.map(htmlOf).join('\n');
}

function htmlOf(block: Block): string {
  switch (block.kind) {
    case 'title':
      return `<h1>${escapeHtml(block.text)}</h1>`;
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case 'lines':
      return block.lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n');
    case 'item': {
      const quote = block.quote ? `\n<pre>${escapeHtml(block.quote.join('\n'))}</pre>` : '';
      return `<p>${escapeHtml(block.mark)} ${escapeHtml(block.text)}</p>${quote}`;
    }
    case 'table':
      return tableHtml(block.table);
  }
}

export function tableHtml({ columns, rows }: Table): string {
  if (rows.length === 0) return '';
  const right = (index: number): string => (columns[index]?.align === 'right' ? ' class="right"' : '');
  const head = columns.map(({ title }, index) => `<th${right(index)}>${escapeHtml(title)}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell, index) => `<td${right(index)}>${escapeHtml(cell)}</td>`).join('')}</tr>`)
    .join('\n');
  return `<div class="wide"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody></table></div>`;
}
