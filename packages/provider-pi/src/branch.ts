import type { JsonObject } from '@pawl/provider';
import { asFigure, asObject, asString } from '@pawl/provider-kit';

/** The entries from the root to where the conversation stands: a transcript is a tree, and its last entry is the leaf. */
export function branch(entries: readonly JsonObject[]): readonly JsonObject[] {
  const byId = new Map(entries.map((entry) => [asString(entry.id), entry]));
  const path: JsonObject[] = [];
  let entry = entries.at(-1);
  while (entry && path.length < entries.length) {
    path.unshift(entry);
    entry = byId.get(asString(entry.parentId));
  }
  return path;
}

/** What was said, without what the system said. */
export function spoken(entries: readonly JsonObject[]): readonly JsonObject[] {
  return entries.filter((entry) => entry.type === 'message' && role(entry) !== 'system');
}

export function role(entry: JsonObject): string | undefined {
  return asString(asObject(entry.message)?.role);
}

/** Whether an entry is the one that a turn's `messageId` or an entry id names. */
export function isNamed(entry: JsonObject, name: string): boolean {
  return entry.id === name || messageId(asObject(entry.message)) === name;
}

/** The stream does not tell the ids of entries; the time of a message is the same in both. */
export function messageId(message: JsonObject | undefined): string | undefined {
  const time = asFigure(message?.timestamp);
  return time === undefined ? undefined : String(time);
}
