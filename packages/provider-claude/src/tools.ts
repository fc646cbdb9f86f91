import type { JsonObject, OutputLine, ToolKind } from '@pawl/provider';
import { asArray, asObject, asString, type BodyEvent } from '@pawl/provider-kit';

const tools: Readonly<Record<Exclude<ToolKind, 'other'>, readonly string[]>> = {
  read: ['Read', 'NotebookRead'],
  edit: ['Write', 'Edit', 'MultiEdit', 'NotebookEdit'],
  execute: ['Bash', 'BashOutput', 'KillShell', 'PowerShell', 'Monitor'],
  search: ['Grep', 'Glob', 'ToolSearch'],
  fetch: ['WebFetch', 'WebSearch'],
  think: ['TodoWrite'],
  delegate: ['Task', 'Agent', 'SendMessage', 'Workflow'],
};
const kinds = new Map(Object.entries(tools).flatMap(([kind, names]) => names.map((name) => [name, kind as ToolKind])));
const titleCap = 200;

export const kindOfTool = (name: string): ToolKind => kinds.get(name) ?? 'other';

/** Calls and their results, with what was denied. */
export class Tools {
  readonly #denied = new Set<string>();
  readonly #open = new Set<string>();

  denied(id: string | undefined): void {
    if (id !== undefined) this.#denied.add(id);
  }

  *call(block: JsonObject, line: JsonObject): Generator<BodyEvent> {
    const id = asString(block.id);
    if (id === undefined) return yield { type: 'native', name: 'tool_use without id' };
    const name = asString(block.name) ?? '';
    const title = titleOf(asObject(block.input));
    const parent = asString(line.parent_tool_use_id);
    this.#open.add(id);
    yield {
      type: 'tool-call',
      id,
      kind: kindOfTool(name),
      name,
      ...(title === undefined ? {} : { title }),
      input: block.input ?? null,
      ...(parent === undefined ? {} : { parent }),
    };
  }

  *results(line: JsonObject): Generator<BodyEvent> {
    const refused = new Set(
      asArray(line.tool_result_meta).flatMap((entry) => {
        const meta = asObject(entry);
        return asObject(meta?.permission_decision)?.decision === 'reject' ? (asString(meta?.id) ?? []) : [];
      }),
    );
    for (const part of asArray(asObject(line.message)?.content)) {
      const block = asObject(part);
      const id = asString(block?.tool_use_id);
      if (block?.type !== 'tool_result' || id === undefined) continue;
      this.#open.delete(id);
      const denied = this.#denied.delete(id) || refused.has(id);
      const status = denied ? 'denied' : block.is_error === true ? 'error' : 'ok';
      yield { type: 'tool-result', id, status, output: block.content ?? null };
    }
  }

  /** A line that the host cut: if it is the result of an open call, the call must not stay without one. */
  *cut({ text, truncatedBytes = 0 }: OutputLine): Generator<BodyEvent> {
    const id = [...text.matchAll(/"tool_use_id":"([^"]+)"/g)]
      .map((match) => match[1])
      .find((found) => this.#isOpen(found));
    if (id === undefined) return yield { type: 'native', name: 'cut' };
    this.#open.delete(id);
    const status = /"is_error":true/.test(text) ? 'error' : 'ok';
    const output = `(a result of about ${text.length + truncatedBytes} bytes, too long to be kept)`;
    yield { type: 'tool-result', id, status, output };
  }

  #isOpen(id: string | undefined): id is string {
    return id !== undefined && this.#open.has(id);
  }
}

function titleOf(input: JsonObject | undefined): string | undefined {
  const title = [input?.description, input?.file_path, input?.pattern, input?.url, input?.command].find(
    (value): value is string => typeof value === 'string' && value !== '',
  );
  return title?.split('\n')[0]?.slice(0, titleCap);
}
