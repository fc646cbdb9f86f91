import type { Json, TranscriptMessage } from '@pawl/provider';
import { asArray, asFigure, asObject, asString } from './json.ts';

/** When something was said, as a transcript has it (a time as text, or milliseconds), and the id it is called by. */
export function stamp(time: Json | undefined, id?: string): Pick<TranscriptMessage, 'at' | 'id'> {
  const at = asFigure(time) ?? Date.parse(asString(time) ?? '');
  return { ...(Number.isNaN(at) ? {} : { at }), ...(id === undefined ? {} : { id }) };
}

/** What a tool gave: text blocks as one text, anything else as it is. */
export function outputOf(content: Json | undefined): Json {
  const blocks = asArray(content).map(asObject);
  const texts = blocks.flatMap((block) => (block?.type === 'text' ? (asString(block.text) ?? []) : []));
  return texts.length > 0 && texts.length === blocks.length ? texts.join('\n') : (content ?? null);
}
