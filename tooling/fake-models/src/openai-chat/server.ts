import { setTimeout as sleep } from 'node:timers/promises';
import { type Exchange, listenOnLoopback, respondJson } from '../loopback.ts';
import type { FakeModel, RecordedRequest } from '../model.ts';
import { TurnWaiters } from '../waiters.ts';
import { completionOf, wholeCompletion } from './completion.ts';
import type { ChatRequest } from './request.ts';
import { streamCompletion } from './stream.ts';
import type { ChatTurn, ChatTurnSource } from './turn.ts';

export interface OpenAiChatOptions {
  /** Answers in order, one for each request that is no side request. */
  readonly turns?: readonly ChatTurnSource[];
  /** Answers when the script has ended. Default: an error that says so, so that no test ends well by accident. */
  readonly fallback?: ChatTurnSource;
  /** Answers side requests (titles, summaries, checks), which take no turn. */
  readonly side?: ChatTurnSource;
  /** Which requests are side requests. Default: those without tools. */
  readonly isSide?: (request: ChatRequest) => boolean;
  readonly models?: readonly string[];
}

const scriptEnded: ChatTurn = {
  refuse: { status: 400, type: 'invalid_request_error', message: 'fake model: the script has no turn left' },
};

/** Speaks the OpenAI Chat Completions API, streamed or whole. Clients are given `url` with or without `/v1`. */
export async function startOpenAiChat(
  options: OpenAiChatOptions = {},
): Promise<FakeModel<ChatRequest, ChatTurnSource>> {
  const script = [...(options.turns ?? [])];
  const requests: RecordedRequest<ChatRequest>[] = [];
  const waiters = new TurnWaiters();
  const isSide = options.isSide ?? ((request: ChatRequest) => (request.tools?.length ?? 0) === 0);

  const handle = async (exchange: Exchange): Promise<void> => {
    const { request, response, path } = exchange;
    const { method = 'GET', headers } = request;
    const body = asRequest(exchange.body);
    const record = (kind: RecordedRequest<ChatRequest>['kind']) => requests.push({ method, path, headers, body, kind });
    if (method === 'POST' && path.endsWith('/chat/completions')) {
      const isTurn = !isSide(body ?? {});
      record(isTurn ? 'turn' : 'side');
      const source = isTurn ? (script.shift() ?? options.fallback ?? scriptEnded) : (options.side ?? { text: 'ok' });
      const index = waiters.count;
      if (isTurn) waiters.add();
      return answer(exchange, body ?? {}, typeof source === 'function' ? source(body ?? {}, index) : source);
    }
    record('other');
    if (path.endsWith('/models')) return respondJson(response, 200, modelList(options.models ?? ['fake-model']));
    respondJson(response, 404, apiError(404, { message: `fake model: no route for ${method} ${path}` }));
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

async function answer({ response, gone }: Exchange, request: ChatRequest, turn: ChatTurn): Promise<void> {
  if (turn.delayMs) await sleep(turn.delayMs, undefined, { signal: gone });
  if (turn.refuse === 'close') return void response.destroy();
  if (turn.refuse) {
    const { status, headers, ...error } = turn.refuse;
    return respondJson(response, status, apiError(status, error), { ...headers });
  }
  const completion = completionOf(turn, request);
  if (request.stream) return streamCompletion(response, completion, turn, gone);
  respondJson(response, 200, wholeCompletion(completion));
}

const errorTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
};
const errorCodes: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  404: 'model_not_found',
  429: 'rate_limit_exceeded',
};

function apiError(status: number, error: { readonly message: string; readonly type?: string; readonly code?: string }) {
  const type = errorTypes[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error');
  return { error: { param: null, type, code: errorCodes[status] ?? null, ...error } };
}

function asRequest(body: unknown): ChatRequest | undefined {
  return typeof body === 'object' && body !== null ? (body as ChatRequest) : undefined;
}

function modelList(ids: readonly string[]): object {
  return { object: 'list', data: ids.map((id) => ({ id, object: 'model', created: 0, owned_by: 'fake' })) };
}
