import { setTimeout as sleep } from 'node:timers/promises';
import { type Exchange, listenOnLoopback, respondJson } from '../loopback.ts';
import type { FakeModel, RecordedRequest } from '../model.ts';
import { TurnWaiters } from '../waiters.ts';
import { chunksOf, wholeOf } from './chunks.ts';
import type { GeminiRequest } from './request.ts';
import { sideTurn } from './side.ts';
import type { GeminiTurn, GeminiTurnSource } from './turn.ts';

export interface GeminiOptions {
  /** Answers in order, one for each streamed request. */
  readonly turns?: readonly GeminiTurnSource[];
  /** Answers when the script has ended. Default: an error that says so, so that no test ends well by accident. */
  readonly fallback?: GeminiTurnSource;
  /** Answers requests that do not stream (router, titles, loop checks), which take no turn. */
  readonly side?: GeminiTurnSource;
}

const scriptEnded: GeminiTurn = { refuse: { code: 400, message: 'fake model: the script has no turn left' } };
const route = /\/models\/([^/:]+):(\w+)$/;
const words: Readonly<Record<number, string>> = {
  ...{ 400: 'INVALID_ARGUMENT', 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND' },
  ...{ 429: 'RESOURCE_EXHAUSTED', 500: 'INTERNAL', 503: 'UNAVAILABLE' },
};

/** Speaks the Gemini API: `streamGenerateContent` takes turns, everything else is answered aside. */
export async function startGemini(options: GeminiOptions = {}): Promise<FakeModel<GeminiRequest, GeminiTurnSource>> {
  const script = [...(options.turns ?? [])];
  const requests: RecordedRequest<GeminiRequest>[] = [];
  const waiters = new TurnWaiters();

  const handle = async (exchange: Exchange): Promise<void> => {
    const { response, path } = exchange;
    const [, model = '', method = ''] = route.exec(decodeURIComponent(path)) ?? [];
    const kind = kinds[method] ?? 'other';
    const body = asRequest(exchange.body);
    const { method: verb = 'GET', headers } = exchange.request;
    requests.push({ method: verb, path, headers, body, kind });
    if (kind === 'other') {
      if (method === 'countTokens') {
        return respondJson(response, 200, { totalTokens: Math.ceil(exchange.bodyLength / 4) });
      }
      return refuse(exchange, { code: 404, message: `fake model: no route for ${verb} ${path}` });
    }
    const index = waiters.count;
    const source =
      kind === 'turn' ? (script.shift() ?? options.fallback ?? scriptEnded) : (options.side ?? sideTurn(body ?? {}));
    if (kind === 'turn') waiters.add();
    return answer(exchange, typeof source === 'function' ? source(body ?? {}, index) : source, model, kind === 'turn');
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

const kinds: Readonly<Record<string, 'turn' | 'side'>> = { streamGenerateContent: 'turn', generateContent: 'side' };

async function answer(exchange: Exchange, turn: GeminiTurn, model: string, streamed: boolean): Promise<void> {
  const { response, gone } = exchange;
  if (turn.delayMs) await sleep(turn.delayMs, undefined, { signal: gone });
  if (turn.refuse === 'close') return void response.destroy();
  if (turn.refuse) return refuse(exchange, turn.refuse);
  if (!streamed) return respondJson(response, 200, wholeOf(turn, model));
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const chunk of chunksOf(turn, model)) {
    // Only what has left this process is seen by a client whose connection is cut next.
    await new Promise<void>((sent) => response.write(`data: ${JSON.stringify(chunk)}\r\n\r\n`, () => sent()));
    if (gone.aborted) return;
    if (turn.stopAfterFirstChunk === 'hang') return;
    if (turn.stopAfterFirstChunk === 'cut') return void response.destroy();
    if (turn.chunkMs) await sleep(turn.chunkMs, undefined, { signal: gone });
  }
  response.end();
}

function refuse({ response }: Exchange, { headers, ...error }: GeminiTurn['refuse'] & object): void {
  respondJson(response, error.code, { error: { status: words[error.code] ?? 'UNKNOWN', ...error } }, { ...headers });
}

function asRequest(body: unknown): GeminiRequest | undefined {
  return typeof body === 'object' && body !== null ? (body as GeminiRequest) : undefined;
}
