import { plainWords } from './words.ts';

/** A title as it is searched: its plain words with a blank before each. */
export function titleWords(title: string): string {
  return plainWords(title)
    .map((word) => ` ${word}`)
    .join('');
}

/** What a title that has all of the words is LIKE, word by word. */
export function titlePatterns(searched: readonly string[]): readonly string[] {
  return searched.flatMap(plainWords).map((word) => `% ${word}%`);
}
