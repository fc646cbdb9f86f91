import { formatMoney } from '@pawl/report';
import type { SessionFilter, SessionRecord } from '@pawl/session-store';
import type { Conversation, Money, SessionList, SessionPage, SessionRow } from '../../wire.ts';
import { badRequest, notFound } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { repositoryOf } from '../runs/repository.ts';
import { toMessage } from '../runs/turn-messages.ts';
import { optionalText } from './act.ts';
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
    { label: 'Go on with it', command: `pawl sessions resume ${session.id}` },
    { label: 'Fork it', command: `pawl sessions fork ${session.id}` },
    { label: 'Show it', command: `pawl sessions show ${session.id}` },
  ];
  return ok({
    session: rowOf(session),
    forks: forks.map(rowOf),
    ...(parent && { parent: rowOf(parent) }),
    commands,
  } satisfies SessionPage);
}

const mostMessages = 200;

export async function readMessages(house: House, { params, query }: Request): Promise<Answer> {
  const { id } = await sessionOf(house, params.session);
  const after = Math.max(0, whole(query, 'after', 0));
  const messages = [];
  for await (const message of house.store.sessions.messages(id, { after, limit: mostMessages })) messages.push(message);
  const last = messages.at(-1);
  return ok({
    messages: messages.map((message) => toMessage(message, String(message.seq), message.at)),
    ...(messages.length === mostMessages && last && { next: String(last.seq) }),
    live: false,
  } satisfies Conversation);
}

/** A download: one message a line, as `pawl sessions messages --json` has it. */
export async function exportSession(house: House, { params }: Request): Promise<Answer> {
  const { id } = await sessionOf(house, params.session);
  const lines = async function* (): AsyncGenerator<string> {
    for await (const message of house.store.sessions.messages(id)) yield `${JSON.stringify(message)}\n`;
  };
  const headers = {
    'content-type': 'application/x-ndjson; charset=utf-8',
    'content-disposition': `attachment; filename="${id}.ndjson"`,
  };
  return { status: 200, headers, lines: lines() };
}

export async function actOnSession(house: House, { params, body, user }: Request): Promise<Answer> {
  const { sessions } = house.store;
  const session = await sessionOf(house, params.session);
  const { id } = session;
  const asked = (body ?? {}) as Readonly<Record<string, unknown>>;
  const text = (name: string): string => {
    const value = optionalText(asked[name], name);
    if (value === undefined || value.length > 200) throw badRequest(`${name} is a text of at most 200 characters`);
    return value;
  };
  switch (asked.action) {
    case 'rename':
      await sessions.rename(id, text('title'));
      break;
    case 'tag':
      await sessions.tag(id, text('tag'));
      break;
    case 'untag':
      await sessions.untag(id, text('tag'));
      break;
    case 'archive':
      await sessions.archive(id);
      break;
    case 'unarchive':
      await sessions.unarchive(id);
      break;
    default:
      throw badRequest('this is no action');
  }
  house.audit.note({ user: user.name, role: user.role, action: `session ${asked.action}`, on: id, outcome: 'done' });
  return ok(rowOf(await sessionOf(house, id)));
}

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
