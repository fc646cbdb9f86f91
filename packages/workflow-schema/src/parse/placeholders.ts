/** A template's text in parts, in order: literal text, or the name in a placeholder and how it was found. */
export type Part = string | { readonly name: string; readonly at: number };

const placeholder = /\{([A-Za-z_][A-Za-z0-9_./-]*)\}/y;

/**
 * `{name}` is a placeholder; `{{` and `}}` are single braces; any other brace is itself. A `}}` that closes a single
 * `{` is two closing braces, not an escape: `{"a": {"b": 1}}` stays what it is.
 */
export function splitPlaceholders(text: string): Part[] {
  const parts: Part[] = [];
  let literal = '';
  // what is open: an escaped brace, or a single one
  const open: ('{{' | '{')[] = [];
  let at = 0;
  while (at < text.length) {
    const next = nextBrace(text, at);
    literal += text.slice(at, next);
    at = next;
    if (at >= text.length) break;
    const doubled = text[at + 1] === text[at];
    if (text[at] === '{') {
      placeholder.lastIndex = at;
      const name = doubled ? undefined : placeholder.exec(text)?.[1];
      if (name !== undefined) {
        if (literal !== '') parts.push(literal);
        literal = '';
        parts.push({ name, at });
        at += name.length + 2;
        continue;
      }
      open.push(doubled ? '{{' : '{');
      literal += '{';
      at += doubled ? 2 : 1;
    } else {
      const escaped = doubled && open.at(-1) !== '{';
      open.pop();
      literal += '}';
      at += escaped ? 2 : 1;
    }
  }
  if (literal !== '') parts.push(literal);
  return parts;
}

function nextBrace(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{' || text[at] === '}') return at;
  }
  return text.length;
}

/** The parts line by line; an empty line has none. */
export function splitLines(parts: readonly Part[]): Part[][] {
  const lines: Part[][] = [[]];
  for (const part of parts) {
    if (typeof part !== 'string') {
      lines.at(-1)?.push(part);
      continue;
    }
    for (const [index, piece] of part.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (piece !== '') lines.at(-1)?.push(piece);
    }
  }
  return lines;
}
