import { randomUUID } from 'node:crypto';
import { defaultGeminiUsage, type GeminiTurn } from './turn.ts';

type Part = Readonly<Record<string, unknown>>;

/** The chunks a turn is streamed in; the last one carries the finish reason and the usage. */
export function chunksOf(turn: GeminiTurn, asked: string): readonly object[] {
  const parts = partsOf(turn);
  const head = { modelVersion: turn.model ?? asked, responseId: randomUUID() };
  return parts.map((list, index) => {
    const last = index === parts.length - 1;
    const candidate = { content: { role: 'model', parts: list }, index: 0 };
    return {
      candidates: [last ? { ...candidate, finishReason: turn.finishReason ?? 'STOP' } : candidate],
      ...(last ? { usageMetadata: usageOf(turn) } : {}),
      ...head,
    };
  });
}

/** The same in one piece, for requests that do not stream. */
export function wholeOf(turn: GeminiTurn, asked: string): object {
  const candidate = { content: { role: 'model', parts: partsOf({ ...turn, chunkSize: Infinity }).flat() }, index: 0 };
  return {
    candidates: [{ ...candidate, finishReason: turn.finishReason ?? 'STOP' }],
    usageMetadata: usageOf(turn),
    modelVersion: turn.model ?? asked,
    responseId: randomUUID(),
  };
}

function partsOf({ thought, text, calls = [], chunkSize = 40 }: GeminiTurn): readonly (readonly Part[])[] {
  const found: (readonly Part[])[] = [];
  if (thought !== undefined) found.push([{ text: thought, thought: true }]);
  for (let at = 0; at < (text ?? '').length; at += chunkSize)
    found.push([{ text: (text ?? '').slice(at, at + chunkSize) }]);
  if (calls.length > 0) {
    found.push(calls.map(({ name, args, id }) => ({ functionCall: { ...(id ? { id } : {}), name, args }, ...signed })));
  }
  return found.length > 0 ? found : [[{ text: '' }]];
}

const signed = { thoughtSignature: 'ZmFrZQ==' };

function usageOf(turn: GeminiTurn): object {
  const { input, cached, output, thoughts } = { ...defaultGeminiUsage, ...turn.usage };
  return {
    promptTokenCount: input,
    candidatesTokenCount: output,
    totalTokenCount: input + output + thoughts,
    ...(cached > 0 ? { cachedContentTokenCount: cached } : {}),
    ...(thoughts > 0 ? { thoughtsTokenCount: thoughts } : {}),
  };
}
