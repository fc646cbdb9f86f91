import type { Conversation, EventPage, LogPiece } from '../../wire.ts';
import { badRequest, notFound } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { attemptOf, stepOf } from '../runs/attempts.ts';
import { eventLine } from '../runs/event-line.ts';
import { turnMessages } from '../runs/turn-messages.ts';
import { runId, whole } from './run.ts';

/** What was said in an attempt. */
export async function readConversation(house: House, { params, query }: Request): Promise<Answer> {
  const id = runId(params.run);
  const { folded, held } = await house.runs.open(id);
  const step = stepOf(folded, query.get('path'));
  const { index } = attemptOf(step, query.get('index'));
  const { folder } = folded.filesOf(step.path, index);
  if (folder === undefined) return ok({ messages: [], live: false } satisfies Conversation);
  const running = folded.report().running;
  const live =
    held &&
    running.some((one) => one.type === 'run-agent' && one.step === step.path && index === step.attempts.length - 1);
  const after = Math.max(0, whole(query, 'after', 0));
  return ok(await turnMessages(house.files, id, folder, { after, live }));
}

const mostPiece = 256 * 1024;

/** A piece of a log, in whole lines: from a byte on, before it (`back`), or the end (no `at`, or a negative one). */
export async function readLog(house: House, { params, query }: Request): Promise<Answer> {
  const id = runId(params.run);
  const { folded } = await house.runs.open(id);
  const step = stepOf(folded, query.get('path'));
  const { attempt, index } = attemptOf(step, query.get('index'));
  const name = fileOf(
    query,
    folded.filesOf(step.path, index).folder,
    (gate) => attempt.gates.find((one) => one.name === gate)?.log,
  );
  const back = query.get('back') !== null;
  const at = whole(query, 'at', back ? -1 : 0);
  const from = at < 0 ? -mostPiece : back ? Math.max(0, at - mostPiece) : at;
  const piece = await house.files.piece(id, name, from, back && at >= 0 ? at - from : mostPiece);
  if (!piece) throw notFound('log of that attempt: it has not begun, or is gone');
  const { bytes, size } = piece;
  // Not from the middle of a line, but for one that is longer than a piece.
  const first = piece.from === 0 || (at >= 0 && !back) ? 0 : bytes.indexOf(10) + 1;
  const last = bytes.lastIndexOf(10) + 1;
  const end = back || piece.from + bytes.length >= size || last <= first ? bytes.length : last;
  return ok({
    text: bytes.subarray(first, end).toString('utf8'),
    from: piece.from + first,
    to: piece.from + end,
    size,
  } satisfies LogPiece);
}

function fileOf(
  query: URLSearchParams,
  folder: string | undefined,
  logOf: (gate: string) => string | undefined,
): string {
  const of = query.get('of') ?? 'native';
  if (of !== 'native' && of !== 'prompt' && of !== 'gate') throw badRequest('a log is of native, prompt or gate');
  const log =
    of === 'gate'
      ? logOf(query.get('gate') ?? '')
      : folder && `${folder}/${of === 'prompt' ? 'prompt.md' : 'native.log'}`;
  if (log === undefined) throw notFound(of === 'gate' ? 'log of that gate' : 'turn of an agent in that attempt');
  return log;
}

const mostEvents = 500;

/** The log of a run as it is, a page at a time. */
export async function readEvents(house: House, { params, query }: Request): Promise<Answer> {
  const id = runId(params.run);
  const [record] = await house.store.runs.find(id);
  if (record?.id !== id) throw notFound(`run ${id}`);
  const limit = Math.min(mostEvents, Math.max(1, whole(query, 'limit', 200)));
  const after = Math.max(0, whole(query, 'after', Math.max(0, record.lastSeq - limit)));
  const events = await house.store.runs.read(id, after, limit);
  return ok({ events: events.map(eventLine), last: record.lastSeq } satisfies EventPage);
}
