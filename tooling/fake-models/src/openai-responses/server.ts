import { setTimeout as sleep } from 'node:timers/promises';
import { type Exchange, listenOnLoopback, respondJson } from '../loopback.ts';
import type { FakeModel, RecordedRequest } from '../model.ts';
import { TurnWaiters } from '../waiters.ts';
import type { ResponsesRequest } from './request.ts';
import { newId, responseOf } from './response.ts';
import { streamResponse } from './stream.ts';
import type { ResponsesError, ResponsesTurn, ResponsesTurnSource } from './turn.ts';

export interface OpenAiResponsesOptions {
  /** Answers in order, one for each request of a response. */
  readonly turns?: readonly ResponsesTurnSource[];
  /** Answers when the script has ended. Default: an error that says so, so that no test ends well by accident. */
  readonly fallback?: ResponsesTurnSource;
  readonly models?: readonly string[];
}

const scriptEnded: ResponsesTurn = {
  refuse: { status: 400, type: 'invalid_request_error', message: 'fake model: the script has no turn left' },
};

/** Speaks the OpenAI Responses API over HTTP, streamed or whole. Clients are given `url` with or without `/v1`. */
export async function startOpenAiResponses(
  options: OpenAiResponsesOptions = {},
): Promise<FakeModel<ResponsesRequest, ResponsesTurnSource>> {
  const script = [...(options.turns ?? [])];
  const requests: RecordedRequest<ResponsesRequest>[] = [];
  const waiters = new TurnWaiters();

  const handle = async (exchange: Exchange): Promise<void> => {
    const { request, response, path } = exchange;
    const { method = 'GET', headers } = request;
    const body = asRequest(exchange.body);
    const isTurn = method === 'POST' && path.endsWith('/responses');
    requests.push({ method, path, headers, body, kind: isTurn ? 'turn' : 'other' });
    if (isTurn) {
      const source = script.shift() ?? options.fallback ?? scriptEnded;
      const index = waiters.count;
      waiters.add();
      return answer(exchange, body ?? {}, typeof source === 'function' ? source(body ?? {}, index) : source);
    }
    if (path.endsWith('/models')) return respondJson(response, 200, modelList(options.models ?? ['fake-model']));
    respondJson(response, 404, apiError({ message: `fake model: no route for ${method} ${path}` }));
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

async function answer({ response, gone }: Exchange, request: ResponsesRequest, turn: ResponsesTurn): Promise<void> {
  if (turn.delayMs) await sleep(turn.delayMs, undefined, { signal: gone });
  if (turn.refuse === 'close') return void response.destroy();
  if (turn.refuse) {
    const { status, headers, ...error } = turn.refuse;
    return respondJson(response, status, apiError(error), { 'x-request-id': newId('req'), ...headers });
  }
  const whole = responseOf(turn, request);
  if (request.stream) return streamResponse(response, whole, turn, gone);
  const { head, output, usage } = whole;
  const details = turn.incomplete === undefined ? {} : { incomplete_details: { reason: turn.incomplete } };
  const status = turn.incomplete === undefined ? 'completed' : 'incomplete';
  respondJson(response, 200, { ...head, status, output, usage, ...details }, { 'x-request-id': newId('req') });
}

function apiError({ message, type = 'server_error', code, more }: ResponsesError): object {
  return { error: { message, type, param: null, code: code ?? null, ...more } };
}

function asRequest(body: unknown): ResponsesRequest | undefined {
  return typeof body === 'object' && body !== null ? (body as ResponsesRequest) : undefined;
}

/** `models` is what Codex itself looks for. */
function modelList(ids: readonly string[]): object {
  return { object: 'list', data: ids.map((id) => ({ id, object: 'model', created: 0, owned_by: 'fake' })), models: [] };
}
