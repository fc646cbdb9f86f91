import { StoreError } from '@pawl/session-store';
import { clean } from './clean.ts';
import { DashboardError } from './errors.ts';
import type { Answer, ServerEvent } from './http.ts';
import { safetyHeaders } from './safety/headers.ts';

/** Of an open stream, so that whoever stands in between does not close it. */
const beatMs = 15_000;

export function answerOf({ status, body, headers = {}, events, download }: Answer): Response {
  const all = { ...safetyHeaders, 'cache-control': 'no-store', ...headers };
  if (events)
    return new Response(streamOf(eventText(events)), {
      status,
      headers: { ...all, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
    });
  if (download) return new Response(streamOf(download), { status, headers: all });
  return new Response(JSON.stringify(clean(body) ?? null), {
    status,
    headers: { ...all, 'content-type': 'application/json; charset=utf-8' },
  });
}

/** An error of ours that nobody foresaw is told to the log, not to the page. */
export function refusalOf(error: unknown, log: (text: string) => void): Response {
  if (DashboardError.is(error)) {
    const { status, code, message, hint } = error;
    return answerOf({ status, body: { error: { code, message, ...(hint !== undefined && { hint }) } } });
  }
  if (StoreError.is(error))
    return answerOf({ status: 503, body: { error: { code: error.code, message: error.message } } });
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const message = 'an error of the dashboard itself; its terminal says more';
  return answerOf({ status: 500, body: { error: { code: 'internal', message } } });
}

async function* eventText(events: AsyncIterable<ServerEvent>): AsyncGenerator<string> {
  yield 'retry: 1000\n\n';
  for await (const { id, event, data } of events)
    yield event === 'beat' ? ': \n\n' : `id: ${id}\nevent: ${event}\ndata: ${textOf(data)}\n\n`;
}

/** What many are told is cleaned and written once. */
const texts = new WeakMap<object, string>();

function textOf(data: unknown): string {
  if (typeof data !== 'object' || data === null) return JSON.stringify(clean(data));
  const known = texts.get(data) ?? JSON.stringify(clean(data));
  texts.set(data, known);
  return known;
}

function streamOf(pieces: AsyncIterable<string | Uint8Array>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(typeof value === 'string' ? encoder.encode(value) : value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

export { beatMs };
