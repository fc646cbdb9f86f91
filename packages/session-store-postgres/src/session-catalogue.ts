import type { Redact, SessionCatalogue } from '@pawl/session-store';
import {
  acquireLease,
  checkedFacts,
  cleanText,
  noSuchSession,
  sessionBusy,
  sessionName,
  titleWords,
} from '@pawl/session-store/adapter';
import type { Database, Queries } from './database.ts';
import { leasePlace } from './lease-place.ts';
import { addCheckpoint, listCheckpoints } from './session-checkpoints.ts';
import { exchangeSessions } from './session-exchange.ts';
import { appendMessages, readMessages } from './session-messages.ts';
import { findSessions, getSession, listSessions } from './session-records.ts';
import { searchSessions } from './session-search.ts';
import { addTags, beginSession, recordTurn } from './session-turns.ts';

export function postgresSessions(database: Database, redact: Redact): SessionCatalogue {
  const change = (id: string, work: (queries: Queries) => Promise<unknown>): Promise<void> =>
    database.transact(async (queries) => {
      if (!(await queries.get('SELECT id FROM sessions WHERE id = $1 FOR UPDATE', id))) throw noSuchSession(id);
      await work(queries);
    });
  const archive = (id: string, archived: 0 | 1) =>
    change(id, (queries) => queries.run('UPDATE sessions SET archived = $2 WHERE id = $1', id, archived));
  return {
    begin: async (facts) => beginSession(database, checkedFacts(facts, redact)),
    record: async (turn) => recordTurn(database, checkedFacts(turn, redact)),
    get: (id) => database.use((queries) => getSession(queries, id)),
    find: (idOrPrefix) => findSessions(database, idOrPrefix),
    list: (filter = {}) => listSessions(database, filter),
    search: (text, filter = {}) => searchSessions(database, text, filter),
    rename: (id, title) =>
      change(id, (queries) => {
        const clean = cleanText(title, redact);
        const values = [id, clean, titleWords(clean)];
        return queries.run('UPDATE sessions SET title = $2, title_words = $3 WHERE id = $1', ...values);
      }),
    tag: (id, ...tags) => {
      const clean = tags.map((tag) => cleanText(tag, redact));
      return change(id, (queries) => addTags(queries, id, clean));
    },
    untag: (id, ...tags) =>
      change(id, async (queries) => {
        for (const tag of tags) await queries.run('DELETE FROM session_tags WHERE session = $1 AND tag = $2', id, tag);
      }),
    archive: (id) => archive(id, 1),
    unarchive: (id) => archive(id, 0),
    // Its messages, turns and tags go with it.
    remove: (id) => change(id, (queries) => queries.run('DELETE FROM sessions WHERE id = $1', id)),
    append: (id, messages) => appendMessages(database, redact, id, messages),
    messages: (id, page) => readMessages(database, id, page),
    nameMessage: (id, seq, messageId) =>
      change(id, (queries) => {
        const sql = 'UPDATE session_messages SET id = $3 WHERE session = $1 AND seq = $2 AND id IS NULL';
        return queries.run(sql, id, seq, messageId);
      }),
    checkpoint: (id, checkpoint) => addCheckpoint(database, id, checkpoint),
    checkpoints: (filter) => listCheckpoints(database, filter),
    exchange: (id, other) => exchangeSessions(database, id, other),
    acquire: async (session, holder, isAlive) => {
      const name = sessionName(session);
      const busy = (by: typeof holder) => sessionBusy(session.id, by);
      const release = await acquireLease(leasePlace(database, 'session', name), holder, isAlive, busy);
      return { session, release };
    },
    holder: async (session) => (await leasePlace(database, 'session', sessionName(session)).read())?.holder,
  };
}
