import type { Json } from '@pawl/provider';
import { createTranscriber, type NewMessage } from '@pawl/session-store';
import type { Conversation, Message } from '../../wire.ts';
import type { RunFolder } from './folder.ts';

/** Read at once: the first page of a turn of 50 MB comes as quickly as that of a short one. */
const pieceBytes = 512 * 1024;
const mostText = 20_000;
/** Of one line: what is longer is passed over. */
const mostLineBytes = 16 * pieceBytes;

/**
 * What was said in a turn, from the events that were kept of it. `after` is where the page before ended, in bytes;
 * pages end where nothing is half said, or at the end of what there is.
 */
export async function turnMessages(
  files: RunFolder,
  run: string,
  folder: string,
  { after, live }: { readonly after: number; readonly live: boolean },
): Promise<Conversation> {
  const prompt = after === 0 ? await files.text(run, `${folder}/prompt.md`, 1024 * 1024) : undefined;
  const lines = await linesFrom(files, run, `${folder}/events.ndjson`, after);
  const told: Told[] =
    prompt === undefined ? [] : [{ message: { role: 'user', type: 'text', text: prompt, at: 0 }, at: -1 }];
  if (!lines) return { messages: told.map(messageOf), live };
  const { whole, from, passed, size } = lines;
  const end = from + whole.length;
  const { said, closed, open } = await transcribe(whole.toString('utf8'), from);
  const more = end < size;
  // Of a text that goes on in the next piece its beginning is read again with it; one that is longer than a piece is cut.
  const next = more || live ? (closed > after || !more ? Math.max(closed, after) : end) : undefined;
  const shown = more && closed > after ? said.filter(({ at }) => at < closed) : said;
  const kept = live && !more ? shown.filter(({ at }) => at < Math.max(closed, after)) : shown;
  const goingOn =
    live && !more
      ? open.map(
          ({ id, text }): Message => ({
            seq: `open-${id}`,
            role: 'assistant',
            type: 'text',
            text: text.slice(-mostText),
          }),
        )
      : [];
  return {
    messages: [...told.map(messageOf), ...passedOver(passed, from), ...kept.map(messageOf), ...goingOn],
    ...(next !== undefined && { next: String(next) }),
    live,
  };
}

interface Lines {
  readonly whole: Buffer;
  readonly from: number;
  /** Bytes before them that belong to a line which is too long. */
  readonly passed: number;
  readonly size: number;
}

/** Whole lines, some; a line that is longer than a piece alone. */
async function linesFrom(files: RunFolder, run: string, name: string, after: number): Promise<Lines | undefined> {
  for (let bytes = pieceBytes; ; bytes *= 4) {
    const piece = await files.piece(run, name, after, bytes);
    if (!piece) return undefined;
    const end = piece.bytes.lastIndexOf(10) + 1;
    const last = piece.from + piece.bytes.length >= piece.size;
    if (end > 0 || last) return { whole: piece.bytes.subarray(0, end), from: piece.from, passed: 0, size: piece.size };
    if (bytes >= mostLineBytes) break;
  }
  for (let at = after + mostLineBytes; ; ) {
    const piece = await files.piece(run, name, at, pieceBytes);
    if (!piece) return undefined;
    const end = piece.bytes.indexOf(10) + 1;
    const last = piece.from + piece.bytes.length >= piece.size;
    at += end > 0 ? end : piece.bytes.length;
    if (end > 0) return { whole: Buffer.alloc(0), from: at, passed: at - after, size: piece.size };
    // Its end is not written yet: it is looked at again.
    if (last) return { whole: Buffer.alloc(0), from: after, passed: 0, size: after };
  }
}

const passedOver = (bytes: number, at: number): readonly Message[] =>
  bytes === 0
    ? []
    : [{ seq: `passed-${at}`, role: 'system', type: 'note', text: `an event of ${bytes} bytes is only in the log` }];

interface Told {
  readonly message: NewMessage;
  readonly at: number;
}

interface Transcribed {
  readonly said: readonly Told[];
  readonly closed: number;
  /** What is half said at the end. */
  readonly open: readonly { readonly id: string; readonly text: string }[];
}

/** `closed`: where the last line ended at which nothing was half said. */
async function transcribe(text: string, from: number): Promise<Transcribed> {
  const said: Told[] = [];
  const open = new Map<string, string>();
  let at = from;
  let closed = from;
  const kept = { id: '', append: async () => 0 };
  const transcriber = createTranscriber({
    prompt: '',
    now: () => 0,
    sessions: {
      begin: async () => kept as never,
      append: async (_id, messages) => {
        for (const message of messages)
          if (!(message.type === 'text' && message.role === 'user')) said.push({ message, at });
        return 0;
      },
    },
  });
  // Messages are handed on once the session is known; the turn may have begun in an earlier piece.
  await transcriber.see({ type: 'session-ready', session: { provider: '', id: '', cwd: '' } });
  for (const line of text.split('\n')) {
    if (line !== '') {
      const event = parsed(line);
      if (event) {
        if (/-start$/.test(event.type) && event.id !== undefined) open.set(event.id, '');
        if (/^text-delta$/.test(event.type) && event.id !== undefined && open.has(event.id))
          open.set(event.id, `${open.get(event.id)}${event.delta ?? ''}`);
        if (/-end$/.test(event.type) && event.id !== undefined) open.delete(event.id);
        if (event.type === 'turn-end') open.clear();
        await transcriber.see(event as never);
      }
    }
    at += Buffer.byteLength(line) + 1;
    if (open.size === 0) closed = Math.min(at, from + Buffer.byteLength(text));
  }
  return { said, closed, open: [...open].flatMap(([id, half]) => (half === '' ? [] : [{ id, text: half }])) };
}

function parsed(line: string): { readonly type: string; readonly id?: string; readonly delta?: string } | undefined {
  try {
    const event: unknown = JSON.parse(line);
    return typeof (event as { type?: unknown } | null)?.type === 'string' ? (event as { type: string }) : undefined;
  } catch {
    return undefined;
  }
}

let counter = 0;

const messageOf = ({ message, at }: Told): Message => toMessage(message, `${at}-${counter++ % 1e9}`, undefined);

/** A stored message as the page shows it. */
export function toMessage(
  message: NewMessage & { readonly leftOut?: number },
  seq: string,
  at: number | undefined,
): Message {
  const common = { seq, ...(at !== undefined && at > 0 && { at }) };
  switch (message.type) {
    case 'text':
    case 'reasoning':
      return {
        ...common,
        role: message.role,
        type: message.type,
        ...cutText('text', message.text, message.leftOut),
      } as Message;
    case 'tool-call': {
      const { role, type, call, kind, name, title, input } = message;
      return {
        ...common,
        role,
        type,
        call,
        kind,
        name,
        ...(title !== undefined && { title }),
        ...cutText('input', asText(input), message.leftOut),
      } as Message;
    }
    case 'tool-result': {
      const { role, type, call, status, output } = message;
      return { ...common, role, type, call, status, ...cutText('output', asText(output), message.leftOut) } as Message;
    }
    case 'compaction':
      return { ...common, role: 'system', type: 'note', text: `the conversation was summed up (${message.trigger})` };
    case 'outcome':
      return { ...common, role: 'system', type: 'note', text: `${message.outcome}: ${message.text}` };
  }
}

const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value, undefined, 2));

function cutText(name: string, text: string, already = 0): Readonly<Record<string, unknown>> {
  const left = Math.max(0, text.length - mostText) + already;
  return { [name]: text.slice(0, mostText), ...(left > 0 && { leftOut: left }) };
}
