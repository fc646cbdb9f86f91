import { distance } from 'fastest-levenshtein';
import { quote } from './quote.ts';

const longest = 100;

/** The known word that was probably meant; undefined when none is near. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length > longest) return undefined;
  const wanted = word.toLowerCase();
  const allowed = wanted.length <= 3 ? 1 : wanted.length <= 6 ? 2 : 3;
  let best: { word: string; steps: number } | undefined;
  for (const candidate of known) {
    const steps = difference(wanted, candidate.toLowerCase());
    // `a` is not a misspelt `b`
    if (steps > allowed || steps >= candidate.length) continue;
    if (best === undefined || steps < best.steps) best = { word: candidate, steps };
  }
  return best?.word;
}

/** Letters in the wrong order are the most common slip: nearer than a letter too many. */
function difference(a: string, b: string): number {
  const steps = distance(a, b);
  return steps === 2 && sorted(a) === sorted(b) ? 0.5 : steps;
}

function sorted(word: string): string {
  return [...word].sort().join('');
}

/** `did you mean …?`, else what is given. */
export function didYouMean(word: string, known: readonly string[], otherwise?: string): string | undefined {
  const near = nearest(word, known);
  return near === undefined ? otherwise : `did you mean ${quote(near)}?`;
}
