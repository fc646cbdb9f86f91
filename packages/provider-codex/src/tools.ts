import type { Json, JsonObject, OutputLine, ToolKind } from '@pawl/provider';
import { asArray, asFigure, asObject, asString, type BodyEvent } from '@pawl/provider-kit';

const kinds: Readonly<Record<string, ToolKind>> = {
  ...{ command_execution: 'execute', exec_command: 'execute', shell: 'execute', shell_command: 'execute' },
  ...{ local_shell: 'execute', 'container.exec': 'execute' },
  ...{ file_change: 'edit', apply_patch: 'edit' },
  ...{ web_search: 'fetch', todo_list: 'think', collab_tool_call: 'delegate' },
};
const titleCap = 200;

/** Items of a turn that are work of a tool. */
export class Tools {
  readonly #open = new Set<string>();
  readonly #sandboxed: boolean;

  constructor(sandboxed: boolean) {
    this.#sandboxed = sandboxed;
  }

  *started(id: string, type: string, item: JsonObject): Generator<BodyEvent> {
    this.#open.add(id);
    const server = asString(item.server);
    const tool = asString(item.tool);
    const name = server !== undefined && tool !== undefined ? `${server}.${tool}` : type;
    const input = inputOf(item);
    const title = titleOf(input);
    yield { type: 'tool-call', id, kind: kindOf(type), name, ...(title === undefined ? {} : { title }), input };
  }

  *completed(id: string, type: string, item: JsonObject): Generator<BodyEvent> {
    if (!this.#open.has(id)) yield* this.started(id, type, item);
    this.#open.delete(id);
    yield { type: 'tool-result', id, status: this.#statusOf(item), output: outputOf(item) };
  }

  /** What its sandbox forbids is a command that failed; whether Codex prints that one depends on how long it took. */
  #statusOf(item: JsonObject): 'ok' | 'error' | 'denied' {
    const said = asString(asObject(item.error)?.message) ?? '';
    if (item.status === 'declined' || /requires approval|rejected by user/.test(said)) return 'denied';
    const code = asFigure(item.exit_code) ?? 0;
    if (this.#sandboxed && code !== 0 && /read-only file system/i.test(asString(item.aggregated_output) ?? ''))
      return 'denied';
    return item.status === 'failed' || asObject(item.error) !== undefined || code !== 0 ? 'error' : 'ok';
  }

  /** Codex does not wait for commands that the model did not wait for: it ends them. */
  *unfinished(): Generator<BodyEvent> {
    for (const id of this.#open) {
      yield { type: 'tool-result', id, status: 'error', output: '(it was still running when the turn ended)' };
    }
    this.#open.clear();
  }

  /** A line that the host cut: if it is the result of an open call, the call must not stay without one. */
  *cut({ text, truncatedBytes = 0 }: OutputLine): Generator<BodyEvent> {
    const id = /"item":\{"id":"([^"]+)"/.exec(text.slice(0, 1_000))?.[1];
    if (id === undefined || !this.#open.delete(id)) return yield { type: 'native', name: 'cut' };
    const output = `(a result of about ${text.length + truncatedBytes} bytes, too long to be kept)`;
    yield { type: 'tool-result', id, status: 'ok', output };
  }
}

export function kindOf(name: string): ToolKind {
  return Object.hasOwn(kinds, name) ? (kinds[name] ?? 'other') : 'other';
}

export function titleOf(input: Json): string | undefined {
  const from = asObject(input);
  const paths = asArray(from?.changes).flatMap((change) => asString(asObject(change)?.path) ?? []);
  const patched = typeof input === 'string' ? [...input.matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm)] : [];
  const title = [
    asString(from?.command) ?? asString(from?.cmd) ?? asString(from?.query) ?? asString(from?.prompt),
    paths.join(', '),
    patched.map(([, path]) => path).join(', '),
  ].find((text) => text !== undefined && text !== '');
  return title?.split('\n')[0]?.slice(0, titleCap);
}

/** What the item says besides how it went. */
function inputOf(item: JsonObject): Json {
  if (item.arguments !== undefined) return item.arguments;
  const results = ['id', 'type', 'status', 'aggregated_output', 'exit_code', 'result', 'error', 'agents_states'];
  return Object.fromEntries(Object.entries(item).filter(([name]) => !results.includes(name)));
}

function outputOf(item: JsonObject): Json {
  const { aggregated_output: output, result, error } = item;
  if (typeof output === 'string') return output;
  return error ?? result ?? asString(item.status) ?? null;
}
