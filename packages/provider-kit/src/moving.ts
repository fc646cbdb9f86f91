import type { JsonObject } from '@pawl/provider';
import { ProviderError } from '@pawl/provider';
import { failure, refuse } from './failure.ts';
import { asString, readObject } from './json.ts';

/** Changes the objects of a transcript of JSON lines. A line that is none, or that stays, is the same to the byte. */
export async function* mapEntries(
  lines: AsyncIterable<string>,
  change: (entry: JsonObject) => JsonObject,
): AsyncGenerator<string> {
  for await (const text of lines) {
    const entry = readObject({ line: 1, text });
    const changed = entry && change(entry);
    yield changed === undefined || changed === entry ? text : JSON.stringify(changed);
  }
}

/** Those up to the entry that is named, with it. */
export async function* upTo(
  lines: AsyncIterable<string>,
  what: { readonly agent: string; readonly at: string; isLast(entry: JsonObject): boolean },
): AsyncGenerator<string> {
  for await (const text of lines) {
    yield text;
    const entry = readObject({ line: 1, text });
    if (entry && what.isLast(entry)) return;
  }
  throw refuse(
    'session-not-found',
    `${what.agent} has no message ${what.at} in this session; fork it at one that it has.`,
  );
}

/** The fields of an entry that say which session it is of and where it worked, with others in their place. */
export function moved(
  entry: JsonObject,
  move: { readonly id?: readonly [field: string, id: string]; readonly from: string; readonly to: string },
): JsonObject {
  const [field, id] = move.id ?? [];
  const cwd = asString(entry.cwd);
  const there = cwd === undefined ? undefined : movedPath(cwd, move.from, move.to);
  const renamed = field !== undefined && typeof entry[field] === 'string' && entry[field] !== id;
  if (!renamed && there === cwd) return entry;
  return {
    ...entry,
    ...(renamed && id !== undefined ? { [field]: id } : {}),
    ...(there === undefined ? {} : { cwd: there }),
  };
}

/** What lay in one folder, in another. */
export function movedPath(path: string, from: string, to: string): string {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? `${to}${path.slice(from.length)}` : path;
}

/** A bundle's word for a file of an agent is not trusted: it is one of those that the agent gives, or refused. */
export function strangePart(agent: string, part: string): ProviderError {
  return refuse(
    'protocol',
    `${agent} has no file of the name ${JSON.stringify(part.slice(0, 100))}; nothing was placed.`,
  );
}

export function nowhere(agent: string): ProviderError {
  return new ProviderError(failure('internal', `It is not known where ${agent} keeps its sessions: set HOME.`));
}
