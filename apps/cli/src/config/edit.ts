import { isCollection, isMap, isScalar, parse, parseDocument } from 'yaml';
import { CliError } from '../exit.ts';
import { didYouMean } from '../refusal.ts';
import { parseConfig } from './parse.ts';
import { configSchema, knownKeys } from './schema.ts';

/** Keys from the top to a value: `agents.stub.model`. A key that holds a dot is not reached this way. */
export const keysOf = (path: string): readonly string[] => path.split('.');

/** What stands at a place; undefined where nothing does. */
export function valueAt(text: string, path: string): unknown {
  const value: unknown = parseDocument(text, { logLevel: 'error' }).toJS({ maxAliasCount: 20 });
  return keysOf(path).reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? (found as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

/** Every value with its place, in the order of the text. A list is one value. */
export function entriesOf(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return path === '' ? [] : [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => entriesOf(inner, path === '' ? key : `${path}.${key}`));
}

/**
 * The text with a value put, or taken away where it is undefined; comments and order stay. The value is written as in
 * YAML: `4`, `true`, `[a, b]`, text. Refuses what would make the configuration invalid, and changes nothing then.
 */
export function withValue(text: string, path: string, value: string | undefined, file: string): string {
  const keys = keysOf(path);
  const known = knownKeys([]);
  const [first = ''] = keys;
  if (keys.some((key) => key === '') || !known.includes(first))
    throw new CliError(
      'usage',
      'unknown-key',
      `${file} has no key ${path}${didYouMean(first, known)}`,
      'pawl config list',
    );
  const document = parseDocument(text, { logLevel: 'error' });
  if (value === undefined) document.deleteIn(keys);
  else {
    if (!isMap(document.contents)) document.contents = document.createNode({}) as never;
    for (let depth = 1; depth < keys.length; depth += 1) {
      const above = document.getIn(keys.slice(0, depth), true);
      // A place that is empty, or holds a plain value, becomes a place for keys.
      if (!isCollection(above)) document.setIn(keys.slice(0, depth), document.createNode({}));
    }
    const node = document.createNode(meant(value));
    const old = document.getIn(keys, true);
    if (isScalar(old) && isScalar(node)) node.comment = old.comment ?? null;
    document.setIn(keys, node);
  }
  const next = String(document);
  const [problem] = parseConfig(next, file).diagnostics;
  if (problem)
    throw new CliError(
      'usage',
      'invalid-value',
      `${path} cannot be that: ${problem.message}`,
      problem.hint ?? 'pawl help config',
    );
  return next;
}

/** Text that is no YAML is meant as it is. */
function meant(value: string): unknown {
  try {
    return parse(value, { logLevel: 'error' }) as unknown;
  } catch {
    return value;
  }
}

export const configKeys: readonly string[] = Object.keys(configSchema.shape);
