import type { Exit, JsonObject, OutputLine, SessionRef } from '@pawl/provider';
import {
  asArray,
  asFigure,
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
import type { QwenOptions } from './options.ts';
import { outcome } from './outcome.ts';
import { systemEvents } from './system.ts';
import { Tools } from './tools.ts';

/** Lines of Qwen Code's `stream-json` to events. */
export function translate(launch: Launch<QwenOptions>): Translator {
  return new QwenTranslator(launch);
}

class QwenTranslator implements Translator {
  readonly #launch: Launch<QwenOptions>;
  readonly #blocks = new Blocks();
  readonly #tools = new Tools();
  readonly #meter = new Meter();
  #session: SessionRef | undefined;
  #model: string | undefined;
  #messageId: string | undefined;
  #retries = 0;
  /** The last text of the agent. */
  #text = '';
  #result: JsonObject | undefined;

  constructor(launch: Launch<QwenOptions>) {
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
        // `goal_state` comes among them, also without partial messages.
        if (line.parent_tool_use_id == null) yield* this.#blocks.stream(asObject(line.event) ?? {});
        return;
      case 'assistant':
        return yield* this.#assistant(line);
      case 'user':
        return yield* this.#tools.results(asObject(line.message));
      case 'result':
        this.#result = line;
        if (this.#began && this.#meter.whole(asObject(line.usage))) yield this.#meter.update;
        return;
      case 'control_request':
      case 'control_response':
        return;
      default:
        yield { type: 'native', name: asString(line.type)?.slice(0, 80) ?? 'no-type' };
    }
  }

  end(exit: Exit): Verdict {
    return {
      outcome: outcome({ exit, result: this.#result, text: this.#text }),
      usage: this.#meter.usage,
      session: this.#session,
      ...(this.#model === undefined ? {} : { model: this.#model }),
      ...(this.#messageId === undefined ? {} : { messageId: this.#messageId }),
    };
  }

  /** The session has no turn before this one. */
  get #began(): boolean {
    const { kind } = this.#launch.start;
    return kind === 'new' || kind === 'ephemeral';
  }

  *#system(line: JsonObject): Generator<BodyEvent> {
    if (line.subtype === 'init') return yield* this.#init(line);
    if (line.subtype === 'retry') {
      this.#retries += 1;
      yield* this.#blocks.close();
    }
    yield* systemEvents(line, this.#retries);
    const task = line.subtype === 'task_notification' ? asObject(asObject(line.data)?.usage) : undefined;
    if (this.#meter.task(asFigure(task?.total_tokens))) yield this.#meter.update;
    if (line.subtype === 'model_fallback') yield* this.#answeredBy(asString(asObject(line.data)?.toModel));
  }

  *#init(line: JsonObject): Generator<BodyEvent> {
    const id = asString(line.session_id);
    if (id === undefined || id === this.#session?.id) return;
    this.#session = { provider: 'qwen', id, cwd: asString(line.cwd) ?? this.#launch.cwd };
    this.#model = asString(line.model);
    const cliVersion = asString(line.qwen_code_version);
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
    if (model === undefined || model === this.#model) return;
    this.#model = model;
    if (this.#session) yield { type: 'session-ready', session: this.#session, model };
  }

  *#assistant(line: JsonObject): Generator<BodyEvent> {
    const message = asObject(line.message);
    const parent = asString(line.parent_tool_use_id);
    if (parent === undefined) {
      this.#messageId = asString(line.uuid) ?? this.#messageId;
      yield* this.#answeredBy(asString(message?.model));
    }
    for (const part of asArray(message?.content)) {
      const block = asObject(part);
      if (!block) continue;
      if (block.type === 'tool_use') yield* this.#tools.call(block, parent);
      else if (parent === undefined) yield* this.#blocks.whole(block);
      const text = block.type === 'text' && parent === undefined ? asString(block.text) : undefined;
      if (text !== undefined && !text.startsWith('[API Error: ')) this.#text = text;
    }
    if (this.#meter.message(asObject(message?.usage), parent === undefined)) yield this.#meter.update;
  }
}
