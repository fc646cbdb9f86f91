import type { Host, JsonObject, SerializedProviderError, SessionRef } from '@pawl/provider';
import { asString, failure, type Launch, refuse } from '@pawl/provider-kit';
import { switchedOff } from './approvals.ts';
import { findRollout } from './folders.ts';
import { type History, readHistory } from './history.ts';
import type { CodexOptions } from './options.ts';
import { sessionsOf } from './sessions.ts';
import { storeTokens } from './tokens.ts';

/** What the command line, and the meaning of what is printed, depend on besides the request. */
export async function prepare(launch: Launch<CodexOptions>, host: Host): Promise<JsonObject> {
  const { access, cwd, env, options, start } = launch;
  const off = access === 'read-only' ? await switchedOff(cwd, env, options.args, host) : [];
  const common = off.length > 0 ? { off } : {};
  if (start.kind === 'continue') {
    const newest = (await sessionsOf(cwd, env, host))[0];
    if (!newest) throw refuse('session-not-found', `Codex has no session in ${cwd} to continue; start a new one.`);
    return { ...common, id: newest.id, lines: newest.history.lines, ...past(newest.history) };
  }
  if (start.kind !== 'resume' && start.kind !== 'fork') return common;
  const rollout = await findRollout(start.ref.id, env, host);
  const text = rollout && (await host.readFile(rollout.path).catch(() => undefined));
  if (text === undefined) return common;
  const history = readHistory(text);
  // A fork writes a rollout of its own.
  return { ...common, ...(start.kind === 'resume' ? { lines: history.lines } : {}), ...past(history) };
}

function past({ total, model }: History): JsonObject {
  return { ...(total ? { total: storeTokens(total) } : {}), ...(model === undefined ? {} : { model }) };
}

/** It is resumed by its id, but whatever answers is compared all the same. */
export function checkSession(
  { start, prepared }: Launch<CodexOptions>,
  answered: SessionRef,
): SerializedProviderError | undefined {
  const wanted = asString(prepared?.id);
  if (start.kind !== 'continue' || wanted === undefined || wanted === answered.id) return undefined;
  return failure('wrong-session', `Codex answered in session ${answered.id} where ${wanted} was to be continued.`);
}
