import type { Json, JsonObject, OutputLine } from '@pawl/provider';

/** The object on a line; undefined for anything else, and for a line that was cut. Never throws. */
export function readObject(line: OutputLine): JsonObject | undefined {
  if (line.truncatedBytes !== undefined) return undefined;
  const text = line.text.trimStart();
  if (!text.startsWith('{')) return undefined;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function asObject(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function asArray(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The objects of a list. */
export function asObjects(value: Json | undefined): readonly JsonObject[] {
  return asArray(value)
    .map(asObject)
    .filter((entry) => entry !== undefined);
}

export function asString(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A figure of what happened: finite and not negative. */
export function asFigure(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
