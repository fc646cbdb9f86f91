import type { JsonObject, OutputLine, ToolKind } from '@pawl/provider';
import { asObject, asString, type BodyEvent } from '@pawl/provider-kit';

const kinds: Readonly<Record<string, ToolKind>> = {
  ...{ read_file: 'read', read_many_files: 'read', list_directory: 'read', read_mcp_resource: 'read' },
  ...{ write_file: 'edit', replace: 'edit', save_memory: 'edit' },
  ...{ run_shell_command: 'execute', list_background_processes: 'execute', read_background_output: 'execute' },
  ...{ glob: 'search', grep_search: 'search', google_web_search: 'search', web_fetch: 'fetch' },
  ...{ write_todos: 'think', update_topic: 'think', enter_plan_mode: 'think', exit_plan_mode: 'think' },
  ...{ invoke_agent: 'delegate', codebase_investigator: 'delegate', activate_skill: 'delegate', ask_user: 'other' },
};
const titleCap = 200;

/** Calls and their results, with what was denied. */
export class Tools {
  /** Names of the calls that wait for their result. */
  readonly #open = new Map<string, string>();

  *call(line: JsonObject): Generator<BodyEvent> {
    const id = asString(line.tool_id);
    if (id === undefined) return yield { type: 'native', name: 'tool_use without id' };
    const name = asString(line.tool_name) ?? '';
    const title = titleOf(asObject(line.parameters));
    this.#open.set(id, name);
    yield {
      type: 'tool-call',
      id,
      kind: kindOfTool(name),
      name,
      ...(title === undefined ? {} : { title }),
      input: line.parameters ?? null,
    };
  }

  *result(line: JsonObject): Generator<BodyEvent> {
    const id = asString(line.tool_id);
    if (id === undefined) return yield { type: 'native', name: 'tool_result without id' };
    const name = this.#open.get(id) ?? '';
    this.#open.delete(id);
    const error = asObject(line.error);
    const failed = line.status !== 'success';
    const output = line.output ?? asString(error?.message) ?? null;
    const status = isDenied(name, error, output) ? 'denied' : failed ? 'error' : 'ok';
    yield { type: 'tool-result', id, status, output };
  }

  /** A line that the host cut: if it is the result of an open call, the call must not stay without one. */
  *cut({ text, truncatedBytes = 0 }: OutputLine): Generator<BodyEvent> {
    // The prompt is echoed, whatever its length.
    if (/^\{"type":"message"[^{}]{0,80}"role":"user"/.test(text)) return;
    const id = /^\{"type":"tool_result"[^{}]{0,80}"tool_id":"([^"]+)"/.exec(text)?.[1];
    if (id === undefined || !this.#open.delete(id)) return yield { type: 'native', name: 'cut' };
    const status = /"status":"success"/.test(text) ? 'ok' : 'error';
    const output = `(a result of about ${text.length + truncatedBytes} bytes, too long to be kept)`;
    yield { type: 'tool-result', id, status, output };
  }
}

/** A tool that this access does not have is not there at all; a name that no tool ever had is the model's mistake. */
export function isDenied(name: string, error: JsonObject | undefined, output: unknown): boolean {
  if (error?.type === 'policy_violation') return true;
  if (error?.type === 'tool_not_registered') return kindOfTool(name) !== 'other';
  if (/requires user confirmation, which is not supported/.test(asString(error?.message) ?? '')) return true;
  // Said as a success.
  return name === 'run_shell_command' && output === 'Blocked: command substitution detected in shell command.';
}

export function kindOfTool(name: string): ToolKind {
  return Object.hasOwn(kinds, name) ? (kinds[name] ?? 'other') : 'other';
}

function titleOf(input: JsonObject | undefined): string | undefined {
  const title = [
    input?.description,
    input?.file_path,
    input?.pattern,
    input?.url,
    input?.command,
    input?.dir_path,
  ].find((value): value is string => typeof value === 'string' && value !== '');
  return title?.split('\n')[0]?.slice(0, titleCap);
}
