import type { Exit, JsonObject, OutputLine, SessionRef } from '@pawl/provider';
import {
  asArray,
  asObject,
  asString,
  type BodyEvent,
  type Launch,
  readObject,
  type Translator,
  type Verdict,
} from '@pawl/provider-kit';
import { Blocks } from './blocks.ts';
import { Meter } from './meter.ts';
import type { ClaudeOptions } from './options.ts';
import { outcome } from './outcome.ts';
import { systemEvents } from './system.ts';
import { Tools } from './tools.ts';

/** Lines of Claude Code's `stream-json` to events. Keys come in no fixed order, and any line may come before `init`. */
export function translate(launch: Launch<ClaudeOptions>): Translator {
  return new ClaudeTranslator(launch);
}

class ClaudeTranslator implements Translator {
  readonly #launch: Launch<ClaudeOptions>;
  readonly #blocks = new Blocks();
  readonly #tools = new Tools();
  readonly #meter = new Meter();
  #session: SessionRef | undefined;
  #model: string | undefined;
  #messageId: string | undefined;
  #text = '';
  /** The last result, unless the agent has gone on since (a background task woke it). */
  #result: JsonObject | undefined;
  /** Why the API refused, from the message that stands in for an answer. */
  #apiError: JsonObject | undefined;
  #retryDelayMs: number | undefined;

  constructor(launch: Launch<ClaudeOptions>) {
    this.#launch = launch;
  }

  *line(native: OutputLine): Generator<BodyEvent> {
    if (native.truncatedBytes !== undefined) return yield* this.#tools.cut(native);
    if (native.text.trim() === '') return;
    const line = readObject(native);
    if (!line) return yield { type: 'native', name: 'not-json' };
    switch (line.type) {
      case 'system':
        return yield* this.#system(line);
      case 'stream_event':
        return yield* this.#stream(line);
      case 'assistant':
        return yield* this.#assistant(line);
      case 'user':
        return yield* this.#tools.results(line);
      case 'result':
        this.#result = line;
        if (this.#meter.result(line, this.#model)) yield this.#usage();
        return;
      case 'control_response':
      case 'rate_limit_event':
      case 'prompt_suggestion':
        return;
      default:
        yield { type: 'native', name: asString(line.type)?.slice(0, 80) ?? 'no-type' };
    }
  }

  end(exit: Exit): Verdict {
    const apiError = this.#apiError;
    return {
      outcome: outcome({ exit, result: this.#result, apiError, text: this.#text, retryDelayMs: this.#retryDelayMs }),
      usage: this.#meter.usage,
      session: this.#session,
      ...(this.#model === undefined ? {} : { model: this.#model }),
      ...(this.#messageId === undefined ? {} : { messageId: this.#messageId }),
    };
  }

  #usage(): BodyEvent {
    const { usage, context } = this.#meter;
    return { type: 'usage-update', usage, ...(context && { context }) };
  }

  *#system(line: JsonObject): Generator<BodyEvent> {
    if (line.subtype === 'init') return yield* this.#init(line);
    if (line.subtype === 'permission_denied') this.#tools.denied(asString(line.tool_use_id));
    if (line.subtype === 'api_retry' && typeof line.retry_delay_ms === 'number')
      this.#retryDelayMs = line.retry_delay_ms;
    yield* systemEvents(line);
  }

  /** Printed again when a background task wakes the agent. */
  *#init(line: JsonObject): Generator<BodyEvent> {
    const id = asString(line.session_id);
    if (id === undefined || id === this.#session?.id) return;
    this.#session = { provider: 'claude', id, cwd: asString(line.cwd) ?? this.#launch.cwd };
    this.#model = asString(line.model);
    const cliVersion = asString(line.claude_code_version);
    yield {
      type: 'session-ready',
      session: this.#session,
      ...(this.#model === undefined ? {} : { model: this.#model }),
      ...(cliVersion === undefined ? {} : { cliVersion }),
      tools: asArray(line.tools).flatMap((name) => asString(name) ?? []),
      mcpServers: asArray(line.mcp_servers).flatMap((server) => asString(asObject(server)?.name) ?? []),
    };
  }

  /** Another model than the one of `init` is told at once, so that a wrong one can be stopped. */
  *#answeredBy(model: string | undefined): Generator<BodyEvent> {
    if (model === undefined || model === '<synthetic>' || model === this.#model) return;
    this.#model = model;
    if (this.#session) yield { type: 'session-ready', session: this.#session, model };
  }

  *#stream(line: JsonObject): Generator<BodyEvent> {
    const event = asObject(line.event);
    if (!event) return;
    if (line.parent_tool_use_id == null) yield* this.#blocks.stream(event);
    if (this.#meter.stream(line, event)) yield this.#usage();
  }

  *#assistant(line: JsonObject): Generator<BodyEvent> {
    const message = asObject(line.message);
    if (line.is_api_error_message === true) {
      this.#apiError = line;
      return;
    }
    const main = line.parent_tool_use_id == null;
    if (main) {
      this.#result = undefined;
      this.#messageId = asString(line.uuid) ?? this.#messageId;
      yield* this.#answeredBy(asString(message?.model));
    }
    for (const part of asArray(message?.content)) {
      const block = asObject(part);
      if (!block) continue;
      if (block.type === 'tool_use') yield* this.#tools.call(block, line);
      else if (main) yield* this.#blocks.whole(block, asString(message?.id) ?? '');
      if (main && block.type === 'text') this.#text = asString(block.text) ?? this.#text;
    }
    if (this.#meter.message(line, message)) yield this.#usage();
  }
}
