import type { JsonObject, OutputLine, ToolKind } from '@pawl/provider';
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
      kind: kinds.get(name) ?? 'other',
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
    const denied = asString(asObject(asArray(output)[0])?.text)?.startsWith(denial) === true;
    const status = line.isError !== true ? 'ok' : denied ? 'denied' : 'error';
    yield { type: 'tool-result', id, status, output };
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
