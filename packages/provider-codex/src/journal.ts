import type { Json, JsonObject, UsageUpdate } from '@pawl/provider';
import { asArray, asFigure, asObject, asString, type BodyEvent } from '@pawl/provider-kit';
import { add, readTokens, type Tokens } from './tokens.ts';
import { kindOf, titleOf } from './tools.ts';

/** Why a turn failed, in Codex's own terms. */
export interface Told {
  /** `unauthorized`, `usage_limit_exceeded`, … */
  readonly reason: string | undefined;
  readonly httpStatus: number | undefined;
  /** Milliseconds since the epoch at which it did. */
  readonly at: number | undefined;
}

const commands = new Set(['exec_command', 'shell', 'shell_command', 'local_shell', 'container.exec']);

/** What the rollout of a session says of this turn. */
export class Journal {
  readonly #from: number;
  readonly #calls = new Map<string, { readonly name: string; readonly input: Json }>();
  #tokens: Tokens | undefined;
  #total: Tokens | undefined;
  #answers = 0;
  #last: Tokens | undefined;
  #window: number | undefined;
  #model: string | undefined;
  #cliVersion: string | undefined;
  #failure: Told | undefined;

  /** Lines before `from` are of earlier turns. */
  constructor(from: number) {
    this.#from = from;
  }

  /** Of this turn. */
  get tokens(): Tokens | undefined {
    return this.#tokens;
  }

  /** Of the whole session. */
  get total(): Tokens | undefined {
    return this.#total;
  }

  get answers(): number {
    return this.#answers;
  }

  /** What the session fills of the model's context window. */
  get context(): UsageUpdate['context'] {
    if (!this.#last) return undefined;
    const tokens = this.#last.input + this.#last.output;
    return { tokens, ...(this.#window === undefined ? {} : { window: this.#window }) };
  }

  get model(): string | undefined {
    return this.#model;
  }

  get cliVersion(): string | undefined {
    return this.#cliVersion;
  }

  get failure(): Told | undefined {
    return this.#failure;
  }

  /** Compactions, and calls that Codex refused: of those it prints nothing. */
  *entry(index: number, entry: JsonObject): Generator<BodyEvent> {
    const payload = asObject(entry.payload);
    if (index < this.#from || !payload) return;
    switch (entry.type) {
      case 'session_meta':
        this.#cliVersion = asString(payload.cli_version);
        return;
      case 'turn_context':
        this.#model = asString(payload.model) ?? this.#model;
        return;
      case 'token_usage_record':
        return this.#record(payload);
      case 'compacted':
        return yield {
          type: 'compaction',
          trigger: 'auto',
          ...(this.#last === undefined ? {} : { tokensBefore: this.#last.input }),
        };
      case 'event_msg':
        return this.#event(payload);
      case 'response_item':
        yield* this.#response(payload);
    }
  }

  #record(payload: JsonObject): void {
    const tokens = readTokens(payload.usage);
    if (!tokens) return;
    this.#tokens = this.#tokens ? add(this.#tokens, tokens) : tokens;
    this.#total = readTokens(payload.thread_token_usage) ?? this.#total;
    this.#answers += 1;
    this.#last = tokens;
  }

  #event(payload: JsonObject): void {
    if (payload.type === 'task_started') this.#window = asFigure(payload.model_context_window) ?? this.#window;
    // An item has the id of its call: it is printed too.
    if (payload.type === 'item_completed') this.#calls.delete(asString(asObject(payload.item)?.id) ?? '');
    const error = payload.type === 'task_complete' ? asObject(payload.error) : undefined;
    if (!error) return;
    const info = error.codex_error_info ?? null;
    const [[name, details] = []] = Object.entries(asObject(info) ?? {});
    const at = asFigure(payload.completed_at);
    this.#failure = {
      reason: asString(info) ?? name,
      httpStatus: asFigure(asObject(details)?.http_status_code),
      at: at === undefined ? undefined : at * 1_000,
    };
  }

  *#response(payload: JsonObject): Generator<BodyEvent> {
    const id = asString(payload.call_id);
    if (id === undefined) return;
    switch (payload.type) {
      case 'function_call':
      case 'custom_tool_call':
      case 'local_shell_call': {
        const name = asString(payload.name) ?? 'local_shell';
        this.#calls.set(id, { name, input: inputOf(payload) });
        return;
      }
      case 'function_call_output':
      case 'custom_tool_call_output': {
        const call = this.#calls.get(id);
        this.#calls.delete(id);
        const output = textOf(payload.output);
        const status = call && unprinted(call.name, output);
        if (!call || !status) return;
        const title = titleOf(call.input);
        const { name, input } = call;
        yield { type: 'tool-call', id, kind: kindOf(name), name, ...(title === undefined ? {} : { title }), input };
        yield { type: 'tool-result', id, status, output };
      }
    }
  }
}

const refusals = /rejected by user approval settings|^patch rejected|approval policy is Never|Rejected\(/;

/** How a call ended that Codex did not print; undefined for those that are its own affair. */
function unprinted(name: string, output: string): 'denied' | 'error' | undefined {
  if (!commands.has(name) && name !== 'apply_patch') return undefined;
  if (refusals.test(output)) return 'denied';
  if (name === 'apply_patch') return /^Exit code: 0$/m.test(output) ? undefined : 'error';
  // A command that failed is printed, unless Codex takes the sandbox for the reason.
  if (/^Process exited with code (?!0$)/m.test(output)) return 'denied';
  return /^\w+ failed: /.test(output) ? 'error' : undefined;
}

function inputOf(payload: JsonObject): Json {
  const input = payload.arguments ?? payload.input ?? payload.action ?? null;
  if (typeof input !== 'string') return input;
  try {
    return JSON.parse(input) as Json;
  } catch {
    return input;
  }
}

function textOf(output: Json | undefined): string {
  const parts = asArray(output).flatMap((part) => asString(asObject(part)?.text) ?? []);
  return asString(output) ?? (parts.length > 0 ? parts.join('\n') : JSON.stringify(output ?? null));
}
