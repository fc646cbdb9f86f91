import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type AnswerBlock, newId } from './message.ts';
import type { Turn } from './turn.ts';

/** Sends an answer as server-sent events, in the order and the shapes of the Messages API. */
export async function streamAnswer(
  response: ServerResponse,
  answer: Answer,
  turn: Turn,
  gone: AbortSignal,
): Promise<void> {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'request-id': newId('req'),
  });
  const send = async (type: string, data: object): Promise<void> => {
    const room = response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    if (!room) await once(response, 'drain', { signal: gone });
  };
  const { id, model, usage } = answer;
  const head = { id, type: 'message', role: 'assistant', model, content: [], stop_reason: null, stop_sequence: null };
  await send('message_start', { message: { ...head, usage: { ...usage, output_tokens: 1 } } });
  await send('ping', {});
  for (const [index, block] of answer.blocks.entries()) {
    await send('content_block_start', { index, content_block: emptied(block) });
    for (const delta of deltas(block, turn.chunkSize ?? 40)) {
      await send('content_block_delta', { index, delta });
      if (turn.stopAfterFirstDelta === 'hang') return;
      if (turn.stopAfterFirstDelta === 'cut') return void response.destroy();
      if (turn.stopAfterFirstDelta) {
        await send('error', { error: turn.stopAfterFirstDelta });
        return void response.end();
      }
      if (turn.chunkMs) await sleep(turn.chunkMs, undefined, { signal: gone });
    }
    await send('content_block_stop', { index });
  }
  await send('message_delta', { delta: { stop_reason: answer.stopReason, stop_sequence: null }, usage });
  await send('message_stop', {});
  response.end();
}

function emptied(block: AnswerBlock): object {
  switch (block.type) {
    case 'text':
      return { ...block, text: '' };
    case 'thinking':
      return { ...block, thinking: '', signature: '' };
    case 'tool_use':
      return { ...block, input: {} };
  }
}

function* deltas(block: AnswerBlock, size: number): Generator<object> {
  switch (block.type) {
    case 'text':
      for (const text of pieces(block.text, size)) yield { type: 'text_delta', text };
      return;
    case 'thinking':
      for (const thinking of pieces(block.thinking, size)) yield { type: 'thinking_delta', thinking };
      yield { type: 'signature_delta', signature: block.signature };
      return;
    case 'tool_use':
      for (const json of pieces(JSON.stringify(block.input), size))
        yield { type: 'input_json_delta', partial_json: json };
  }
}

function* pieces(text: string, size: number): Generator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}
