// Control characters, and those that turn the direction of text, must not reach a terminal from a workflow file.
const unprintable = /[\p{Cc}\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

const longest = 60;

/** Text of the user's inside a message: one line, bounded, printable. */
export function quote(text: string): string {
  const points = [...text];
  const short = points.length > longest ? `${points.slice(0, longest - 1).join('')}…` : text;
  return `\`${printable(short)}\``;
}

export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** `a`, `b` or `c`. */
export function listed(words: readonly string[], conjunction: 'and' | 'or' = 'or'): string {
  const quoted = words.map(quote);
  const last = quoted.pop() ?? '';
  return quoted.length === 0 ? last : `${quoted.join(', ')} ${conjunction} ${last}`;
}
