import type { Json } from '@pawl/provider';
import { StoreError } from './errors.ts';
import type { MessageBody, NewMessage, SessionMessage } from './message.ts';
import type { Redact } from './redact.ts';

/** Longer texts are cut; the agent's own transcript has all of them. */
const longestText = 1024 * 1024;
const longestValue = 256 * 1024;

/** A message as columns. `text` is what is searched and read by people, `body` the JSON of all the rest. */
export interface MessageRow {
  readonly at: number;
  readonly role: string;
  readonly type: string;
  readonly id: string | null;
  readonly text: string;
  readonly body: string | null;
  readonly leftOut: number;
}

/** Throws `bad-request` for what cannot be written as JSON. */
export function encodeMessage(message: NewMessage, redact: Redact): MessageRow {
  const { at, role, type, id = null, text: said, ...rest } = { text: undefined, ...message };
  const text = said === undefined ? { kept: '', leftOut: 0 } : cutText(redact(said));
  const input = 'input' in rest ? cutValue(rest.input, redact) : undefined;
  const output = 'output' in rest ? cutValue(rest.output, redact) : undefined;
  const body = {
    ...redactedTexts(rest, redact),
    ...(input ? { input: input.kept } : {}),
    ...(output ? { output: output.kept } : {}),
    // Not every database keeps these as they are.
    ...(isPlain(text.kept) ? {} : { text: text.kept }),
  };
  return {
    ...{ at, role, type, id },
    text: isPlain(text.kept) ? text.kept : plainText(text.kept),
    body: Object.keys(body).length === 0 ? null : JSON.stringify(body),
    leftOut: text.leftOut + (input?.leftOut ?? 0) + (output?.leftOut ?? 0),
  };
}

export function decodeMessage(session: string, seq: number, row: MessageRow): SessionMessage {
  const { at, role, type, id, text, body, leftOut } = row;
  const told = type === 'text' || type === 'reasoning' || type === 'outcome' ? { text } : {};
  try {
    const rest = body === null ? {} : (JSON.parse(body) as object);
    const said = { role, type, ...told, ...rest } as MessageBody;
    return { seq, at, ...said, ...(id === null ? {} : { id }), ...(leftOut === 0 ? {} : { leftOut }) };
  } catch (cause) {
    throw new StoreError(
      { code: 'store-corrupt', message: `Message ${seq} of session ${session} is damaged. Restore it from a backup.` },
      { cause },
    );
  }
}

/** What every database takes as a text: no NUL, no half of a surrogate pair. */
export function plainText(text: string): string {
  return isPlain(text) ? text : text.toWellFormed().replaceAll('\0', '\uFFFD');
}

function isPlain(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

function cutText(text: string, most = longestText): { readonly kept: string; readonly leftOut: number } {
  return { kept: text.slice(0, most), leftOut: Math.max(0, text.length - most) };
}

/** A value that is too long becomes the beginning of its JSON. */
function cutValue(value: Json, redact: Redact): { readonly kept: Json; readonly leftOut: number } {
  const clean = redactedValue(value, redact);
  const json = JSON.stringify(clean);
  return json.length <= longestValue ? { kept: clean, leftOut: 0 } : cutText(json, longestValue);
}

function redactedValue(value: Json, redact: Redact): Json {
  try {
    return JSON.parse(
      JSON.stringify(value, (_key, part: unknown) => {
        if (typeof part === 'string') return redact(part);
        if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
        return Object.fromEntries(Object.entries(part).map(([name, inner]) => [redact(name), inner]));
      }) ?? 'null',
    ) as Json;
  } catch (cause) {
    const message = 'A message holds a value that is no JSON: it refers to itself or is nested too deeply.';
    throw new StoreError({ code: 'bad-request', message }, { cause });
  }
}

function redactedTexts(rest: object, redact: Redact): object {
  return Object.fromEntries(
    Object.entries(rest)
      .filter(([name]) => name !== 'input' && name !== 'output')
      .map(([name, value]) => [name, typeof value === 'string' && name !== 'call' ? redact(value) : value]),
  );
}

const roles: readonly unknown[] = ['user', 'assistant', 'system', 'tool'];
const shapes: Readonly<Record<string, readonly string[]>> = {
  text: ['text'],
  reasoning: ['text'],
  'tool-call': ['call', 'kind', 'name'],
  'tool-result': ['call', 'status'],
  compaction: ['trigger'],
  outcome: ['outcome', 'text'],
};

/** A message from elsewhere: a line of JSON. Throws `bad-request` for what is none. */
export function parseMessage(line: string): NewMessage {
  const refused = () => new StoreError({ code: 'bad-request', message: `This is no message: ${line.slice(0, 80)}` });
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw refused();
  }
  const { seq: _, leftOut: __, ...message } = value ?? {};
  const fields =
    typeof message.type === 'string' && Object.hasOwn(shapes, message.type) ? shapes[message.type] : undefined;
  const right =
    fields?.every((field) => typeof message[field] === 'string') &&
    roles.includes(message.role) &&
    Number.isSafeInteger(message.at) &&
    (message.id === undefined || typeof message.id === 'string');
  if (!right) throw refused();
  return message as unknown as NewMessage;
}
