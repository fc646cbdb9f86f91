import type { Host, JsonObject, PlaceRequest, SessionPart, SessionPlacement, SessionRef } from '@pawl/provider';
import { ProviderError } from '@pawl/provider';
import { asObject, refuse, strangePart } from '@pawl/provider-kit';
import { checkedId } from './command.ts';
import { copySession, renamed } from './copy.ts';
import { exported, imported } from './store.ts';

const agent = 'OpenCode';
const only = 'session.json';
const cliOf = ({ env }: Host) => ({ binary: 'opencode', env });

export async function packSession({ id }: SessionRef, host: Host): Promise<readonly SessionPart[]> {
  const { text } = await exported(checkedId(id), cliOf(host), host);
  return [{ name: only, source: { text } }];
}

/** Its sessions are rows of a database, which only it writes. */
export async function placeSession(request: PlaceRequest, host: Host): Promise<SessionPlacement> {
  const { from, cwd, copy, at } = request;
  const strange = request.parts.find((part) => part !== only);
  if (strange !== undefined) throw strangePart(agent, strange);
  const id = copy === undefined ? checkedId(from.id) : renamed(checkedId(from.id), copy);
  return {
    ref: { provider: 'opencode', id, cwd, token: { folder: cwd } },
    files: [],
    async finish(read) {
      const session = parsed(await read(only));
      if (await isThere(id, host))
        throw refuse('bad-option', `${agent} has a session ${id} already; nothing was changed.`);
      const there =
        copy === undefined
          ? { ...session, info: { ...asObject(session.info), directory: cwd } }
          : copySession(session, { folder: cwd, at, freshId: copy }).session;
      await imported(there, cwd, cliOf(host), host);
    },
  };
}

async function isThere(id: string, host: Host): Promise<boolean> {
  try {
    await exported(id, cliOf(host), host);
    return true;
  } catch (error) {
    if (ProviderError.is(error) && error.code === 'session-not-found') return false;
    throw error;
  }
}

function parsed(text: string): JsonObject {
  try {
    const session = asObject(JSON.parse(text));
    if (asObject(session?.info)) return session ?? {};
  } catch {}
  throw refuse('protocol', `What is said to be a session of ${agent} is none; nothing was placed.`);
}
