import type { GeminiRequest } from './request.ts';
import type { GeminiTurn } from './turn.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** What a side request gets that nobody scripted: a router or a loop check asks for JSON, a title for text. */
export function sideTurn(request: GeminiRequest): GeminiTurn {
  const { responseJsonSchema, responseSchema } = request.generationConfig ?? {};
  const schema = responseJsonSchema ?? responseSchema;
  const usage = { input: 50, cached: 0, output: 5 };
  return { text: schema === undefined ? 'ok' : JSON.stringify(filled(schema as Schema)), usage };
}

/** A value that the schema takes. */
function filled(schema: Schema): unknown {
  if (schema.enum?.length) return schema.enum[0];
  switch (schema.type?.toLowerCase()) {
    case 'string':
      return 'ok';
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return false;
    case 'array':
      return [];
    default:
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, value]) => [name, filled(value)]));
  }
}
