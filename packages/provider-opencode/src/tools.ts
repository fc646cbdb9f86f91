import type { JsonObject, OutputLine, ToolKind } from '@pawl/provider';
import { asObject, asString, type BodyEvent } from '@pawl/provider-kit';

const tools: Readonly<Record<Exclude<ToolKind, 'other'>, readonly string[]>> = {
  read: ['read', 'list'],
  edit: ['write', 'edit', 'multiedit', 'patch', 'apply_patch'],
  execute: ['bash'],
  search: ['grep', 'glob', 'lsp', 'codesearch'],
  fetch: ['webfetch', 'websearch'],
  think: ['todowrite', 'todoread'],
  delegate: ['task'],
};
const kinds = new Map(Object.entries(tools).flatMap(([kind, names]) => names.map((name) => [name, kind as ToolKind])));
const titleCap = 200;

/** What OpenCode answers the model in place of a result. */
const denied = /^(The user rejected permission|The user has specified a rule which prevents)/;

/** A tool is told once, when it has ended: call and result come together. */
export function* toolEvents(part: JsonObject): Generator<BodyEvent> {
  const id = asString(part.callID);
  const state = asObject(part.state);
  if (id === undefined || !state) return yield { type: 'native', name: 'tool_use without call' };
  const input = asObject(state.input);
  // A tool that the model made up is told as `invalid`, and as completed.
  const made = part.tool === 'invalid';
  const name = (made ? asString(input?.tool) : undefined) ?? asString(part.tool) ?? '';
  const title = titleOf(state, input);
  yield {
    type: 'tool-call',
    id,
    kind: kinds.get(name) ?? 'other',
    name,
    ...(title ? { title } : {}),
    input: state.input ?? null,
  };
  const error = asString(state.error);
  const failed = state.status === 'error' || made;
  const status = !failed ? 'ok' : denied.test(error ?? '') ? 'denied' : 'error';
  yield { type: 'tool-result', id, status, output: (failed ? error : undefined) ?? state.output ?? null };
}

/** Whether the user, who is not there, was asked and thereby refused: OpenCode then stops. */
export function isRejected(part: JsonObject): boolean {
  return asString(asObject(part.state)?.error)?.startsWith('The user rejected permission') === true;
}

/** Whether a sub-agent worked, in a session of its own. */
export function madeSession(part: JsonObject): boolean {
  return part.tool === 'task' && asObject(asObject(part.state)?.metadata)?.sessionId !== undefined;
}

/** A tool whose line the host cut. */
export function* cutTool({ text, truncatedBytes = 0 }: OutputLine): Generator<BodyEvent> {
  const id = /"callID":"([^"]+)"/.exec(text)?.[1];
  const name = /"tool":"([^"]+)"/.exec(text)?.[1];
  if (id === undefined || name === undefined) return yield { type: 'native', name: 'cut' };
  yield { type: 'tool-call', id, kind: kinds.get(name) ?? 'other', name, input: null };
  const output = `(a result of about ${text.length + truncatedBytes} bytes, too long to be kept)`;
  yield { type: 'tool-result', id, status: /"status":"error"/.test(text) ? 'error' : 'ok', output };
}

function titleOf(state: JsonObject, input: JsonObject | undefined): string | undefined {
  const title = [state.title, input?.description, input?.filePath, input?.command, input?.pattern].find(
    (value): value is string => typeof value === 'string' && value !== '',
  );
  return title?.split('\n')[0]?.slice(0, titleCap);
}
