import { setTimeout as sleep } from 'node:timers/promises';
import { type Exchange, listenOnLoopback, respondJson } from '../loopback.ts';
import type { FakeModel, RecordedRequest } from '../model.ts';
import { TurnWaiters } from '../waiters.ts';
import { answerOf, newId } from './message.ts';
import type { MessagesRequest } from './request.ts';
import { streamAnswer } from './stream.ts';
import type { Turn, TurnSource } from './turn.ts';

export interface AnthropicOptions {
  /** Answers in order, one for each request that carries tools. */
  readonly turns?: readonly TurnSource[];
  /** Answers when the script has ended. Default: an error that says so, so that no test ends well by accident. */
  readonly fallback?: TurnSource;
  /** Answers requests without tools (titles, probes), which take no turn. */
  readonly side?: TurnSource;
  readonly models?: readonly string[];
}

const scriptEnded: Turn = {
  refuse: { status: 400, type: 'invalid_request_error', message: 'fake model: the script has no turn left' },
};
const defaultModels = ['claude-opus-4-8', 'claude-sonnet-4-6', 'claude-haiku-4-5'];

/** Speaks the Anthropic Messages API, streamed or whole. */
export async function startAnthropic(options: AnthropicOptions = {}): Promise<FakeModel<MessagesRequest, TurnSource>> {
  const script = [...(options.turns ?? [])];
  const requests: RecordedRequest<MessagesRequest>[] = [];
  const waiters = new TurnWaiters();

  const record = (exchange: Exchange, kind: RecordedRequest<MessagesRequest>['kind']): MessagesRequest => {
    const body = asRequest(exchange.body);
    const { method = 'GET', headers } = exchange.request;
    requests.push({ method, path: exchange.path, headers, body, kind });
    return body ?? {};
  };

  const handle = async (exchange: Exchange): Promise<void> => {
    const { request, response, path } = exchange;
    if (request.method === 'POST' && path.endsWith('/v1/messages')) {
      const isTurn = (asRequest(exchange.body)?.tools?.length ?? 0) > 0;
      const body = record(exchange, isTurn ? 'turn' : 'side');
      const source = isTurn ? (script.shift() ?? options.fallback ?? scriptEnded) : (options.side ?? { text: 'ok' });
      const index = waiters.count;
      if (isTurn) waiters.add();
      return answer(exchange, body, typeof source === 'function' ? source(body, index) : source);
    }
    record(exchange, 'other');
    if (request.method === 'HEAD') return void response.end();
    if (path.endsWith('/v1/messages/count_tokens')) {
      return respondJson(response, 200, { input_tokens: Math.ceil(exchange.bodyLength / 4) });
    }
    if (path.endsWith('/v1/models')) return respondJson(response, 200, modelList(options.models ?? defaultModels));
    const message = `fake model: no route for ${request.method} ${path}`;
    respondJson(response, 404, { type: 'error', error: { type: 'not_found_error', message } });
  };

  const server = await listenOnLoopback(handle);
  return {
    url: server.url,
    requests,
    push: (...turns) => void script.push(...turns),
    pending: () => script.length,
    waitForTurns: (count, deadlineMs) => waiters.reach(count, deadlineMs),
    close: () => {
      waiters.cancel('the fake model was closed');
      return server.close();
    },
  };
}

async function answer(exchange: Exchange, request: MessagesRequest, turn: Turn): Promise<void> {
  const { response, gone } = exchange;
  if (turn.delayMs) await sleep(turn.delayMs, undefined, { signal: gone });
  if (turn.refuse === 'close') return void response.destroy();
  if (turn.refuse) {
    const { status, headers, type, message } = turn.refuse;
    const body = { type: 'error', error: { type, message }, request_id: newId('req') };
    return respondJson(response, status, body, { ...headers });
  }
  const full = answerOf(turn, request);
  if (request.stream) return streamAnswer(response, full, turn, gone);
  const { id, model, blocks, stopReason, usage } = full;
  const message = { id, type: 'message', role: 'assistant', model, content: blocks, stop_reason: stopReason };
  respondJson(response, 200, { ...message, stop_sequence: null, usage }, { 'request-id': newId('req') });
}

function asRequest(body: unknown): MessagesRequest | undefined {
  return typeof body === 'object' && body !== null ? (body as MessagesRequest) : undefined;
}

function modelList(ids: readonly string[]): object {
  const data = ids.map((id) => ({ type: 'model', id, display_name: id, created_at: '2025-01-01T00:00:00Z' }));
  return { data, has_more: false, first_id: ids[0], last_id: ids.at(-1) };
}
