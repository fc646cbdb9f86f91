import { plainText } from './plain-text.ts';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const simple = /^[\x20-\x7e]*$/;
const emoji = /\ufe0f|\p{Emoji_Presentation}/u;
const wide =
  /[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;
/** Marks, what has no shape, and the parts of a Korean syllable that join the first. */
const nothing = /[\p{Mark}\p{Default_Ignorable_Code_Point}\u1160-\u11ff\ud7b0-\ud7ff]/u;

/** Columns that a line takes in a terminal: two for wide characters, none for what only colours or combines. */
export function displayWidth(line: string): number {
  if (simple.test(line)) return line.length;
  const plain = plainText(line);
  if (simple.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of graphemes.segment(plain)) width += graphemeWidth(segment);
  return width;
}

/** A plain line cut to a width; `…` stands for what is missing. */
export function cut(line: string, width: number): string {
  if (displayWidth(line) <= width) return line;
  let used = 0;
  let kept = '';
  for (const { segment } of graphemes.segment(line)) {
    used += graphemeWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return width < 1 ? '' : `${kept}…`;
}

/** A line cut at its front: the end of a path says more than its beginning. */
export function cutStart(line: string, width: number): string {
  if (displayWidth(line) <= width) return line;
  let used = 0;
  let kept = '';
  for (const { segment } of [...graphemes.segment(line)].reverse()) {
    used += graphemeWidth(segment);
    if (used > width - 1) break;
    kept = segment + kept;
  }
  return width < 1 ? '' : `…${kept}`;
}

export function pad(line: string, width: number, side: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(line)));
  return side === 'left' ? line + space : space + line;
}

/** Lines of at most `width` columns, broken at spaces, inside a word only where it is longer than a line. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => wrapLine(paragraph, Math.max(1, width)));
}

function wrapLine(paragraph: string, width: number): string[] {
  if (displayWidth(paragraph) <= width) return [paragraph];
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const flush = (): void => {
    lines.push(line.trimEnd());
    line = '';
    used = 0;
  };
  for (const word of paragraph.split(/(?<= )(?=[^ ])/)) {
    if (used > 0 && used + displayWidth(word.trimEnd()) > width) flush();
    for (const { segment } of graphemes.segment(word)) {
      const columns = graphemeWidth(segment);
      if (used + columns > width) {
        if (segment === ' ') continue;
        flush();
      }
      line += segment;
      used += columns;
    }
  }
  if (line.trim() !== '') flush();
  return lines;
}

function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1 && simple.test(grapheme)) return 1;
  if (emoji.test(grapheme)) return 2;
  let width = 0;
  for (const character of grapheme) width += nothing.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
