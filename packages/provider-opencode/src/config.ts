import type { Json, JsonObject } from '@pawl/provider';
import { asObject, readObject, refuse } from '@pawl/provider-kit';

/** The user's configuration of `OPENCODE_CONFIG_CONTENT` with ours laid over it. */
export function configContent(own: string | undefined, ours: JsonObject): string {
  if (own === undefined || own.trim() === '') return JSON.stringify(ours);
  const theirs = readObject({ line: 1, text: own });
  if (!theirs)
    throw refuse('bad-option', 'OPENCODE_CONFIG_CONTENT holds no JSON object; correct it or put it into a file.');
  return JSON.stringify(laidOver(theirs, ours));
}

function laidOver(below: JsonObject, above: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const [under, over] = [asObject(below[key]), asObject(value)];
    merged[key] = under && over ? laidOver(under, over) : value;
  }
  return merged;
}
