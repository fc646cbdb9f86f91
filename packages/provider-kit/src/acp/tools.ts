import type { Json, JsonObject, ToolKind } from '@pawl/provider';
import type { BodyEvent } from '../definition.ts';
import { asArray, asObject, asObjects, asString } from '../json.ts';

interface Call {
  name: string;
  kind: ToolKind;
  title: string | undefined;
  input: Json;
  content: readonly Json[];
  state: 'announced' | 'called' | 'done';
  /** Everything that was told of it, the later over the earlier. */
  told: JsonObject;
  denied: boolean;
}

const kinds: Readonly<Record<string, ToolKind>> = {
  ...{ read: 'read', edit: 'edit', delete: 'edit', move: 'edit', search: 'search', execute: 'execute' },
  ...{ think: 'think', fetch: 'fetch' },
};

/** Tool calls out of what is told of them bit by bit: announced without their input, then patched, then done. */
export class AcpTools {
  readonly #calls = new Map<string, Call>();

  /** `tool_call`, `tool_call_update`. */
  *told(update: JsonObject): Generator<BodyEvent> {
    const id = asString(update.toolCallId);
    if (id === undefined) return yield { type: 'native', name: 'tool call without id' };
    const call = this.#patched(id, update);
    const { status } = update;
    const ended = status === 'completed' || status === 'failed';
    const whole = status !== 'pending' && isTold(call.input);
    if (ended || whole || status === 'in_progress') yield* this.#called(id, call);
    if (!ended || call.state === 'done') return;
    yield* this.#done(id, call, status === 'completed' ? 'ok' : 'error', outputOf(call, update));
  }

  /** What a permission is asked for; what becomes of it is told later. */
  asked(update: JsonObject): void {
    const id = asString(update.toolCallId);
    if (id !== undefined) this.#patched(id, update);
  }

  /** A permission may be asked for with no more than the id of what was told before. */
  known(id: string | undefined): JsonObject {
    return (id === undefined ? undefined : this.#calls.get(id)?.told) ?? {};
  }

  denied(id: string | undefined): void {
    const call = id === undefined ? undefined : this.#calls.get(id);
    if (call) call.denied = true;
  }

  /** Of what was called, or denied, and never ended. */
  *close(): Generator<BodyEvent> {
    for (const [id, call] of this.#calls) {
      if (call.denied) yield* this.#called(id, call);
      if (call.state === 'called') yield* this.#done(id, call, 'error', 'The agent told no result.');
    }
  }

  #patched(id: string, update: JsonObject): Call {
    const call = this.#calls.get(id) ?? begun(id, update);
    this.#calls.set(id, call);
    patch(call, update);
    return call;
  }

  *#called(id: string, call: Call): Generator<BodyEvent> {
    if (call.state !== 'announced') return;
    call.state = 'called';
    const { name, kind, title, input } = call;
    yield { type: 'tool-call', id, kind, name, ...(title === undefined || title === name ? {} : { title }), input };
  }

  *#done(id: string, call: Call, status: 'ok' | 'error', output: Json): Generator<BodyEvent> {
    call.state = 'done';
    yield { type: 'tool-result', id, status: call.denied && status === 'error' ? 'denied' : status, output };
  }
}

function begun(id: string, update: JsonObject): Call {
  const meta = asObject(update._meta);
  const title = asString(update.title);
  const word = title !== undefined && /^[\w.-]+$/.test(title) ? title : undefined;
  const prefix = /^([A-Za-z][\w-]*?)__/.exec(id)?.[1];
  const own = asString(update.name) ?? asString(meta?.toolName) ?? asString(asObject(meta?.claudeCode)?.toolName);
  const name = own ?? word ?? prefix ?? asString(update.kind) ?? 'tool';
  return { name, kind: 'other', title: undefined, input: {}, content: [], state: 'announced', denied: false, told: {} };
}

function patch(call: Call, update: JsonObject): void {
  const { kind, title, rawInput, content } = update;
  call.told = { ...call.told, ...Object.fromEntries(Object.entries(update).filter(([, value]) => isTold(value))) };
  call.kind = kinds[asString(kind) ?? ''] ?? call.kind;
  call.title = asString(title) ?? call.title;
  if (isTold(rawInput)) call.input = rawInput;
  if (Array.isArray(content) && content.length > 0) call.content = content;
  // A diff is all that some tell of what an edit is given.
  const changes = asObjects(call.content).filter(({ type }) => type === 'diff');
  if (!isTold(call.input) && changes.length > 0) {
    call.input = { changes: changes.map(({ path = null, newText = null }) => ({ path, newText })) };
  }
}

/** Neither absent nor empty. */
function isTold(value: Json | undefined): value is Json {
  if (value === undefined || value === null) return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

function outputOf(call: Call, { rawOutput }: JsonObject): Json {
  if (rawOutput !== undefined && rawOutput !== null) return rawOutput;
  const texts = asArray(call.content).flatMap((part) => {
    const { type, content, path } = asObject(part) ?? {};
    if (type === 'diff') return `wrote ${asString(path) ?? 'a file'}`;
    return asString(asObject(content)?.text) ?? [];
  });
  return texts.join('\n');
}
