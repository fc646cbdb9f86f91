import type { Json, JsonObject } from '@pawl/provider';
import { asArray, asObject, asString, refuse } from '@pawl/provider-kit';

export interface CopyRequest {
  /** Where the copy is to work. */
  readonly folder: string;
  /** The message behind which it ends; undefined keeps all. */
  readonly at: string | undefined;
  /** A UUID that nothing else is named by. */
  readonly freshId: string;
}

export interface Copy {
  readonly id: string;
  readonly session: JsonObject;
}

/**
 * A session as `opencode export` has it, to be imported as another one: every id in it is new, for ids name rows that the
 * original keeps.
 */
export function copySession(session: JsonObject, { folder, at, freshId }: CopyRequest): Copy {
  const info = asObject(session.info) ?? {};
  const messages = asArray(session.messages);
  const last = at === undefined ? messages.length - 1 : messages.findIndex((message) => idOf(message) === at);
  const id = asString(info.id);
  if (id === undefined) throw refuse('protocol', 'The export of the session has no id in it.');
  if (last < 0 && at !== undefined) {
    throw refuse('session-not-found', `Session ${id} of OpenCode has no message ${at}; fork it at one that it has.`);
  }
  const kept = messages.slice(0, last + 1);
  const names = new Map([id, ...kept.flatMap(idsOf)].map((name) => [name, renamed(name, freshId)]));
  const { parentID: _, share: __, revert: ___, ...rest } = info;
  const title = asString(info.title);
  const copy = {
    info: { ...rest, directory: folder, ...(title === undefined ? {} : { title: `${title} (fork)` }) },
    messages: kept,
  };
  return { id: names.get(id) ?? '', session: asObject(withNames(copy, names)) ?? {} };
}

function idOf(message: Json): string | undefined {
  return asString(asObject(asObject(message)?.info)?.id);
}

function idsOf(message: Json): readonly string[] {
  const parts = asArray(asObject(message)?.parts).map((part) => asString(asObject(part)?.id));
  return [idOf(message), ...parts].filter((id) => id !== undefined);
}

/** `<kind>_<12 figures of the time><14 of chance>`: the order stays, chance is ours. */
export function renamed(id: string, freshId: string): string {
  return `${id.slice(0, -14)}${id.slice(-14, -10)}${freshId.replaceAll('-', '').slice(0, 10)}`;
}

function withNames(value: Json, names: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((entry: Json) => withNames(entry, names));
  const object = asObject(value);
  if (!object) return value;
  return Object.fromEntries(Object.entries(object).map(([key, entry]) => [key, withNames(entry, names)]));
}
