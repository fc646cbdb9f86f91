import { plainLine, plainText } from '@pawl/report';
import type { MessagePage, SessionMessage, SessionRecord } from '@pawl/session-store';
import type { Context } from '../../context.ts';
import { localTime } from '../../display/run-table.ts';
import { CliError, exitCodes } from '../../exit.ts';
import { ownTranscript, pageThrough } from '../../own-transcript.ts';
import { shortId, withSession } from '../../sessions.ts';
import type { Style } from '../../terminal.ts';

export interface MessagesOptions {
  readonly limit: number;
  readonly after?: number;
  readonly offset?: number;
  readonly last?: boolean;
  readonly json?: boolean;
}

/** One page of what was said and done, each message printed as it is read. */
export async function messages(context: Context, id: string, options: MessagesOptions): Promise<number> {
  const { terminal } = context;
  return withSession(context, id, async (session, store) => {
    let last: number | undefined;
    let count = 0;
    const kept = session.messages > 0 ? undefined : await ownTranscript(context, session);
    const page = kept ? pageThrough(kept, options) : store.sessions.messages(session.id, pageOf(session, options));
    for await (const message of page) {
      if (options.json) terminal.print(JSON.stringify(message));
      else for (const line of linesOf(message, terminal.data.color)) terminal.print(line);
      last = message.seq;
      count += 1;
    }
    if (kept) terminal.say('note: nothing of it is kept here: this is what the transcript of its agent says');
    if (options.json) return exitCodes.passed;
    if (count === 0)
      terminal.say(session.messages === 0 && !kept ? 'nothing of it is kept here' : 'no further messages');
    else if (count === options.limit && !options.last)
      terminal.say(`more: pawl sessions messages ${await shortId(store, session)} --after ${last}`);
    return exitCodes.passed;
  });
}

function pageOf({ messages: kept }: SessionRecord, { limit, after, offset, last }: MessagesOptions): MessagePage {
  if (last && (after !== undefined || offset !== undefined))
    throw new CliError('usage', 'bad-page', '--last is the end of it: leave out --after and --offset');
  if (last) return { limit, offset: Math.max(0, kept - limit) };
  return { limit, ...(after !== undefined && { after }), ...(offset !== undefined && { offset }) };
}

type Paint = (style: Style, text: string) => string;

function linesOf(message: SessionMessage, color: Paint): readonly string[] {
  const { seq, at, role, id } = message;
  const head = color('dim', `${seq}  ${localTime(at)}${id === undefined ? '' : `  ${plainLine(id)}`}`);
  return [`${color('bold', whoOf(message) ?? role)}  ${head}`, ...bodyOf(message), ''];
}

function whoOf(message: SessionMessage): string | undefined {
  switch (message.type) {
    case 'reasoning':
      return 'assistant thinks';
    case 'tool-call':
      return `calls ${plainLine(message.title ?? message.name)}`;
    case 'tool-result':
      return `gave ${message.status}`;
    case 'compaction':
      return `compacted (${message.trigger}${message.tokensBefore === undefined ? '' : `, ${message.tokensBefore} tokens before`})`;
    case 'outcome':
      return `ended: ${message.outcome}`;
    default:
      return undefined;
  }
}

function bodyOf(message: SessionMessage): readonly string[] {
  const cut = message.leftOut === undefined ? [] : [`  … ${message.leftOut} more characters were not kept`];
  const text =
    message.type === 'tool-call'
      ? JSON.stringify(message.input)
      : message.type === 'tool-result'
        ? valueText(message.output)
        : message.type === 'compaction'
          ? ''
          : message.text;
  const lines = text === '' ? [] : plainText(text).trimEnd().split('\n');
  return [...lines.map((line) => `  ${line}`), ...cut];
}

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2));
