import { createHash } from 'node:crypto';
import type { Host, JsonObject, PlaceRequest, SessionPart, SessionPlacement, SessionRef } from '@pawl/provider';
import { asObject, mapEntries, nowhere, refuse, strangePart } from '@pawl/provider-kit';
import { chatFolders, configFolder, trimmed } from './folders.ts';
import { findTranscript } from './transcripts.ts';

const agent = 'Gemini CLI';
const name = /^session-(\d{4}-\d\d-\d\dT\d\d-\d\d)-[\w-]{1,8}\.jsonl$/;

export async function packSession({ id, cwd }: SessionRef, host: Host): Promise<readonly SessionPart[]> {
  const transcript = await findTranscript(id, cwd, host.env, host);
  if (!transcript) throw refuse('session-not-found', `${agent} has no transcript of session ${id}.`);
  const { path } = transcript;
  return [{ name: path.slice(path.lastIndexOf('/') + 1), source: { path } }];
}

export async function placeSession(request: PlaceRequest, host: Host): Promise<SessionPlacement> {
  const { from, parts, copy } = request;
  const [part = '', more] = parts;
  const minute = name.exec(part)?.[1];
  if (minute === undefined || more !== undefined) throw strangePart(agent, more ?? part);
  const cwd = trimmed(request.cwd);
  const id = copy ?? from.id;
  const config = configFolder(host.env);
  // A dash in front would be a flag.
  if (!/^[A-Za-z0-9][\w-]*$/.test(id))
    throw refuse('bad-option', `${agent} names no session ${JSON.stringify(id.slice(0, 80))}.`);
  if (config === undefined) throw nowhere(agent);
  const known = (await chatFolders(host.env, host)).get(cwd);
  // The CLI takes a folder of its own for this one by the mark in it.
  const own = `${config}/tmp/pawl-${digest(cwd).slice(0, 12)}`;
  const path = `${known ?? `${own}/chats`}/session-${minute}-${id.slice(0, 8)}.jsonl`;
  const about = (entry: JsonObject): JsonObject => ({
    ...entry,
    ...(typeof entry.sessionId === 'string' ? { sessionId: id } : {}),
    ...(typeof entry.projectHash === 'string' ? { projectHash: digest(cwd) } : {}),
  });
  // What was said at the beginning is corrected by later entries.
  const change = (entry: JsonObject): JsonObject => {
    const set = asObject(entry.$set);
    return set ? { ...entry, $set: about(set) } : about(entry);
  };
  const lines = (all: AsyncIterable<string>) => mapEntries(all, change);
  return {
    ref: { provider: 'gemini', id, cwd: request.cwd },
    files: [...(known === undefined ? [{ path: `${own}/.project_root`, text: cwd }] : []), { part, path, lines }],
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
