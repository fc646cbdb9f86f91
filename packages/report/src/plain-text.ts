const escapeCode = 0x1b;
const bellCode = 0x07;
/** What follows ESC, or the one byte form, to open a string that a terminal acts on: DCS, SOS, OSC, PM, APC. */
const stringOpeners: ReadonlySet<number> = new Set([0x50, 0x58, 0x5d, 0x5e, 0x5f]);
/** Code points that reorder or hide text: marks of direction, soft hyphen, invisible operators, tags, byte order mark. */
const invisible = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/**
 * Text of an agent, a gate or a file as it may be shown: no escape sequence, no control character but the line feed,
 * nothing that reorders or hides. A tab becomes four spaces, a carriage return a line feed. An escape sequence without
 * an end is dropped up to the end of its line.
 */
export function plainText(text: string): string {
  let plain = '';
  let from = 0;
  let index = 0;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code >= 0x20 && code !== 0x7f && (code < 0x80 || code > 0x9f)) {
      index += 1;
      continue;
    }
    plain += text.slice(from, index);
    if (code === 0x09) plain += '    ';
    else if (code === 0x0a || (code === 0x0d && text.charCodeAt(index + 1) !== 0x0a)) plain += '\n';
    index = code === escapeCode || code >= 0x80 ? afterSequence(text, index, code) : index + 1;
    from = index;
  }
  plain += text.slice(from);
  return plain.toWellFormed().replace(invisible, (mark) => (mark === '\u2028' || mark === '\u2029' ? '\n' : ''));
}

/** {@link plainText} in one line, and not more of it than any line shows. */
export function plainLine(text: string): string {
  return plainText(text.slice(0, 4_000)).replace(/\s+/g, ' ').trim();
}

/** The index behind the escape sequence that begins at `index`. */
function afterSequence(text: string, index: number, code: number): number {
  const oneByte = code !== escapeCode;
  const kind = oneByte ? code - 0x40 : text.charCodeAt(index + 1);
  const body = index + (oneByte ? 1 : 2);
  if (stringOpeners.has(kind)) return afterString(text, body);
  if (kind === 0x5b) return afterParameters(text, body, 0x20, 0x3f);
  if (oneByte) return body;
  // ESC, intermediates, final: `ESC ( B`. What cannot belong to it stays.
  return afterParameters(text, index + 1, 0x20, 0x2f);
}

function afterParameters(text: string, start: number, low: number, high: number): number {
  let index = start;
  while (text.charCodeAt(index) >= low && text.charCodeAt(index) <= high) index += 1;
  const final = text.charCodeAt(index);
  return final >= 0x30 && final <= 0x7e ? index + 1 : index;
}

function afterString(text: string, start: number): number {
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === bellCode || code === 0x9c) return index + 1;
    if (code === escapeCode) return text.charCodeAt(index + 1) === 0x5c ? index + 2 : index;
    if (code === 0x0a || code === 0x0d) return index;
  }
  return text.length;
}
