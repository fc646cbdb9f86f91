import type { Database } from './database.ts';
import { newestMatches } from './full-text.ts';
import type { SessionMessage } from './message.ts';
import type { SearchHit, SessionFilter } from './session-contract.ts';
import { listSessions } from './session-records.ts';
import { excerpt, searchedWords } from './words.ts';

export async function searchSessions(
  database: Database,
  text: string,
  filter: SessionFilter,
): Promise<readonly SearchHit[]> {
  const sessions = await listSessions(database, { ...filter, text });
  const words = searchedWords(text);
  if (sessions.length === 0) return [];
  const ids = sessions.map(({ id }) => id);
  const found = await database.use((statements) => newestMatches(statements, ids, words));
  return sessions.map((session) => {
    const row = found.get(session.id);
    if (!row) return { session, excerpt: excerpt(session.title ?? '', words) };
    const role = String(row.role) as SessionMessage['role'];
    return {
      session,
      message: { seq: Number(row.seq), at: Number(row.at), role },
      excerpt: excerpt(String(row.text), words),
    };
  });
}
