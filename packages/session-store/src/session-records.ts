import type { Database } from './database.ts';
import { whereText } from './full-text.ts';
import { pageLimit, prefixEnd, Where } from './queries.ts';
import type { SessionFilter, SessionRecord } from './session-contract.ts';
import { toSessionRecord } from './session-row.ts';
import type { Statements } from './sqlite.ts';

const columns = `sessions.*, parents.id AS parent_id,
  (SELECT json_group_array(tag) FROM (SELECT tag FROM session_tags WHERE session = sessions.id ORDER BY tag)) AS tags
  FROM sessions LEFT JOIN sessions AS parents
    ON parents.provider = sessions.provider AND parents.native_id = sessions.parent_native_id`;
const order = 'ORDER BY sessions.last_used_at DESC, sessions.id DESC LIMIT ?';

export function getSession(statements: Statements, id: string): SessionRecord | undefined {
  const row = statements.get(`SELECT ${columns} WHERE sessions.id = ?`, id);
  return row && toSessionRecord(row);
}

export function findSessions(database: Database, idOrPrefix: string): Promise<readonly SessionRecord[]> {
  return database.use((statements) => {
    const exact = statements.all(
      `SELECT ${columns} WHERE sessions.id = ? OR sessions.native_id = ? ${order}`,
      ...[idOrPrefix, idOrPrefix, 20],
    );
    if (exact.length > 0 || idOrPrefix === '') return exact.map(toSessionRecord);
    const range = [idOrPrefix, prefixEnd(idOrPrefix)];
    return statements
      .all(
        `SELECT ${columns} WHERE (sessions.id >= ? AND sessions.id < ?)
           OR (sessions.native_id >= ? AND sessions.native_id < ?) ${order}`,
        ...[...range, ...range, 20],
      )
      .map(toSessionRecord);
  });
}

export function listSessions(database: Database, filter: SessionFilter): Promise<readonly SessionRecord[]> {
  return database.use((statements) => {
    const where = new Where();
    for (const column of ['provider', 'agent', 'repository', 'cwd', 'owner', 'run'] as const)
      where.equal(`sessions.${column}`, filter[column]);
    if (filter.tag !== undefined)
      where.add('sessions.id IN (SELECT session FROM session_tags WHERE tag = ?)', filter.tag);
    if (filter.parent !== undefined)
      where.add(
        '(sessions.provider, sessions.parent_native_id) = (SELECT provider, native_id FROM sessions WHERE id = ?)',
        filter.parent,
      );
    if (filter.text !== undefined) whereText(where, filter.text);
    where.within('sessions.last_used_at', filter);
    if (filter.archived !== 'also') where.add('sessions.archived = ?', filter.archived === 'only' ? 1 : 0);
    if (filter.before !== undefined)
      where.add(
        '(sessions.last_used_at, sessions.id) < (SELECT last_used_at, id FROM sessions WHERE id = ?)',
        filter.before,
      );
    return statements
      .all(`SELECT ${columns} ${where.sql} ${order}`, ...where.values, pageLimit(filter.limit))
      .map(toSessionRecord);
  });
}
