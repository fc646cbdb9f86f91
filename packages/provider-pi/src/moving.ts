import type { Host, PlaceRequest, SessionPart, SessionPlacement, SessionRef } from '@pawl/provider';
import { mapEntries, moved, nowhere, refuse, strangePart, upTo } from '@pawl/provider-kit';
import { isNamed } from './branch.ts';
import { checkedId } from './command.ts';
import { agentFolder, folderName, sharedFolder } from './folders.ts';
import { findTranscript } from './transcripts.ts';

const agent = 'Pi';
/** `<time>_<id>.jsonl`. */
const name = /^(\d{4}-\d\d-\d\dT[\dZ-]{1,30})_([A-Za-z0-9][\w.-]*)\.jsonl$/;

export async function packSession({ id, cwd }: SessionRef, host: Host): Promise<readonly SessionPart[]> {
  const transcript = await findTranscript(id, cwd, host.env, host);
  if (!transcript) throw refuse('session-not-found', `${agent} has no transcript of session ${id}.`);
  const { path } = transcript;
  return [{ name: path.slice(path.lastIndexOf('/') + 1), source: { path } }];
}

export async function placeSession(request: PlaceRequest, host: Host): Promise<SessionPlacement> {
  const { from, parts, cwd, copy, at } = request;
  const [part = '', more] = parts;
  const [, time] = name.exec(part) ?? [];
  if (time === undefined || more !== undefined) throw strangePart(agent, more ?? part);
  const id = checkedId(copy ?? from.id);
  const home = agentFolder(host.env);
  const folder = (await sharedFolder(cwd, host.env, host)) ?? (home && `${home}/sessions/${folderName(cwd)}`);
  if (folder === undefined) throw nowhere(agent);
  const header = (lines: AsyncIterable<string>) =>
    mapEntries(lines, (entry) =>
      entry.type === 'session' ? moved(entry, { id: ['id', id], from: from.cwd, to: cwd }) : entry,
    );
  return {
    ref: { provider: 'pi', id, cwd },
    files: [
      {
        ...{ part, path: `${folder}/${time}_${id}.jsonl` },
        // The last entry is where the conversation stands.
        lines: (lines) =>
          header(at === undefined ? lines : upTo(lines, { agent, at, isLast: (entry) => isNamed(entry, at) })),
      },
    ],
  };
}
