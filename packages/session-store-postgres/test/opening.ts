import { createRedactor, type SessionStore, StoreError } from '@pawl/session-store';
import { refusal, started, warned } from '@pawl/session-store/testing';
import { openPostgresStore } from '@pawl/session-store-postgres';
import postgres from 'postgres';
import { afterEach, describe, expect, test } from 'vitest';
import { migrations } from '../src/migrations.ts';

export interface Place {
  readonly url: string;
  readonly schema: string;
}

/** What is PostgreSQL's alone. */
export function testOpening(place: () => Place): void {
  const stores: SessionStore[] = [];
  const open = async (options: Parameters<typeof openPostgresStore>[0]) => {
    const store = await openPostgresStore({ connections: 2, ...options });
    stores.push(store);
    return store;
  };
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });
  /** Works on the database behind the store's back. */
  async function raw<T>({ url }: Place, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
    const sql = postgres(url, { max: 1, onnotice: () => undefined });
    try {
      return await work(sql);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }

  describe('a store that cannot be used says why', () => {
    test('no server there', async () => {
      const url = 'postgres://ada:my-password@127.0.0.1:1/shop';
      const error = await refusal(openPostgresStore({ url, connectMs: 1000 }), 'store-unavailable');
      expect(error.message).toMatch(/127\.0\.0\.1:1, database shop.*Check that the server runs/);
      expect(error.message).not.toContain('my-password');
      expect(error.cause).toBeInstanceOf(Error);
    });

    test('no such database', async () => {
      const url = place().url.replace(/postgres$/, 'nowhere');
      expect((await refusal(openPostgresStore({ url }), 'store-unavailable')).message).toContain('nowhere');
    });

    test.each(['', 'Pawl', 'a-b', 'x; DROP SCHEMA public', 'x'.repeat(64), '1st'])('the schema %j', async (schema) => {
      await refusal(openPostgresStore({ ...place(), schema }), 'bad-request');
    });

    test.each(['no address', 'postgres://ada:my-password@:x/y'])('the address %j', async (url) => {
      const error = await openPostgresStore({ url, connectMs: 1000 }).catch((thrown: unknown) => thrown);
      expect(StoreError.is(error) && error.code).toMatch(/^(bad-request|store-unavailable)$/);
      expect(String(error)).not.toContain('my-password');
    });

    test('tables of another program', async () => {
      const there = place();
      await raw(there, (sql) =>
        sql.unsafe(`CREATE SCHEMA ${there.schema}; CREATE TABLE ${there.schema}.theirs (x int)`),
      );
      await refusal(openPostgresStore(there), 'store-foreign');
      const tables = await raw(there, (sql) => sql`SELECT tablename FROM pg_tables WHERE schemaname = ${there.schema}`);
      expect([...tables]).toEqual([{ tablename: 'theirs' }]);
    });

    test('made by a newer pawl', async () => {
      const there = place();
      await (await openPostgresStore(there)).close();
      await raw(there, (sql) => sql.unsafe(`UPDATE ${there.schema}.pawl_schema SET version = 99`));
      expect((await refusal(openPostgresStore(there), 'store-newer')).message).toMatch(/schema 99.*Upgrade pawl/);
    });

    test('locked by another process', async () => {
      const there = place();
      const store = await open({ ...there, busyMs: 100 });
      const { id } = await store.sessions.begin({ ref: { provider: 'claude', id: 'n1', cwd: '/' }, at: 1 });
      await raw(there, async (sql) => {
        await sql.begin(async (transaction) => {
          await transaction.unsafe(`SELECT * FROM ${there.schema}.sessions FOR UPDATE`);
          await refusal(store.sessions.rename(id, 'x'), 'store-locked');
        });
      });
      await store.sessions.rename(id, 'free again');
    });

    test('a user who may only read', async () => {
      const there = place();
      await (await openPostgresStore(there)).close();
      await raw(there, (sql) =>
        sql.unsafe(`CREATE ROLE reader_${there.schema} LOGIN; GRANT USAGE ON SCHEMA ${there.schema} TO reader_${there.schema};
          GRANT SELECT ON ALL TABLES IN SCHEMA ${there.schema} TO reader_${there.schema}`),
      );
      const url = there.url.replace('pawl@', `reader_${there.schema}@`);
      const store = await open({ ...there, url });
      expect(await store.sessions.list()).toEqual([]);
      await refusal(store.runs.append('r1', 0, [started('r1')]), 'store-read-only');
    });

    test('one damaged event', async () => {
      const there = place();
      const store = await open(there);
      await store.runs.append('r1', 0, [started('r1')]);
      await raw(there, (sql) => sql.unsafe(`UPDATE ${there.schema}.events SET event = '{"type":'`));
      expect((await refusal(store.runs.read('r1'), 'store-corrupt')).message).toContain('Event 1 of run r1');
    });
  });

  test('may be opened by many at the same moment, and is made once', async () => {
    const there = place();
    const opened = await Promise.all(Array.from({ length: 6 }, () => open(there)));
    await opened[0]?.runs.append('r1', 0, [started('r1')]);
    expect(await opened[5]?.runs.list()).toHaveLength(1);
    const [row] = await raw(there, (sql) => sql.unsafe(`SELECT version FROM ${there.schema}.pawl_schema`));
    expect(row).toEqual({ version: migrations.length });
  });

  test('schemas of one database do not know each other', async () => {
    const [one, two] = [await open(place()), await open(place())];
    await one.runs.append('r1', 0, [started('r1')]);
    expect(await two.runs.list()).toEqual([]);
    await one.runs.acquire('r1', { pid: 1, started: 'x', host: 'h' }, () => true);
    await two.runs.acquire('r1', { pid: 1, started: 'x', host: 'h' }, () => true);
  });

  test('goes on when its connections were cut', async () => {
    const there = place();
    const store = await open(there);
    await store.runs.append('r1', 0, [started('r1')]);
    await raw(
      there,
      (sql) => sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pawl'`,
    );
    const again = async (): Promise<number> => {
      try {
        return await store.runs.append('r1', 1, [warned('after')]);
      } catch (error) {
        expect(StoreError.is(error) && error.code).toBe('store-unavailable');
        return store.runs.append('r1', 1, [warned('after')]);
      }
    };
    expect(await again()).toBe(2);
  });

  test('no secret reaches the tables', async () => {
    const there = place();
    const secret = 'hunter2-hunter2';
    const store = await open({ ...there, redact: createRedactor([secret]) });
    await store.runs.append('r1', 0, [started('r1'), warned(`it is ${secret}`)]);
    const ref = { provider: 'claude', id: 'n1', cwd: '/' };
    const { id } = await store.sessions.record({ ref, at: 1, usage: {}, title: secret, tags: [secret] });
    await store.sessions.append(id, [{ role: 'user', type: 'text', text: `say ${secret}`, at: 1 }]);
    const all = await raw(there, async (sql) => {
      const rows = [];
      for (const table of ['runs', 'events', 'sessions', 'session_tags', 'session_messages'])
        rows.push(...(await sql.unsafe(`SELECT ${table}::text AS row FROM ${there.schema}.${table}`)));
      return JSON.stringify(rows);
    });
    expect(all).toContain('[redacted]');
    expect(all).not.toContain('hunter2');
  });

  test('a message with more words than an index takes is found by those at its beginning', async () => {
    const store = await open(place());
    const { id } = await store.sessions.begin({ ref: { provider: 'claude', id: 'n1', cwd: '/' }, at: 1 });
    const text = `needle ${Array.from({ length: 100_000 }, (_, index) => `word${index}`).join(' ')}`;
    await store.sessions.append(id, [
      { role: 'user', type: 'text', text, at: 1 },
      { role: 'user', type: 'text', text: `${'x'.repeat(3000)} haystack`, at: 2 },
    ]);
    expect(await store.sessions.search('needle word500')).toHaveLength(1);
    expect(await store.sessions.search(`haystack ${'x'.repeat(2999)}`)).toMatchObject([{ message: { seq: 2 } }]);
  });
}
