import { plainText } from '@pawl/report';

/**
 * The one way out for data: every text in it loses what a terminal would act on and what reorders or hides. Keys are
 * names of ours or of steps and go the same way.
 */
export function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), clean(inner)]));
}

/** Most texts are of these alone, and stay as they are. */
const plain = /^[\n\x20-\x7e]*$/;

const cleanText = (text: string): string => (plain.test(text) ? text : plainText(text));
