import type { Json, JsonObject } from '@pawl/provider';
import { asArray, asObject, asString } from '@pawl/provider-kit';

/**
 * The API holds an answer to a schema only in its strict form: every object closed, every property required. What may be
 * absent may be null instead; {@link withoutNulls} takes those out again.
 */
export function strictSchema(schema: JsonObject): JsonObject {
  const strict: Record<string, Json> = {};
  for (const [key, value] of Object.entries(schema)) strict[key] = strictPart(key, value);
  const properties = asObject(schema.properties);
  if (!properties) return strict;
  const required = asArray(schema.required);
  strict.properties = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const part = strictValue(property);
      return [name, required.includes(name) ? part : { anyOf: [part, { type: 'null' }] }];
    }),
  );
  strict.required = Object.keys(properties);
  strict.additionalProperties = schema.additionalProperties ?? false;
  return strict;
}

/** An answer to the strict form as one to the original. */
export function withoutNulls(answer: Json, given: JsonObject, root = given): Json {
  const schema = referred(given, root);
  if (Array.isArray(answer)) {
    const items = asObject(schema.items);
    return items ? answer.map((item) => withoutNulls(item, items, root)) : answer;
  }
  const object = asObject(answer);
  const properties = asObject(schema.properties);
  if (!object || !properties) return answer;
  const required = asArray(schema.required);
  const entries = Object.entries(object).flatMap(([name, value]): [string, Json][] => {
    const property = asObject(properties[name]);
    if (value === null && property && !required.includes(name) && !takesNull(property)) return [];
    return [[name, property ? withoutNulls(value, property, root) : value]];
  });
  return Object.fromEntries(entries);
}

/** What a reference within the schema stands for. */
function referred(schema: JsonObject, root: JsonObject): JsonObject {
  const reference = asString(schema.$ref);
  if (!reference?.startsWith('#/')) return schema;
  const parts = reference.slice(2).split('/');
  return parts.reduce<JsonObject | undefined>((part, name) => asObject(part?.[name]), root) ?? schema;
}

function takesNull(schema: JsonObject): boolean {
  return asString(schema.type) === 'null' || asArray(schema.type).includes('null');
}

function strictPart(key: string, value: Json): Json {
  switch (key) {
    case 'items':
      return strictValue(value);
    case 'anyOf':
      return asArray(value).map(strictValue);
    case '$defs':
    case 'definitions':
      return Object.fromEntries(Object.entries(asObject(value) ?? {}).map(([name, part]) => [name, strictValue(part)]));
    default:
      return value;
  }
}

function strictValue(value: Json): Json {
  const schema = asObject(value);
  return schema ? strictSchema(schema) : value;
}
