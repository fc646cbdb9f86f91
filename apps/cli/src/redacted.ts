import { createRedactor } from '@pawl/session-store';
import type { Context } from './context.ts';
import { secretsOf } from './secrets.ts';

/**
 * Data that is to be shown or handed on, without the secrets of this environment and tokens of known shape. What is stored
 * was redacted before; this also takes out what has become a secret since.
 */
export function redacted<Data>(data: Data, { env }: Pick<Context, 'env'>): Data {
  const redact = createRedactor(secretsOf(env));
  const through = (value: unknown): unknown => {
    if (typeof value === 'string') return redact(value);
    if (Array.isArray(value)) return value.map(through);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [redact(key), through(inner)]));
  };
  return through(data) as Data;
}
