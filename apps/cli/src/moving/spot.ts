import type { SessionCheckpoint, SessionRecord, SessionStore } from '@pawl/session-store';
import type { Context } from '../context.ts';
import { CliError } from '../exit.ts';
import { ownTranscript } from '../own-transcript.ts';
import { numbersOf, type Said, saidOf, standing } from './said.ts';

/** A message behind which a conversation can be cut, and the checkpoint with the files of then. */
export interface Spot {
  readonly at: string;
  readonly checkpoint: SessionCheckpoint;
}

interface Conversation {
  readonly said: readonly Said[];
  /** By their place: the number that our copy has. */
  readonly numbers: ReadonlyMap<number, number>;
}

/**
 * Any message of the agent's own transcript, by its id, the beginning of it, or the number that `messages` prints. Refuses
 * one whose files are not known, and names those beside it that can be used.
 */
export async function spotOf(
  context: Context,
  store: SessionStore,
  session: SessionRecord,
  checkpoints: readonly SessionCheckpoint[],
  at: string,
): Promise<Spot> {
  const conversation = await read(context, store, session);
  const { said, numbers } = conversation;
  const index = placeOf(session, conversation, at);
  if (index === undefined) throw unknownMessage(session, checkpoints, at);
  const moments = new Map<number, SessionCheckpoint>();
  // The newest of one message counts.
  for (const checkpoint of checkpoints.toReversed()) {
    const place = said.findLastIndex(({ id }) => id === checkpoint.messageId);
    if (place >= 0) moments.set(place, checkpoint);
  }
  const stands = standing(said, new Set(moments.keys()));
  const checkpoint = moments.get(stands[index] ?? -1);
  const id = said[index]?.id;
  if (!checkpoint || id === undefined) throw unusable(session, conversation, stands, index, at);
  const number = numbers.get(index);
  // So that the fork begins with what was said up to there.
  if (number !== undefined) await store.sessions.nameMessage(session.id, number, id);
  return { at: id, checkpoint };
}

async function read(context: Context, store: SessionStore, session: SessionRecord): Promise<Conversation> {
  const said: Said[] = [];
  for await (const message of (await ownTranscript(context, session)) ?? []) said.push(saidOf(message));
  // Without a copy here `messages` numbers those of the transcript.
  const numbers =
    session.messages === 0
      ? new Map(said.map((_, index) => [index, index + 1]))
      : await numbersOf(said, store.sessions.messages(session.id));
  return { said, numbers };
}

/** The last one of an id: an agent may say several things under one. */
function placeOf(session: SessionRecord, { said, numbers }: Conversation, at: string): number | undefined {
  const exact = said.findLastIndex(({ id }) => id === at);
  if (exact >= 0) return exact;
  for (const [index, number] of numbers) if (String(number) === at) return index;
  const ids = new Set(said.flatMap(({ id }) => (id?.startsWith(at) ? id : [])));
  const [only] = ids;
  if (ids.size > 1)
    throw new CliError(
      'usage',
      'ambiguous-message',
      `several messages begin with ${at}`,
      `pawl sessions messages ${session.id}`,
      { messages: [...ids] },
    );
  return only === undefined ? undefined : said.findLastIndex(({ id }) => id === only);
}

function unusable(
  session: SessionRecord,
  { said, numbers }: Conversation,
  stands: readonly (number | undefined)[],
  index: number,
  at: string,
): CliError {
  const known = (place: number) => place >= 0 && stands[place] !== undefined;
  const before = stands.findLastIndex((_, place) => place < index && known(place));
  const behind = stands.findIndex((_, place) => place > index && known(place));
  const near = [before, behind].filter(known);
  const names = near.map((place) => {
    const number = numbers.get(place);
    return number === undefined ? (said[place]?.id ?? '') : `${number} (${said[place]?.id})`;
  });
  return new CliError(
    'usage',
    'files-unknown',
    `what the files were behind message ${at} of session ${session.id} is not known: its turn changed them later, or was not kept`,
    names.length === 0 ? `pawl sessions fork ${session.id}` : `the nearest that can be used: ${names.join(', ')}`,
    { messages: near.flatMap((place) => said[place]?.id ?? []) },
  );
}

function unknownMessage(session: SessionRecord, ends: readonly SessionCheckpoint[], at: string): CliError {
  const names = ends.map(({ messageId, seq }) => `${seq} (${messageId})`);
  const known = names.length === 0 ? 'no turn of it was kept' : `turns ended at ${names.toReversed().join(', ')}`;
  return new CliError(
    'usage',
    'unknown-message',
    `session ${session.id} has no message ${at}: ${known}`,
    `pawl sessions messages ${session.id}`,
    { messages: ends.flatMap(({ messageId }) => messageId ?? []) },
  );
}
