import { Fragment, type ReactNode } from 'react';

/**
 * What an agent wrote, as headings, lists, code and emphasis. It becomes elements, never markup: a tag in it is text, an
 * image is its name, a link leads only where http does.
 */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div className="markdown">
      {blocks(text)
        .map((block, index) => ({ ...block, key: String(index) }))
        .map(render)}
    </div>
  );
}

type Block =
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'heading'; readonly text: string }
  | { readonly type: 'list'; readonly items: readonly string[]; readonly ordered: boolean }
  | { readonly type: 'quote'; readonly text: string }
  | { readonly type: 'text'; readonly text: string };

function render(block: Block & { readonly key: string }): ReactNode {
  const { key } = block;
  switch (block.type) {
    case 'code':
      return (
        <pre key={key}>
          <code>{block.text}</code>
        </pre>
      );
    case 'heading':
      return (
        <p key={key} className="heading">
          {inline(block.text)}
        </p>
      );
    case 'list': {
      const items = block.items.map((item, index) => <li key={index}>{inline(item)}</li>);
      return block.ordered ? <ol key={key}>{items}</ol> : <ul key={key}>{items}</ul>;
    }
    case 'quote':
      return <blockquote key={key}>{inline(block.text)}</blockquote>;
    default:
      return <p key={key}>{inline(block.text)}</p>;
  }
}

const item = /^\s*(?:[-*+]|\d+[.)])\s+/;

export function blocks(text: string): readonly Block[] {
  const found: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? '';
    const [, fence] = /^\s*(```+|~~~+)/.exec(line) ?? [];
    if (fence !== undefined) {
      const end = lines.findIndex((one, index) => index > at && one.trim().startsWith(fence));
      const until = end < 0 ? lines.length : end;
      found.push({ type: 'code', text: lines.slice(at + 1, until).join('\n') });
      at = until + 1;
    } else if (line.trim() === '') at += 1;
    else if (/^#{1,6}\s/.test(line)) {
      found.push({ type: 'heading', text: line.replace(/^#+\s+/, '') });
      at += 1;
    } else {
      const kind = item.test(line) ? 'list' : /^\s*>/.test(line) ? 'quote' : 'text';
      const taken: string[] = [];
      while (at < lines.length && (lines[at] ?? '').trim() !== '' && sameKind(lines[at] ?? '', kind))
        taken.push(lines[at++] ?? '');
      if (kind === 'list')
        found.push({ type: 'list', ordered: /^\s*\d/.test(line), items: taken.map((one) => one.replace(item, '')) });
      else
        found.push({
          type: kind,
          text: taken.map((one) => (kind === 'quote' ? one.replace(/^\s*>\s?/, '') : one)).join('\n'),
        });
    }
  }
  return found;
}

function sameKind(line: string, kind: 'list' | 'quote' | 'text'): boolean {
  if (kind === 'list') return item.test(line);
  if (kind === 'quote') return /^\s*>/.test(line);
  return !/^\s*(```|~~~|#{1,6}\s)/.test(line) && !item.test(line);
}

const pieces = /(`[^`\n]+`)|(\*\*[^*\n]+\*\*)|(\*[^*\s](?:[^*\n]*[^*\s])?\*)|(!?\[[^\]\n]*\]\([^)\s]*\))/;

function inline(text: string): ReactNode {
  return text
    .split(pieces)
    .map((piece, index) => <Fragment key={index}>{piece === undefined ? null : one(piece)}</Fragment>);
}

function one(piece: string): ReactNode {
  if (/^`.+`$/.test(piece)) return <code>{piece.slice(1, -1)}</code>;
  if (/^\*\*.+\*\*$/.test(piece)) return <strong>{piece.slice(2, -2)}</strong>;
  if (/^\*.+\*$/.test(piece)) return <em>{piece.slice(1, -1)}</em>;
  const [, image, label = '', target = ''] = /^(!?)\[([^\]]*)\]\(([^)\s]*)\)$/.exec(piece) ?? [];
  if (image === undefined) return piece;
  if (image === '!') return `[picture: ${label}]`;
  if (!/^https?:\/\//.test(target)) return `${label} (${target})`;
  return (
    <a href={target} rel="noreferrer noopener" target="_blank">
      {label || target}
    </a>
  );
}
