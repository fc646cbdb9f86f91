import { plainText } from '@pawl/report';

/**
 * The one way out for data: every text in it loses what a terminal would act on and what reorders or hides. Keys are
 * names of ours or of steps and go the same way.
 */
export function clean(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [plainText(key), clean(inner)]));
}
