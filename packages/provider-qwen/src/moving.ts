import type { Host, PlaceRequest, SessionPart, SessionPlacement, SessionRef } from '@pawl/provider';
import { mapEntries, moved, nowhere, refuse, strangePart } from '@pawl/provider-kit';
import { trimmed } from './folders.ts';
import { transcriptPath } from './transcripts.ts';

const agent = 'Qwen Code';
const only = 'transcript.jsonl';

export async function packSession({ id, cwd }: SessionRef, host: Host): Promise<readonly SessionPart[]> {
  const path = transcriptPath(id, cwd, host.env);
  const folder = path?.slice(0, path.lastIndexOf('/'));
  if (path === undefined || folder === undefined || !(await host.listFolder(folder)).includes(`${id}.jsonl`))
    throw refuse('session-not-found', `${agent} has no transcript of session ${id} in ${cwd}.`);
  return [{ name: only, source: { path } }];
}

/** Qwen Code finds a session only in the folder that every entry of it names. */
export async function placeSession(request: PlaceRequest, { env }: Host): Promise<SessionPlacement> {
  const { from, cwd, copy } = request;
  const strange = request.parts.find((part) => part !== only);
  if (strange !== undefined) throw strangePart(agent, strange);
  const id = copy ?? from.id;
  // A dash in front would be a flag.
  if (!/^[A-Za-z0-9][\w-]*$/.test(id))
    throw refuse('bad-option', `${agent} names no session ${JSON.stringify(id.slice(0, 80))}.`);
  const path = transcriptPath(id, cwd, env);
  if (path === undefined) throw nowhere(agent);
  return {
    ref: { provider: 'qwen', id, cwd },
    files: [
      {
        ...{ part: only, path },
        lines: (lines) =>
          mapEntries(lines, (entry) =>
            moved(entry, { id: ['sessionId', id], from: trimmed(from.cwd), to: trimmed(cwd) }),
          ),
      },
    ],
  };
}
