import type { Json, JsonObject, ToolKind } from '@pawl/provider';
import { asObject, asString, type BodyEvent } from '@pawl/provider-kit';

const kinds: Readonly<Record<string, ToolKind>> = {
  ...{ read: 'read', edit: 'edit', write: 'edit', delete: 'edit', shell: 'execute', glob: 'search', grep: 'search' },
  ...{ ls: 'search', semSearch: 'search', webSearch: 'search', webFetch: 'fetch', fetch: 'fetch', task: 'delegate' },
};

/** A `tool_call` line. */
export function* toolEvents(line: JsonObject): Generator<BodyEvent> {
  const id = asString(line.call_id);
  const [key, call] = kindOfCall(asObject(line.tool_call) ?? {});
  if (id === undefined || key === undefined) return yield { type: 'native', name: 'tool_call without id or kind' };
  if (line.subtype === 'started') {
    const name = asString(call.name) ?? key;
    yield { type: 'tool-call', id, kind: kinds[key] ?? 'other', name, input: call.args ?? call.arguments ?? {} };
  } else if (line.subtype === 'completed') {
    const result = asObject(call.result) ?? {};
    yield { type: 'tool-result', id, status: statusOf(result), output: outputOf(result) };
  } else yield { type: 'native', name: `tool_call/${asString(line.subtype)?.slice(0, 80) ?? 'none'}` };
}

/** The key that ends so: newer builds put others beside it, before and behind. */
function kindOfCall(call: JsonObject): readonly [key: string | undefined, JsonObject] {
  const key = Object.keys(call).find((name) => name.endsWith('ToolCall'));
  if (key !== undefined) return [key.slice(0, -'ToolCall'.length), asObject(call[key]) ?? {}];
  return call.function === undefined ? [undefined, {}] : ['function', asObject(call.function) ?? {}];
}

function statusOf(result: JsonObject): 'ok' | 'error' | 'denied' {
  if (result.rejected !== undefined) return 'denied';
  const success = asObject(result.success);
  if (!success) return 'error';
  return typeof success.exitCode === 'number' && success.exitCode !== 0 ? 'error' : 'ok';
}

function outputOf(result: JsonObject): Json {
  return result.success ?? result.rejected ?? result.error ?? result;
}
