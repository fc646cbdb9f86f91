import type { Host, JsonObject, SerializedProviderError, SessionRef } from '@pawl/provider';
import { failure, type Launch, refuse } from '@pawl/provider-kit';
import { checkedId } from './command.ts';
import { forkAt } from './fork-at.ts';
import type { PiOptions } from './options.ts';
import { header, transcripts } from './transcripts.ts';

/** What the command line depends on besides the request. */
export async function prepare(launch: Launch<PiOptions>, host: Host): Promise<JsonObject> {
  const { start, cwd, env } = launch;
  switch (start.kind) {
    case 'new':
      if (start.id !== undefined) await checkFree(start.id, launch, host);
      return {};
    case 'continue': {
      const known = (await transcripts(cwd, env, host)).map(({ id }) => id);
      if (known.length === 0) throw refuse('session-not-found', nothing(cwd));
      return { known };
    }
    case 'fork':
      if (start.at === undefined) return {};
      return await forkAt(launch, { id: checkedId(start.ref.id), cwd: start.ref.cwd, at: start.at }, host);
    default:
      return {};
  }
}

/** Pi goes on with a session that has the id chosen for a new one. */
async function checkFree(id: string, { cwd, env }: Launch<PiOptions>, host: Host): Promise<void> {
  for (const transcript of await transcripts(cwd, env, host)) {
    if (transcript.id !== id) continue;
    const head = await header(transcript.path, host);
    if (head === undefined || head.id === id) {
      throw refuse('bad-option', `Pi has a session ${id} in ${cwd} already; choose another id, or resume it.`);
    }
  }
}

/** `--continue` starts a new session where it finds none to continue, and says nothing. */
export function checkSession(launch: Launch<PiOptions>, answered: SessionRef): SerializedProviderError | undefined {
  const known = launch.prepared?.known;
  if (launch.start.kind !== 'continue' || !Array.isArray(known) || known.includes(answered.id)) return undefined;
  return failure('session-not-found', nothing(launch.cwd));
}

function nothing(cwd: string): string {
  return `Pi has no session in ${cwd} to continue; start a new one.`;
}
