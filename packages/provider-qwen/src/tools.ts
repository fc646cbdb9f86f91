import type { Json, JsonObject, OutputLine, ToolKind } from '@pawl/provider';
import { asArray, asObject, asString, type BodyEvent } from '@pawl/provider-kit';

const kinds: Readonly<Record<string, ToolKind>> = {
  ...{ read_file: 'read', list_directory: 'read', read_mcp_resource: 'read', zoom_image: 'read' },
  ...{ write_file: 'edit', edit: 'edit', notebook_edit: 'edit' },
  ...{ run_shell_command: 'execute', monitor: 'execute', task_stop: 'execute' },
  ...{ grep_search: 'search', glob: 'search', tool_search: 'search', web_fetch: 'fetch', web_search: 'fetch' },
  ...{
    todo_write: 'think',
    get_goal: 'think',
    update_goal: 'think',
    enter_plan_mode: 'think',
    exit_plan_mode: 'think',
  },
  ...{ agent: 'delegate', task: 'delegate', skill: 'delegate', send_message: 'delegate', list_agents: 'delegate' },
};
const titleCap = 200;
const refused = /permission was declined|was denied by permission rules|denied by (a )?permission/i;

export const kindOfTool = (name: string): ToolKind => (Object.hasOwn(kinds, name) ? (kinds[name] ?? 'other') : 'other');

/** Whether what a call gave says that it was not allowed. */
export const wasRefused = (output: Json | undefined): boolean => refused.test(asString(output)?.slice(0, 400) ?? '');

/** Calls and their results, with what was denied. */
export class Tools {
  readonly #open = new Set<string>();

  *call(block: JsonObject, parent: string | undefined): Generator<BodyEvent> {
    const id = asString(block.id);
    if (id === undefined) return yield { type: 'native', name: 'tool_use without id' };
    const name = asString(block.name) ?? '';
    const title = titleOf(asObject(block.input));
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

  *results(message: JsonObject | undefined): Generator<BodyEvent> {
    for (const part of asArray(message?.content)) {
      const block = asObject(part);
      const id = asString(block?.tool_use_id);
      if (block?.type !== 'tool_result' || id === undefined) continue;
      this.#open.delete(id);
      const failed = block.is_error === true;
      const denied = failed && wasRefused(block.content);
      yield {
        type: 'tool-result',
        id,
        status: denied ? 'denied' : failed ? 'error' : 'ok',
        output: block.content ?? null,
      };
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
  const title = [input?.description, input?.file_path, input?.pattern, input?.url, input?.command, input?.path].find(
    (value): value is string => typeof value === 'string' && value !== '',
  );
  return title?.split('\n')[0]?.slice(0, titleCap);
}
