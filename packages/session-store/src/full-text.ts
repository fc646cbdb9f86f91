import type { Where } from './queries.ts';
import type { Row } from './row.ts';
import type { Statements } from './sqlite.ts';
import { titlePatterns } from './titles.ts';
import { searchedWords } from './words.ts';

/** Narrows a list to the sessions that have every word in their title, or in one of their messages. */
export function whereText(where: Where, text: string): void {
  const words = searchedWords(text);
  if (words.length === 0) {
    where.add('FALSE');
    return;
  }
  const patterns = titlePatterns(words);
  const inTitle = patterns.map(() => 'sessions.title_words LIKE ?').join(' AND ');
  where.add(
    `((${inTitle}) OR sessions.id IN (SELECT session_messages.session FROM said_words
       JOIN session_messages ON session_messages.row = said_words.rowid WHERE said_words MATCH ?))`,
    ...[...patterns, matching(words)],
  );
}

/** Of each of the sessions the newest message that has every word. */
export function newestMatches(
  statements: Statements,
  sessions: readonly string[],
  words: readonly string[],
): ReadonlyMap<string, Row> {
  const rows = statements.all(
    // Texts are read last, and of one message a session: they are long.
    `SELECT session_messages.session, session_messages.seq, at, role, text FROM session_messages
       JOIN (SELECT found.session, max(found.seq) AS seq FROM said_words
         JOIN session_messages AS found ON found.row = said_words.rowid
         WHERE said_words MATCH ? AND found.session IN (SELECT value FROM json_each(?)) GROUP BY found.session) AS newest
       ON newest.session = session_messages.session AND newest.seq = session_messages.seq`,
    ...[matching(words), JSON.stringify(sessions)],
  );
  return new Map(rows.map((row) => [String(row.session), row]));
}

/** Quoted, a word is no operator of FTS5. */
function matching(words: readonly string[]): string {
  return words.map((word) => `"${word}"*`).join(' ');
}
