import { z } from 'zod';
import { shapes } from './shapes.ts';

/**
 * The JSON Schemas that are shipped. Ours are strict, so that tests find a field that is not said; those that others read
 * by allow more fields, for within a version fields are added.
 */
export function publishedSchemas(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const { $schema, ...schema } = z.toJSONSchema(shape) as Record<string, unknown>;
      const said = {
        $schema,
        $id: `pawl/${name}.schema.json`,
        title: `pawl --json: ${name}`,
        ...(open(schema) as object),
      };
      return [`${name}.schema.json`, `${JSON.stringify(said, undefined, 2)}\n`];
    }),
  );
}

function open(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, inner]) => !(key === 'additionalProperties' && inner === false));
  return Object.fromEntries(kept.map(([key, inner]) => [key, open(inner)]));
}
