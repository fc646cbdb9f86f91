import type { Json, JsonObject } from '@pawl/provider';

export interface AcpReplyOptions {
  /** Modes that sessions of the agent have. */
  readonly modes: readonly string[];
  /** How hard its model can think. Default: there is no such setting. */
  readonly efforts?: readonly string[];
  /** Default: all that pawl asks for. */
  readonly sessionCapabilities?: JsonObject;
}

/**
 * Answers for `FakeSurroundings.reply` as an agent that speaks ACP gives them: it opens sessions, lists the one of
 * `/work`, is set to modes and models, and completes every prompt.
 */
export function acpReply({
  modes,
  efforts = [],
  sessionCapabilities = { list: {}, resume: {}, fork: {} },
}: AcpReplyOptions) {
  const values: Readonly<Record<string, readonly string[]>> = { model: [], mode: modes, thought_level: efforts };
  const configOptions = Object.entries(values).map(([category, known]) => ({
    ...{ id: category, category, type: 'select' },
    options: known.map((value) => ({ value, name: value })),
  }));
  const session = { sessionId: 'fake-session', configOptions };
  const results: Readonly<Record<string, Json>> = {
    initialize: { protocolVersion: 1, agentCapabilities: { loadSession: true, sessionCapabilities } },
    'session/new': session,
    'session/fork': { ...session, sessionId: 'fake-fork' },
    'session/resume': { configOptions },
    'session/load': { configOptions },
    'session/list': { sessions: [{ sessionId: 'fake-newest', cwd: '/work', updatedAt: '2026-11-20T09:00:00Z' }] },
    'session/prompt': { stopReason: 'end_turn' },
  };
  return (text: string): string | undefined => {
    const { id, method } = JSON.parse(text) as { readonly id?: Json; readonly method?: string };
    if (id === undefined || method === undefined) return undefined;
    return JSON.stringify({ jsonrpc: '2.0', id, result: results[method] ?? {} });
  };
}
