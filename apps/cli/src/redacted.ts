import { createRedactor } from '@pawl/session-store';
import type { Context } from './context.ts';
import { secretsOf } from './secrets.ts';

/**
 * Data that is to be shown or handed on, without the secrets of this environment and tokens of known shape. What is stored
 * was redacted before; this also takes out what has become a secret since.
 */
export function redacted<Data>(data: Data, { env }: Pick<Context, 'env'>): Data {
  const redact = createRedactor(secretsOf(env));
  // A report of ten thousand tasks has a million keys, and few names of them.
  const names = new Map<string, string>();
  const named = (key: string): string => {
    const name = names.get(key) ?? redact(key);
    names.set(key, name);
    return name;
  };
  const through = (value: unknown): unknown => {
    if (typeof value === 'string') return redact(value);
    if (Array.isArray(value)) return value.map(through);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [named(key), through(inner)]));
  };
  return through(data) as Data;
}
