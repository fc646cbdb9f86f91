import type { Host, PlacedFile, PlaceRequest, SessionPart, SessionPlacement, SessionRef } from '@pawl/provider';
import { mapEntries, moved, nowhere, refuse, strangePart, upTo } from '@pawl/provider-kit';
import { configFolder, projectName } from './folders.ts';
import { findTranscript } from './transcripts.ts';

const agent = 'Claude Code';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** What sub-agents said: in a folder beside the transcript. */
const inner = /^subagent\.(agent-[\w-]+(?:\.meta\.json|\.jsonl))$/;

export async function packSession({ id }: SessionRef, host: Host): Promise<readonly SessionPart[]> {
  const transcript = await findTranscript(id, host.env, host);
  if (!transcript) throw refuse('session-not-found', `${agent} has no transcript of session ${id}.`);
  const folder = `${transcript.path.slice(0, -'.jsonl'.length)}/subagents`;
  const names = (await host.listFolder(folder)).filter((name) => inner.test(`subagent.${name}`));
  return [
    { name: 'transcript.jsonl', source: { path: transcript.path } },
    ...[...names].sort().map((name) => ({ name: `subagent.${name}`, source: { path: `${folder}/${name}` } })),
  ];
}

/** Claude Code finds a session in any folder of its projects; its own list looks in that of the folder it works in. */
export async function placeSession(request: PlaceRequest, { env }: Host): Promise<SessionPlacement> {
  const { from, parts, cwd, copy, at } = request;
  const config = configFolder(env);
  if (config === undefined) throw nowhere(agent);
  const id = copy ?? from.id;
  if (!uuid.test(id))
    throw refuse('bad-option', `${agent} names sessions by UUIDs; ${JSON.stringify(id.slice(0, 80))} is none.`);
  const place = `${config}/projects/${projectName(cwd)}/${id}`;
  const change = (lines: AsyncIterable<string>) =>
    mapEntries(lines, (entry) => moved(entry, { id: ['sessionId', id], from: from.cwd, to: cwd }));
  const files = parts.map((part): PlacedFile => {
    if (part === 'transcript.jsonl')
      return {
        ...{ part, path: `${place}.jsonl` },
        lines: (lines) =>
          change(at === undefined ? lines : upTo(lines, { agent, at, isLast: (entry) => entry.uuid === at })),
      };
    const name = inner.exec(part)?.[1];
    if (name === undefined) throw strangePart(agent, part);
    const path = `${place}/subagents/${name}`;
    return name.endsWith('.jsonl') ? { part, path, lines: change } : { part, path };
  });
  return { ref: { provider: 'claude', id, cwd }, files };
}
