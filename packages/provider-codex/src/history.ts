import type { Host, JsonObject } from '@pawl/provider';
import { asArray, asFigure, asObject, asString, readObject } from '@pawl/provider-kit';
import { readTokens, type Tokens } from './tokens.ts';

/** What a rollout says of its session so far. */
export interface History {
  /** Whole lines. */
  readonly lines: number;
  /** Tokens of the whole session, with those it was forked with. */
  readonly total?: Tokens;
  /** Of its last turn. */
  readonly model?: string;
  /** Where its last turn worked: that is the folder `resume --last` knows it by. */
  readonly cwd?: string;
  readonly title?: string;
  readonly updatedAt?: number;
  /** It belongs to a sub-agent. */
  readonly inner: boolean;
  /** It is a fork: what was before is in the other one's rollout, up to an ordinal. */
  readonly base?: { readonly id: string; readonly end: number };
}

const wanted = /"type":"(session_meta|turn_context|token_usage_record|event_msg)"/;
const titleCap = 120;

export function readHistory(text: string): History {
  let history: History = { lines: 0, inner: false };
  const lines = text.split('\n');
  lines.pop();
  for (const [index, line] of lines.entries()) {
    // The head tells the kind; most lines are long and of no use here.
    if (!wanted.test(line.slice(0, 200))) continue;
    const entry = readObject({ line: index + 1, text: line });
    const payload = asObject(entry?.payload);
    if (entry && payload) history = { ...history, ...told(asString(entry.type), payload, history) };
  }
  const last = Date.parse(asString(readObject({ line: 1, text: lines.at(-1) ?? '' })?.timestamp) ?? '');
  return { ...history, lines: lines.length, ...(Number.isNaN(last) ? {} : { updatedAt: last }) };
}

function told(type: string | undefined, payload: JsonObject, before: History): Partial<History> {
  switch (type) {
    case 'session_meta': {
      const base = asObject(payload.history_base);
      const id = asString(base?.thread_id);
      const end = asFigure(base?.end_ordinal_exclusive);
      return {
        ...given('cwd', asString(payload.cwd)),
        inner: asObject(payload.source) !== undefined,
        ...(id === undefined || end === undefined ? {} : { base: { id, end } }),
      };
    }
    case 'turn_context':
      return { ...given('cwd', asString(payload.cwd)), ...given('model', asString(payload.model)) };
    case 'token_usage_record':
      return given('total', readTokens(payload.thread_token_usage));
    default:
      if (payload.type === 'token_count') return given('total', readTokens(asObject(payload.info)?.total_token_usage));
      return before.title === undefined ? given('title', titleOf(payload)) : {};
  }
}

/** The first thing a person said. */
function titleOf(payload: JsonObject): string | undefined {
  const item = asObject(payload.item);
  const said =
    payload.type === 'user_message'
      ? asString(payload.message)
      : item?.type === 'UserMessage'
        ? asArray(item.content).flatMap((part) => asString(asObject(part)?.text) ?? [])[0]
        : undefined;
  return said?.trim().split('\n')[0]?.slice(0, titleCap) || undefined;
}

function given<Name extends keyof History>(name: Name, value: History[Name] | undefined): Partial<History> {
  return value === undefined ? {} : { [name]: value };
}

/** The first line holds the model's instructions, tens of thousands of characters. */
const headBytes = 1024 * 1024;

/** The session that a fork points into, by the first line of its rollout. */
export async function readBase(path: string, host: Host): Promise<string | undefined> {
  const head = await (host.readHead?.(path, headBytes) ?? host.readFile(path));
  const first = head.split('\n', 1)[0] ?? '';
  const payload = asObject(readObject({ line: 1, text: first })?.payload);
  return asString(asObject(payload?.history_base)?.thread_id);
}
