/** As many words of a text that somebody searches for count. */
const mostWords = 20;
const excerptLength = 160;
const word = /[\p{L}\p{N}\p{M}]+/gu;

/** The words of a text as they are compared: without case and accents. */
export function plainWords(text: string): readonly string[] {
  return (text.match(word) ?? []).map(plain).filter((found) => found !== '');
}

/** The words somebody searches for, as they were written. */
export function searchedWords(text: string): readonly string[] {
  return (text.match(word) ?? []).filter((found) => plain(found) !== '').slice(0, mostWords);
}

/** One line around the first of the words that is found. */
export function excerpt(text: string, searched: readonly string[]): string {
  const wanted = searched.map(plain);
  let at = 0;
  for (const found of text.matchAll(word)) {
    if (!wanted.some((one) => plain(found[0]).startsWith(one))) continue;
    at = found.index;
    break;
  }
  const from = Math.max(0, at - excerptLength / 3);
  const line = text
    .slice(from, from + excerptLength)
    .toWellFormed()
    .replaceAll('\uFFFD', '')
    .replace(/\s+/g, ' ')
    .trim();
  return `${from > 0 ? '…' : ''}${line}${from + excerptLength < text.length ? '…' : ''}`;
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC')
    .toLowerCase();
}
