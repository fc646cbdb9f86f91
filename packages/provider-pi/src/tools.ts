import type { Json, JsonObject, OutputLine, ToolKind } from '@pawl/provider';
import { asArray, asObject, asString, type BodyEvent } from '@pawl/provider-kit';
import { denial } from './keep-inside.ts';

const tools: Readonly<Record<Exclude<ToolKind, 'other' | 'fetch' | 'think' | 'delegate'>, readonly string[]>> = {
  read: ['read', 'ls'],
  edit: ['write', 'edit'],
  execute: ['bash', 'powershell', 'codemode'],
  search: ['grep', 'find', 'tool_search'],
};
const kinds = new Map(Object.entries(tools).flatMap(([kind, names]) => names.map((name) => [name, kind as ToolKind])));
const titleCap = 200;

export const kindOfTool = (name: string): ToolKind => kinds.get(name) ?? 'other';

/** What became of a call, by the content it gave. */
export function statusOf(isError: Json | undefined, content: Json | undefined): 'ok' | 'error' | 'denied' {
  if (isError !== true) return 'ok';
  return asString(asObject(asArray(content)[0])?.text)?.startsWith(denial) ? 'denied' : 'error';
}

/** Calls and their results. */
export class Tools {
  readonly #open = new Set<string>();

  *call(line: JsonObject): Generator<BodyEvent> {
    const id = asString(line.toolCallId);
    if (id === undefined) return yield { type: 'native', name: 'tool call without id' };
    const name = asString(line.toolName) ?? '';
    const title = titleOf(asObject(line.args));
    this.#open.add(id);
    yield {
      type: 'tool-call',
      id,
      kind: kindOfTool(name),
      name,
      ...(title === undefined ? {} : { title }),
      input: line.args ?? null,
    };
  }

  *result(line: JsonObject): Generator<BodyEvent> {
    const id = asString(line.toolCallId);
    if (id === undefined) return yield { type: 'native', name: 'tool result without id' };
    this.#open.delete(id);
    const output = asObject(line.result)?.content ?? null;
    yield { type: 'tool-result', id, status: statusOf(line.isError, output), output };
  }

  /** A result that the host cut: the call must not stay without one. */
  *cut({ text, truncatedBytes = 0 }: OutputLine): Generator<BodyEvent> {
    const id = /"toolCallId":"([^"]+)"/.exec(text)?.[1];
    if (id === undefined || !this.#open.delete(id)) return yield { type: 'native', name: 'cut' };
    const output = `(a result of about ${text.length + truncatedBytes} bytes, too long to be kept)`;
    yield { type: 'tool-result', id, status: 'ok', output };
  }
}

function titleOf(input: JsonObject | undefined): string | undefined {
  const title = [input?.path, input?.command, input?.pattern].find(
    (value): value is string => typeof value === 'string' && value !== '',
  );
  return title?.split('\n')[0]?.slice(0, titleCap);
}
