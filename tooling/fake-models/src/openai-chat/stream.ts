import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Completion } from './completion.ts';
import type { ChatTurn } from './turn.ts';

/** Sends a completion as chunks: the role, reasoning, text, tool calls, the finish reason, the usage, `[DONE]`. */
export async function streamCompletion(
  response: ServerResponse,
  completion: Completion,
  turn: ChatTurn,
  gone: AbortSignal,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  const { id, created, model, usage } = completion;
  const send = async (data: object): Promise<void> => {
    const room = response.write(`data: ${JSON.stringify(data)}\n\n`);
    if (!room) await once(response, 'drain', { signal: gone });
  };
  const chunk = (delta: object, finishReason: string | null = null) =>
    send({
      ...{ id, object: 'chat.completion.chunk', created, model },
      choices: [{ index: 0, delta, finish_reason: finishReason }],
    });
  await chunk({ role: 'assistant', content: '' });
  for (const delta of deltas(completion, turn.chunkSize ?? 40)) {
    await chunk(delta);
    if (turn.stopAfterFirstDelta === 'hang') return;
    if (turn.stopAfterFirstDelta === 'cut') return void response.destroy();
    if (turn.stopAfterFirstDelta) {
      await send({ error: { param: null, code: null, ...turn.stopAfterFirstDelta } });
      return void response.end();
    }
    if (turn.chunkMs) await sleep(turn.chunkMs, undefined, { signal: gone });
  }
  await chunk({}, completion.finishReason);
  if (usage) await send({ id, object: 'chat.completion.chunk', created, model, choices: [], usage });
  response.end('data: [DONE]\n\n');
}

function* deltas({ reasoning, text, toolCalls }: Completion, size: number): Generator<object> {
  for (const piece of pieces(reasoning ?? '', size)) yield { reasoning_content: piece };
  for (const piece of pieces(text ?? '', size)) yield { content: piece };
  for (const [index, call] of toolCalls.entries()) {
    yield { tool_calls: [{ index, ...call, function: { name: call.function.name, arguments: '' } }] };
    for (const piece of pieces(call.function.arguments, size)) {
      yield { tool_calls: [{ index, function: { arguments: piece } }] };
    }
  }
}

function* pieces(text: string, size: number): Generator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}
