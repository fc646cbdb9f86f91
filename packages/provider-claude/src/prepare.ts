import type { Host, JsonObject, SerializedProviderError, SessionRef } from '@pawl/provider';
import { failure, type Launch, refuse } from '@pawl/provider-kit';
import type { ClaudeOptions } from './options.ts';
import { readRules } from './rules.ts';
import { transcriptNames } from './transcripts.ts';

/** What the command line depends on besides the request. */
export async function prepare(launch: Launch<ClaudeOptions>, host: Host): Promise<JsonObject> {
  const rules = launch.access === 'read-only' ? { ...(await readRules(launch.cwd, launch.env, host)) } : {};
  if (launch.start.kind !== 'continue') return rules;
  const known = await transcriptNames(launch.cwd, launch.env, host);
  if (known.length === 0) throw refuse('session-not-found', nothing(launch.cwd));
  return { ...rules, known };
}

/** `--continue` starts a new session where it finds none to continue, and says nothing. */
export function checkSession(launch: Launch<ClaudeOptions>, answered: SessionRef): SerializedProviderError | undefined {
  const known = launch.prepared?.known;
  if (launch.start.kind !== 'continue' || !Array.isArray(known) || known.includes(answered.id)) return undefined;
  return failure('session-not-found', nothing(launch.cwd));
}

function nothing(cwd: string): string {
  return `Claude Code has no session in ${cwd} to continue; start a new one.`;
}
