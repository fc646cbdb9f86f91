import type { Database } from './database.ts';
import { acquireLease, sessionBusy } from './leases.ts';
import { noSuchSession } from './queries.ts';
import type { Redact } from './redact.ts';
import { addCheckpoint, listCheckpoints } from './session-checkpoints.ts';
import type { SessionCatalogue } from './session-contract.ts';
import { exchangeSessions } from './session-exchange.ts';
import { checkedFacts, cleanText, sessionName } from './session-facts.ts';
import { appendMessages, readMessages } from './session-messages.ts';
import { findSessions, getSession, listSessions } from './session-records.ts';
import { searchSessions } from './session-search.ts';
import { addTags, beginSession, recordTurn } from './session-turns.ts';
import type { Statements } from './sqlite.ts';
import { leasePlace } from './sqlite-leases.ts';
import { titleWords } from './titles.ts';

export function sqliteSessions(database: Database, redact: Redact): SessionCatalogue {
  const change = (id: string, work: (statements: Statements) => void) =>
    database.transact((statements) => {
      if (!statements.get('SELECT id FROM sessions WHERE id = ?', id)) throw noSuchSession(id);
      work(statements);
    });
  const archive = (id: string, archived: 0 | 1) =>
    change(id, (statements) => {
      statements.run('UPDATE sessions SET archived = ? WHERE id = ?', archived, id);
    });
  return {
    begin: async (facts) => beginSession(database, checkedFacts(facts, redact)),
    record: async (turn) => recordTurn(database, checkedFacts(turn, redact)),
    get: (id) => database.use((statements) => getSession(statements, id)),
    find: (idOrPrefix) => findSessions(database, idOrPrefix),
    list: (filter = {}) => listSessions(database, filter),
    search: (text, filter = {}) => searchSessions(database, text, filter),
    rename: (id, title) =>
      change(id, (statements) => {
        const clean = cleanText(title, redact);
        statements.run('UPDATE sessions SET title = ?, title_words = ? WHERE id = ?', clean, titleWords(clean), id);
      }),
    tag: (id, ...tags) =>
      change(id, (statements) =>
        addTags(
          statements,
          id,
          tags.map((tag) => cleanText(tag, redact)),
        ),
      ),
    untag: (id, ...tags) =>
      change(id, (statements) => {
        for (const tag of tags) statements.run('DELETE FROM session_tags WHERE session = ? AND tag = ?', id, tag);
      }),
    archive: (id) => archive(id, 1),
    unarchive: (id) => archive(id, 0),
    remove: (id) =>
      change(id, (statements) => {
        // Its messages, turns and tags go with it, and with the messages their words.
        statements.run('DELETE FROM sessions WHERE id = ?', id);
      }),
    append: (id, messages) => appendMessages(database, redact, id, messages),
    messages: (id, page) => readMessages(database, id, page),
    nameMessage: (id, seq, messageId) =>
      change(id, (statements) => {
        const sql = 'UPDATE session_messages SET id = ? WHERE session = ? AND seq = ? AND id IS NULL';
        statements.run(sql, messageId, id, seq);
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
