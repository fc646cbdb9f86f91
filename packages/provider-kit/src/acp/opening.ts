import type { Access, Json, JsonObject, SerializedProviderError, SessionRef, SessionStart } from '@pawl/provider';
import { failure } from '../failure.ts';
import { asArray, asObject, asObjects, asString } from '../json.ts';
import { offers } from './agent.ts';
import type { AcpAgent } from './profile.ts';
import { request } from './protocol.ts';

type Opening = {
  readonly cwd: string;
  readonly mcpServers: readonly JsonObject[];
  readonly additionalDirectories?: readonly string[];
};

/** The request that opens the session, or what this agent cannot do. */
export function openingRequest(
  start: SessionStart,
  { load, sessions }: AcpAgent,
  common: Opening,
): { readonly text: string } | { readonly missing: string } {
  if (common.additionalDirectories && !offers(sessions, 'additionalDirectories'))
    return { missing: 'work in other directories than its own over ACP' };
  switch (start.kind) {
    case 'new':
      return { text: request('session', 'session/new', common) };
    case 'resume': {
      const params = { sessionId: start.ref.id, ...common };
      if (offers(sessions, 'resume')) return { text: request('session', 'session/resume', params) };
      // Tells the whole past before it answers.
      return load ? { text: request('session', 'session/load', params) } : { missing: 'resume a session' };
    }
    case 'fork':
      if (!offers(sessions, 'fork')) return { missing: 'fork a session' };
      return { text: request('session', 'session/fork', { sessionId: start.ref.id, ...common }) };
    case 'continue':
      if (!offers(sessions, 'list')) return { missing: 'continue the newest session' };
      return { text: request('list', 'session/list', { cwd: common.cwd }) };
    case 'ephemeral':
      return { missing: 'run without keeping the session' };
  }
}

interface Listed {
  readonly id: string;
  readonly cwd: string;
  readonly title?: string;
  readonly updatedAt?: number;
}

/** Of one folder, newest first. */
export function listedSessions(result: JsonObject, cwd: string): readonly Listed[] {
  const found = asArray(result.sessions).flatMap((entry): Listed[] => {
    const { sessionId, cwd: folder, title, updatedAt } = asObject(entry) ?? {};
    const id = asString(sessionId);
    if (id === undefined || folder !== cwd) return [];
    const at = Date.parse(asString(updatedAt) ?? '');
    const name = asString(title);
    return [
      { id, cwd, ...(name === undefined ? {} : { title: name }), ...(Number.isNaN(at) ? {} : { updatedAt: at }) },
    ];
  });
  return found.sort((left, right) => (right.updatedAt ?? 0) - (left.updatedAt ?? 0));
}

/** What an opened session can be set to. */
export interface Settings {
  readonly model: string | undefined;
  readonly modes: readonly string[];
  /** How a model is chosen: by a configuration option of this id, or by a method of its own. */
  readonly modelOption: string | undefined;
  readonly modeOption: string | undefined;
  /** By which option it is set how hard the model thinks, and its values. */
  readonly effortOption: string | undefined;
  readonly efforts: readonly string[];
}

export function settingsOf(result: JsonObject): Settings {
  const options = asObjects(result.configOptions);
  const model = options.find((option) => option.category === 'model');
  const mode = options.find((option) => option.category === 'mode');
  const effort = options.find((option) => option.category === 'thought_level');
  const modes = asArray(asObject(result.modes)?.availableModes).flatMap((one) => asString(asObject(one)?.id) ?? []);
  return {
    model: asString(model?.currentValue) ?? asString(asObject(result.models)?.currentModelId),
    modes: modes.length > 0 ? modes : valuesOf(mode),
    modelOption: asString(model?.id),
    modeOption: modes.length > 0 ? undefined : asString(mode?.id),
    effortOption: asString(effort?.id),
    efforts: valuesOf(effort),
  };
}

/** Some put their values into groups. */
function valuesOf(option: JsonObject | undefined): readonly string[] {
  const entries = asArray(option?.options).flatMap((entry): Json[] => {
    const group = asArray(asObject(entry)?.options);
    return group.length > 0 ? [...group] : [entry];
  });
  return entries.flatMap((entry) => asString(asObject(entry)?.value) ?? []);
}

export function modelRequest(sessionId: string, { modelOption }: Settings, model: string): string {
  if (modelOption === undefined) return request('model', 'session/set_model', { sessionId, modelId: model });
  return request('model', 'session/set_config_option', { sessionId, configId: modelOption, value: model });
}

export function modeRequest(sessionId: string, { modeOption }: Settings, mode: string): string {
  if (modeOption === undefined) return request('mode', 'session/set_mode', { sessionId, modeId: mode });
  return request('mode', 'session/set_config_option', { sessionId, configId: modeOption, value: mode });
}

export function effortRequest(sessionId: string, { effortOption }: Settings, effort: string): string {
  const configId = effortOption ?? '';
  return request('effort', 'session/set_config_option', { sessionId, configId, value: effort });
}

export function withoutEffort(title: string, effort: string, { efforts }: Settings): SerializedProviderError {
  if (efforts.length === 0) {
    const message = `${title} has no such setting as effort over ACP for this model.`;
    return failure('unsupported', message);
  }
  return failure('bad-option', `${title} has no effort ${effort} for this model. It has: ${efforts.join(', ')}.`);
}

export function withoutMode(title: string, access: Access, mode: string, modes: readonly string[]): string {
  const has = modes.length === 0 ? 'It has none' : `It has: ${modes.join(', ')}`;
  return `${title} cannot be held to access ${access}: it has no mode ${mode}. ${has}.`;
}

export function refTo(provider: string, id: string, cwd: string, costUsd: number | undefined): SessionRef {
  return { provider, id, cwd, ...(costUsd === undefined ? {} : { token: { costUsd } }) };
}
