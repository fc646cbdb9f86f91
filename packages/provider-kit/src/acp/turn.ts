import type { Access, FolderFiles, Json, JsonObject } from '@pawl/provider';
import type { BodyEvent } from '../definition.ts';
import { asArray, asObject, asString } from '../json.ts';
import { fileReply, permissionReply, permits } from './permission.ts';
import type { AcpProfile } from './profile.ts';
import { refusal, rpcCodes } from './protocol.ts';
import { AcpText } from './text.ts';
import { AcpTools } from './tools.ts';
import type { AcpMeter } from './usage.ts';

/** Known, and nothing that a turn tells. */
const passing = [
  ...['user_message_chunk', 'plan', 'available_commands_update', 'current_mode_update', 'config_option_update'],
  ...['session_info_update', 'usage_update', 'notice', 'compaction_summary_chunk'],
];

/** What an agent says and asks while it works on a prompt. */
export class AcpTurn {
  readonly #profile: AcpProfile;
  readonly #access: Access;
  readonly #files: FolderFiles | undefined;
  readonly #meter: AcpMeter;
  readonly #text = new AcpText();
  readonly #tools = new AcpTools();
  #figures = '{}';
  #failure: string | undefined;

  constructor(profile: AcpProfile, access: Access, files: FolderFiles | undefined, meter: AcpMeter) {
    this.#profile = profile;
    this.#access = access;
    this.#files = files;
    this.#meter = meter;
  }

  /** The last message. */
  get text(): string {
    return this.#text.last;
  }

  get messageId(): string | undefined {
    return this.#text.messageId;
  }

  /** Why the prompt failed, where the agent answers it as if it had not. */
  get failure(): string | undefined {
    return this.#failure;
  }

  *update(update: JsonObject, ofThisTurn: boolean): Generator<BodyEvent> {
    const kind = asString(update.sessionUpdate) ?? 'none';
    if (kind === 'usage_update' && this.#meter.context(update, ofThisTurn)) yield* this.#usage();
    if (!ofThisTurn) return;
    const more = this.#meter.heard(update);
    if (this.#meter.answer(update) || more) yield* this.#usage();
    if (this.#profile.failed?.(update)) this.#failure ??= '';
    switch (kind) {
      case 'agent_message_chunk':
        if (this.#failure !== undefined) {
          this.#failure += asString(asObject(update.content)?.text) ?? '';
          return;
        }
        return yield* this.#text.chunk('text', update);
      case 'agent_thought_chunk':
        return yield* this.#text.chunk('reasoning', update);
      case 'tool_call':
      case 'tool_call_update':
        yield* this.#text.close();
        return yield* this.#tools.told(update);
      case 'compaction_update':
        if (update.status === 'completed') yield { type: 'compaction', trigger: 'auto' };
        return;
      default:
        if (!passing.includes(kind)) yield { type: 'native', name: `update/${kind.slice(0, 80)}` };
    }
  }

  /** A request; gives the answer to it. */
  *asked(message: JsonObject, over: boolean): Generator<BodyEvent, string | Promise<string>> {
    const id: Json = message.id ?? null;
    const method = asString(message.method) ?? '';
    const params = asObject(message.params) ?? {};
    if (over) return refusal(id, rpcCodes.internal, 'The turn is over.');
    switch (method) {
      case 'session/request_permission': {
        const call = asObject(params.toolCall) ?? {};
        yield* this.#text.close();
        this.#tools.asked(call);
        if (this.#meter.asked(asString(call.toolCallId) ?? '')) yield* this.#usage();
        return this.#permission(id, call, asArray(params.options));
      }
      case 'fs/read_text_file':
      case 'fs/write_text_file':
        return fileReply(message, this.#access, this.#files);
      default:
        yield* this.unknown(method);
        return refusal(id, rpcCodes.methodNotFound, `Method not found: ${method}`);
    }
  }

  *unknown(method: string): Generator<BodyEvent> {
    if ((this.#profile.extensions ?? []).some((beginning) => method.startsWith(beginning))) return;
    yield { type: 'native', name: method.slice(0, 80) };
  }

  /** The prompt was answered. */
  *close(): Generator<BodyEvent> {
    yield* this.#text.close();
    yield* this.#tools.close();
    yield* this.#usage();
  }

  #permission(id: Json, { toolCallId }: JsonObject, options: readonly Json[]): string | Promise<string> {
    const tool = asString(toolCallId);
    const answer = (allowed: boolean) => {
      if (!allowed) this.#tools.denied(tool);
      return permissionReply(id, options, allowed, this.#access);
    };
    const decided = permits(this.#access, this.#tools.known(tool), this.#files);
    if (typeof decided === 'boolean') return answer(decided);
    return decided.then(answer, () => answer(false));
  }

  *#usage(): Generator<BodyEvent> {
    const { usage, full } = this.#meter;
    const figures = JSON.stringify([usage, full]);
    if (figures !== this.#figures) yield { type: 'usage-update', usage, ...(full && { context: full }) };
    this.#figures = figures;
  }
}
