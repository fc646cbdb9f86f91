import type { SessionFilter, SessionRecord } from '@pawl/session-store';
import { pageLimit, prefixEnd, toSessionRecord } from '@pawl/session-store/adapter';
import type { Database, Queries } from './database.ts';
import { whereText } from './full-text.ts';
import { Where } from './where.ts';

const columns = `sessions.*, parents.id AS parent_id,
  coalesce((SELECT json_agg(tag ORDER BY tag) FROM session_tags WHERE session = sessions.id), '[]')::text AS tags
  FROM sessions LEFT JOIN sessions AS parents
    ON parents.provider = sessions.provider AND parents.native_id = sessions.parent_native_id`;
const order = 'ORDER BY sessions.last_used_at DESC, sessions.id DESC LIMIT';

export async function getSession(queries: Queries, id: string): Promise<SessionRecord | undefined> {
  const row = await queries.get(`SELECT ${columns} WHERE sessions.id = $1`, id);
  return row && toSessionRecord(row);
}

export function findSessions(database: Database, idOrPrefix: string): Promise<readonly SessionRecord[]> {
  return database.use(async (queries) => {
    const exact = await queries.all(
      `SELECT ${columns} WHERE sessions.id = $1 OR sessions.native_id = $1 ${order} 20`,
      idOrPrefix,
    );
    if (exact.length > 0 || idOrPrefix === '') return exact.map(toSessionRecord);
    const rows = await queries.all(
      `SELECT ${columns} WHERE (sessions.id >= $1 AND sessions.id < $2)
         OR (sessions.native_id >= $1 AND sessions.native_id < $2) ${order} 20`,
      ...[idOrPrefix, prefixEnd(idOrPrefix)],
    );
    return rows.map(toSessionRecord);
  });
}

export function listSessions(database: Database, filter: SessionFilter): Promise<readonly SessionRecord[]> {
  return database.use(async (queries) => {
    const where = new Where();
    for (const column of ['provider', 'agent', 'repository', 'cwd', 'owner', 'run'] as const)
      where.equal(`sessions.${column}`, filter[column]);
    if (filter.tag !== undefined)
      where.add(`sessions.id IN (SELECT session FROM session_tags WHERE tag = ${where.bind(filter.tag)})`);
    if (filter.parent !== undefined)
      where.add(
        `(sessions.provider, sessions.parent_native_id) =
           (SELECT provider, native_id FROM sessions WHERE id = ${where.bind(filter.parent)})`,
      );
    if (filter.text !== undefined) whereText(where, filter.text);
    where.within('sessions.last_used_at', filter);
    if (filter.archived !== 'also') where.add(`sessions.archived = ${filter.archived === 'only' ? 1 : 0}`);
    if (filter.before !== undefined)
      where.add(
        `(sessions.last_used_at, sessions.id) <
           (SELECT last_used_at, id FROM sessions WHERE id = ${where.bind(filter.before)})`,
      );
    const limit = where.bind(pageLimit(filter.limit));
    const rows = await queries.all(`SELECT ${columns} ${where.sql} ${order} ${limit}`, ...where.values);
    return rows.map(toSessionRecord);
  });
}
