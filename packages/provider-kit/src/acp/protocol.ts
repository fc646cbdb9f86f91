import type { Json, JsonObject } from '@pawl/provider';

/** Of our requests, the same in every turn: a recording can be played to any of them. */
export const ids = {
  initialize: 1,
  authenticate: 2,
  list: 3,
  session: 4,
  model: 5,
  mode: 6,
  prompt: 7,
  effort: 8,
} as const;
export type RequestName = keyof typeof ids;

export function requestNamed(id: Json | undefined): RequestName | undefined {
  return (Object.keys(ids) as RequestName[]).find((name) => ids[name] === id);
}

export function request(name: RequestName, method: string, params: JsonObject): string {
  return line({ id: ids[name], method, params });
}

export function notification(method: string, params: JsonObject): string {
  return line({ method, params });
}

export function reply(id: Json, result: Json): string {
  return line({ id, result });
}

export function refusal(id: Json, code: number, message: string): string {
  return line({ id, error: { code, message } });
}

/** Codes of JSON-RPC and of ACP. */
export const rpcCodes = {
  ...{ methodNotFound: -32_601, invalidParams: -32_602, internal: -32_603 },
  ...{ authRequired: -32_000, notFound: -32_002 },
} as const;

export function initialize(files: boolean): string {
  return request('initialize', 'initialize', {
    protocolVersion: 1,
    clientInfo: { name: 'pawl', title: 'pawl', version: '1' },
    clientCapabilities: {
      fs: { readTextFile: files, writeTextFile: files },
      terminal: false,
      session: { compaction: {}, notices: {} },
    },
  });
}

function line(message: JsonObject): string {
  return `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`;
}
