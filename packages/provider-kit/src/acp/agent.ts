import type { JsonObject, SerializedProviderError, SessionVerb } from '@pawl/provider';
import { failure } from '../failure.ts';
import { asObject, asString } from '../json.ts';
import type { AcpAgent } from './profile.ts';

export function agentOf(result: JsonObject): AcpAgent {
  const can = asObject(result.agentCapabilities);
  return {
    version: asString(asObject(result.agentInfo)?.version),
    load: can?.loadSession === true,
    sessions: asObject(can?.sessionCapabilities) ?? {},
  };
}

/** Of the verbs of a session those this agent offers. */
export function verbsOf({ load, sessions }: AcpAgent): readonly SessionVerb[] {
  const resume = load || offers(sessions, 'resume');
  const list = offers(sessions, 'list');
  return [
    ...(resume ? (['resume'] as const) : []),
    ...(resume && list ? (['continue'] as const) : []),
    ...(offers(sessions, 'fork') ? (['fork'] as const) : []),
    ...(list ? (['list'] as const) : []),
  ];
}

/** Present is offered, whatever is in it. */
export function offers(sessions: JsonObject, name: string): boolean {
  return sessions[name] !== undefined && sessions[name] !== null && sessions[name] !== false;
}

export function wrongVersion(title: string, result: JsonObject): SerializedProviderError | undefined {
  if (result.protocolVersion === 1) return undefined;
  const version = JSON.stringify(result.protocolVersion ?? null);
  return failure(
    'protocol',
    `${title} speaks version ${version} of ACP, and pawl version 1. Update the one that is older.`,
  );
}
