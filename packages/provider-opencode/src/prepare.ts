import type { Host, JsonObject, SerializedProviderError, SessionRef } from '@pawl/provider';
import { asString, failure, type Launch, refuse } from '@pawl/provider-kit';
import type { Cli } from './capture.ts';
import { checkedId } from './command.ts';
import { copySession } from './copy.ts';
import type { OpenCodeOptions } from './options.ts';
import { exported, imported, sessionsOf } from './store.ts';

/** What the command line depends on besides the request. */
export async function prepare(launch: Launch<OpenCodeOptions>, host: Host): Promise<JsonObject> {
  const { start, cwd } = launch;
  switch (start.kind) {
    case 'new':
    case 'ephemeral':
      return {};
    case 'resume':
      if (await isHere(start.ref, launch, host)) return {};
      throw refuse('session-not-found', elsewhere(start.ref, cwd));
    case 'continue': {
      const newest = (await sessionsOf(cwd, cliOf(launch), host))[0];
      if (!newest) throw refuse('session-not-found', `OpenCode has no session in ${cwd} to continue; start a new one.`);
      return { newest: newest.id };
    }
    case 'fork':
      if (start.at === undefined && (await isHere(start.ref, launch, host))) return {};
      return await copied(start.ref, start.at, launch, host);
  }
}

/**
 * Whether a session is one of the folder. Elsewhere OpenCode works on in the session's own folder, says nothing and never
 * ends. A reference that a turn told carries its folder and needs no look.
 */
async function isHere(ref: SessionRef, launch: Launch<OpenCodeOptions>, host: Host): Promise<boolean> {
  const { cwd } = launch;
  const id = checkedId(ref.id);
  if (asString(ref.token?.folder) === cwd) return true;
  return (await sessionsOf(cwd, cliOf(launch), host)).some((session) => session.id === id);
}

/** No flag forks at a message or into another folder; what was exported can be imported under another name. */
async function copied(
  ref: SessionRef,
  at: string | undefined,
  launch: Launch<OpenCodeOptions>,
  host: Host,
): Promise<JsonObject> {
  const { cwd, freshId } = launch;
  const cli = cliOf(launch);
  const { session } = await exported(checkedId(ref.id), cli, host);
  const copy = copySession(session, { folder: cwd, at, freshId });
  await imported(copy.session, cwd, cli, host);
  return { copy: copy.id };
}

function cliOf({ options, env }: Launch<OpenCodeOptions>): Cli {
  return { binary: options.binary, env };
}

/** Which session was meant is known, whatever the way to it. */
export function checkSession(
  launch: Launch<OpenCodeOptions>,
  answered: SessionRef,
): SerializedProviderError | undefined {
  const meant = asString(launch.prepared?.newest) ?? asString(launch.prepared?.copy);
  if (meant === undefined || meant === answered.id) return undefined;
  return failure('wrong-session', `OpenCode answered in session ${answered.id} where ${meant} was to be gone on with.`);
}

function elsewhere({ id }: SessionRef, cwd: string): string {
  return `OpenCode has no session ${id} in ${cwd}: a session goes on only in its own folder. Work there, or fork it into this one.`;
}
