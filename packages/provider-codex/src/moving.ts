import type { Host, PlacedFile, PlaceRequest, SessionPart, SessionPlacement, SessionRef } from '@pawl/provider';
import { asObject, asString, mapEntries, movedPath, nowhere, refuse, strangePart } from '@pawl/provider-kit';
import { codexFolder, findRollout } from './folders.ts';
import { readBase } from './history.ts';

const agent = 'Codex';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const name =
  /^rollout-(\d{4})-(\d\d)-(\d\d)T(\d\d-\d\d-\d\d)-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.jsonl$/;

/** The rollout; that of a fork holds nothing of what was before, so that those it points into come along. */
export async function packSession(ref: SessionRef, host: Host): Promise<readonly SessionPart[]> {
  const parts: SessionPart[] = [];
  const seen = new Set<string>();
  for (let next: string | undefined = ref.id; next !== undefined && !seen.has(next); ) {
    seen.add(next);
    const rollout = await findRollout(next, host.env, host);
    if (!rollout) throw refuse('session-not-found', `${agent} has no transcript of session ${next}.`);
    const { path } = rollout;
    parts.push({ name: path.slice(path.lastIndexOf('/') + 1), source: { path } });
    next = await readBase(path, host);
  }
  return parts;
}

/**
 * Sources of a fork stay as they are to the byte: the fork points into them by bytes. Ids are UUIDs, which nothing else in
 * the text is by chance.
 */
export async function placeSession(request: PlaceRequest, { env }: Host): Promise<SessionPlacement> {
  const { from, parts, cwd, copy } = request;
  const home = codexFolder(env);
  if (home === undefined) throw nowhere(agent);
  if (!uuid.test(from.id)) throw refuse('bad-option', `${agent} names sessions by UUIDs, and not so.`);
  // The beginning of an id is its time, by which Codex looks for its file.
  const id = copy === undefined ? from.id : `${from.id.slice(0, 14)}7${copy.slice(15)}`;
  const files = parts.map((part, index): PlacedFile => {
    const [, year, month, day, time, own] = name.exec(part) ?? [];
    if (own === undefined || (index === 0 && own !== from.id)) throw strangePart(agent, part);
    const folder = `${home}/sessions/${year}/${month}/${day}`;
    const at = `rollout-${year}-${month}-${day}T${time}`;
    if (index > 0) return { part, path: `${folder}/${at}-${own}.jsonl`, shared: true };
    const lines = (all: AsyncIterable<string>) =>
      mapEntries(renamed(all, from.id, id), (entry) => {
        const payload = asObject(entry.payload);
        const where = asString(payload?.cwd);
        if (where === undefined || (entry.type !== 'session_meta' && entry.type !== 'turn_context')) return entry;
        const there = movedPath(where, from.cwd, cwd);
        return there === where ? entry : { ...entry, payload: { ...payload, cwd: there } };
      });
    return { part, path: `${folder}/${at}-${id}.jsonl`, lines };
  });
  return { ref: { provider: 'codex', id, cwd, ...(from.token && { token: from.token }) }, files };
}

async function* renamed(lines: AsyncIterable<string>, from: string, to: string): AsyncGenerator<string> {
  for await (const line of lines) yield from === to ? line : line.replaceAll(from, to);
}
