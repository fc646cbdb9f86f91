import { createReadStream, existsSync, rmSync } from 'node:fs';
import { formatMoney } from '@pawl/report';
import type { SessionFilter, SessionMessage, SessionRecord } from '@pawl/session-store';
import type { Acted, Conversation, Money, SessionAction, SessionList, SessionPage, SessionRow } from '../../wire.ts';
import { readSessionAction } from '../acting/session-asked.ts';
import { sessionWordsOf, typed } from '../acting/words.ts';
import { DashboardError, notFound } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { repositoryOf } from '../runs/repository.ts';
import { toMessage } from '../runs/turn-messages.ts';
import { whole } from './run.ts';
import { repositoryById } from './start.ts';

const pageSize = 50;

export async function listSessions(house: House, { query }: Request): Promise<Answer> {
  const repository = query.get('repository');
  const filter: SessionFilter = {
    ...named(query, ['provider', 'agent', 'tag', 'run', 'before']),
    ...(repository && { repository: (await repositoryById(house, repository)).path }),
    ...(query.get('archived') && { archived: 'also' as const }),
    limit: pageSize,
  };
  const text = query.get('text')?.trim();
  const found = text
    ? (await house.store.sessions.search(text, filter)).map(({ session, excerpt }) => ({ ...rowOf(session), excerpt }))
    : (await house.store.sessions.list(filter)).map(rowOf);
  const last = found.at(-1);
  return ok({ sessions: found, ...(found.length === pageSize && last && { more: last.id }) } satisfies SessionList);
}

const named = (query: URLSearchParams, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.flatMap((name) => (query.get(name) ? [[name, query.get(name) ?? '']] : [])));

async function sessionOf(house: House, id: string | undefined): Promise<SessionRecord> {
  const found = id !== undefined && /^[\w.-]{1,128}$/.test(id) ? await house.store.sessions.get(id) : undefined;
  if (found) return found;
  throw notFound('session of that id');
}

export async function readSession(house: House, { params }: Request): Promise<Answer> {
  const session = await sessionOf(house, params.session);
  const forks = await house.store.sessions.list({ parent: session.id, limit: 200, archived: 'also' });
  const parent = session.parent?.id === undefined ? undefined : await house.store.sessions.get(session.parent.id);
  const commands = [
    { label: 'Go on with it', command: typed(['sessions', 'resume', session.id]) },
    { label: 'Show it', command: typed(['sessions', 'show', session.id]) },
    { label: 'Export it', command: typed(['sessions', 'export', session.id, `--output=${session.id}.pawl`]) },
  ];
  return ok({
    session: rowOf(session),
    forks: forks.map(rowOf),
    ...(parent && { parent: rowOf(parent) }),
    commands,
  } satisfies SessionPage);
}

const mostMessages = 200;
/** Of text, in characters: one message alone may be a million. */
const mostText = 1_000_000;

export async function readMessages(house: House, { params, query }: Request): Promise<Answer> {
  const { id } = await sessionOf(house, params.session);
  const after = Math.max(0, whole(query, 'after', 0));
  const messages: SessionMessage[] = [];
  let text = 0;
  for await (const message of house.store.sessions.messages(id, { after, limit: mostMessages })) {
    messages.push(message);
    text += JSON.stringify(message).length;
    if (text > mostText) break;
  }
  const last = messages.at(-1);
  return ok({
    messages: messages.map((message) => toMessage(message, String(message.seq), message.at)),
    ...((messages.length === mostMessages || text > mostText) && last && { next: String(last.seq) }),
    live: false,
  } satisfies Conversation);
}

/** A download: one message a line, as `pawl sessions messages --json` has it. */
export async function exportMessages(house: House, { params }: Request): Promise<Answer> {
  const { id } = await sessionOf(house, params.session);
  const lines = async function* (): AsyncGenerator<string> {
    for await (const message of house.store.sessions.messages(id)) yield `${JSON.stringify(message)}\n`;
  };
  const headers = {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'content-disposition': `attachment; filename="${id}.ndjson"`,
  };
  return { status: 200, headers, download: lines() };
}

/** A download: all that another machine needs to go on with it. It holds the files of its worktree. */
export async function exportSession(house: House, { params, user }: Request): Promise<Answer> {
  const session = await sessionOf(house, params.session);
  const { id } = session;
  const file = house.texts.place('pawl');
  try {
    await house.pawl.call(['sessions', 'export', id, `--output=${file}`], folderOf(house, session), {
      timeoutMs: 120_000,
    });
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
  const command = typed(['sessions', 'export', id, `--output=${id}.pawl`]);
  house.audit.note({ user: user.name, role: user.role, action: 'session export', on: id, command, outcome: 'done' });
  const stream = createReadStream(file);
  stream.on('close', () => rmSync(file, { force: true }));
  const headers = {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${id}.pawl"`,
  };
  return { status: 200, headers, download: stream };
}

/** Of a session without a repository that is known: where the dashboard was started. */
const folderOf = ({ cwd }: House, { repository }: SessionRecord): string =>
  repository !== undefined && existsSync(repository) ? repository : cwd;

/** What a turn may take. */
const turnMs = 30 * 60 * 1000;

interface Told {
  readonly session?: { readonly id?: string };
  /** Of the end of a turn. */
  readonly outcome?: { readonly kind: string; readonly error?: { readonly message: string } };
}

/** Does one thing to a session by the command line, and notes who asked for it. */
export async function actOnSession(house: House, { params, body, user }: Request): Promise<Answer> {
  const session = await sessionOf(house, params.session);
  const { id } = session;
  const note = (outcome: string, action: string, command?: string): void =>
    house.audit.note({
      user: user.name,
      role: user.role,
      action: `session ${action}`,
      on: id,
      outcome,
      ...(command !== undefined && { command }),
    });
  const action = readSessionAction(body);
  const words = sessionWordsOf(id, action);
  const command = typed(words);
  const cwd = folderOf(house, session);
  try {
    const told = (await house.pawl.call(words, cwd, { timeoutMs: turnMs, by: user })) as Told;
    if (told.outcome && told.outcome.kind !== 'completed')
      throw new DashboardError(409, 'refused', told.outcome.error?.message ?? `its turn is ${told.outcome.kind}`);
    const made = action.action === 'fork' ? told.session?.id : undefined;
    note('done', action.action, command);
    return ok({
      how: 'done',
      text: sessionTexts[action.action],
      command,
      ...(made !== undefined && { session: made }),
    } satisfies Acted);
  } catch (error) {
    note(`refused: ${DashboardError.is(error) ? error.message : 'an error'}`, action.action, command);
    throw error;
  }
}

const sessionTexts: Readonly<Record<SessionAction['action'], string>> = {
  rename: 'it has another title',
  tag: 'it has the tag',
  untag: 'the tag is gone',
  archive: 'it is in the archive',
  unarchive: 'it is back in the lists',
  remove: 'it is forgotten',
  fork: 'there is a fork',
  rewind: 'it is back there, and its files are',
  resume: 'it has answered',
};

export function rowOf(session: SessionRecord): SessionRow {
  const { id, ref, title, agent, model, tags, repository, parent, run, step, cost, inputTokens, outputTokens } =
    session;
  return {
    id,
    provider: ref.provider,
    nativeId: ref.id,
    title: title ?? ref.id,
    ...(agent !== undefined && { agent }),
    ...(model !== undefined && { model }),
    tags,
    ...(repository !== undefined && { repository: repositoryOf(repository) }),
    ...(parent?.id !== undefined && { parent: parent.id }),
    ...(run !== undefined && { run }),
    ...(step !== undefined && { step }),
    createdAt: session.createdAt,
    lastUsedAt: session.lastUsedAt,
    turns: session.turns,
    messages: session.messages,
    archived: session.archived,
    cost: costOf(cost),
    ...(inputTokens !== undefined && { inputTokens }),
    ...(outputTokens !== undefined && { outputTokens }),
  };
}

function costOf(cost: SessionRecord['cost']): Money {
  const money =
    cost.state === 'measured'
      ? { measuredUsd: cost.usd, estimatedUsd: 0, unpriced: 0 }
      : { measuredUsd: cost.measuredUsd ?? 0, estimatedUsd: 0, unpriced: cost.unpricedTurns };
  return { ...money, text: formatMoney(money) };
}
