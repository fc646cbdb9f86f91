import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ModelResponse, newId, type OutputItem } from './response.ts';
import type { ResponsesTurn } from './turn.ts';

/** Sends a response as server-sent events, in the order and the shapes of the Responses API. */
export async function streamResponse(
  response: ServerResponse,
  { head, output, usage }: ModelResponse,
  turn: ResponsesTurn,
  gone: AbortSignal,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-request-id': newId('req'),
  });
  let number = 0;
  const send = async (type: string, data: object): Promise<void> => {
    const event = { type, sequence_number: number++, ...data };
    const room = response.write(`event: ${type}\ndata: ${JSON.stringify(event)}\n\n`);
    if (!room) await once(response, 'drain', { signal: gone });
  };
  const whole = (status: string, more: object = {}) => ({ response: { ...head, status, ...more } });

  await send('response.created', whole('in_progress'));
  await send('response.in_progress', whole('in_progress'));
  for (const [index, item] of output.entries()) {
    await send('response.output_item.added', { output_index: index, item: emptied(item) });
    for (const { type, data } of deltas(item, turn.chunkSize ?? 40)) {
      await send(type, { item_id: item.id, output_index: index, ...data });
      const stop = turn.stopAfterFirstDelta;
      if (stop === 'hang') return;
      if (stop === 'cut') {
        // Only when what was said is out: else the client sees a connection that never answered.
        await new Promise((resolve) => response.write('\n', resolve));
        return void response.destroy();
      }
      if (stop) {
        await send('response.failed', whole('failed', { error: { code: stop.code ?? null, message: stop.message } }));
        return void response.end();
      }
      if (turn.chunkMs) await sleep(turn.chunkMs, undefined, { signal: gone });
    }
    await send('response.output_item.done', { output_index: index, item });
  }
  if (turn.incomplete === undefined) await send('response.completed', whole('completed', { output, usage }));
  else {
    const details = { incomplete_details: { reason: turn.incomplete } };
    await send('response.incomplete', whole('incomplete', { output, usage, ...details }));
  }
  response.end();
}

function emptied(item: OutputItem): object {
  switch (item.type) {
    case 'message':
      return { ...item, status: 'in_progress', content: [] };
    case 'reasoning':
      return { ...item, summary: [] };
    default:
      return { ...item, status: 'in_progress' };
  }
}

function* deltas(item: OutputItem, size: number): Generator<{ readonly type: string; readonly data: object }> {
  switch (item.type) {
    case 'message':
      for (const text of item.content.flatMap((part) => [...pieces(part.text, size)])) {
        yield { type: 'response.output_text.delta', data: { content_index: 0, delta: text } };
      }
      return;
    case 'reasoning':
      for (const text of item.summary.flatMap((part) => [...pieces(part.text, size)])) {
        yield { type: 'response.reasoning_summary_text.delta', data: { summary_index: 0, delta: text } };
      }
  }
}

function* pieces(text: string, size: number): Generator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}
