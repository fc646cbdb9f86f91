import { plainWords, type Row, searchedWords, titlePatterns } from '@pawl/session-store/adapter';
import type { Queries } from './database.ts';
import { inJson, type Where } from './where.ts';

/** A lexeme has at most 2 kB, and all of one text less than a megabyte. */
const longestWord = 64;
const mostCharacters = 150_000;

/** The words of a message as JSON, each once; of a very long one those at its beginning. */
export function indexedWords(text: string): string {
  const words = new Set<string>();
  let characters = 0;
  for (const word of plainWords(text)) {
    const cut = word.slice(0, longestWord).toWellFormed();
    if (words.has(cut)) continue;
    characters += cut.length;
    if (characters > mostCharacters) break;
    words.add(cut);
  }
  return JSON.stringify([...words]);
}

/** Narrows a list to the sessions that have every word in their title, or in one of their messages. */
export function whereText(where: Where, text: string): void {
  const words = searchedWords(text);
  if (words.length === 0) {
    where.add('FALSE');
    return;
  }
  const inTitle = titlePatterns(words).map((pattern) => `sessions.title_words LIKE ${where.bind(pattern)}`);
  const query = where.bind(matching(words));
  where.add(
    `((${inTitle.join(' AND ')}) OR sessions.id IN
       (SELECT session FROM session_messages WHERE words IS NOT NULL AND words @@ ${query}::text::tsquery))`,
  );
}

/** Of each of the sessions the newest message that has every word. */
export async function newestMatches(
  queries: Queries,
  sessions: readonly string[],
  words: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  const rows = await queries.all(
    `SELECT DISTINCT ON (session) session, seq, at, role, text FROM session_messages
     WHERE words IS NOT NULL AND words @@ $1::text::tsquery AND session IN (${inJson('$2')})
     ORDER BY session, seq DESC`,
    ...[matching(words), JSON.stringify(sessions)],
  );
  return new Map(rows.map((row) => [String(row.session), row]));
}

/** Each as the beginning of a word. They are letters and digits alone: nothing in them is an operator. */
function matching(words: readonly string[]): string {
  const plain = words.flatMap(plainWords).map((word) => word.slice(0, longestWord).toWellFormed());
  return plain.map((word) => `'${word}':*`).join(' & ');
}
