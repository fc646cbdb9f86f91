import { copyFileSync } from 'node:fs';
import { openStore } from '@pawl/session-store';
import { expect, test } from 'vitest';
import { migrations } from '../src/migrations.ts';
import { titleWords } from '../src/titles.ts';
import { useFolder } from './fixtures/folder.ts';
import { pragma, withRaw } from './fixtures/raw.ts';

const folder = useFolder();
const schema = (file: string) =>
  withRaw(file, (raw) => raw.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all());

test('a store of every earlier version ends with the schema of a new one', () => {
  const fresh = folder.path('fresh.db');
  openStore({ file: fresh }).close();
  for (let version = 0; version <= migrations.length; version += 1) {
    const file = folder.path(`from-${version}.db`);
    withRaw(file, (raw) => {
      raw.function('pawl_words', (title) => titleWords(String(title)));
      for (const script of migrations.slice(0, version)) raw.exec(script);
      if (version > 0) raw.exec(`PRAGMA application_id = 1885435756; PRAGMA user_version = ${version}`);
    });
    openStore({ file }).close();
    expect(schema(file)).toEqual(schema(fresh));
    withRaw(file, (raw) => expect(pragma(raw, 'user_version')).toBe(migrations.length));
  }
});

test('a store that schema 1 wrote has all that it had, and can do what is new', async () => {
  const file = folder.path('pawl.db');
  copyFileSync(new URL('./histories/schema-1.db', import.meta.url), file);
  const store = folder.closing(openStore({ file }));
  expect(await store.runs.list()).toMatchObject([
    { id: 'r2', repository: '/other', status: 'running', lastSeq: 1, holder: { pid: 4711, started: 'boot/9' } },
    { id: 'r1', repository: '/repo', status: 'failed', reason: 'the tests fail', lastSeq: 4 },
  ]);
  expect((await store.runs.read('r1')).map(({ event }) => event.type)).toEqual([
    ...['run-started', 'warned', 'warned', 'run-ended'],
  ]);
  expect(await store.runs.append('r2', 1, [{ type: 'abort-requested', at: 1, reason: 'x' }])).toBe(2);
  const sessions = await store.sessions.list();
  expect(sessions).toEqual([
    expect.objectContaining({ id: '53f427fafa81aacf', cost: { state: 'measured', usd: 0 }, archived: false }),
    expect.objectContaining({
      id: '54323b5fe2191be8',
      parent: { provider: 'claude', nativeId: 'native-1', id: 'd771db10354c8cbf', at: 'm1' },
    }),
    {
      id: 'd771db10354c8cbf',
      ref: { provider: 'claude', id: 'native-1', cwd: '/repo', token: { file: 'a.jsonl', lines: [1, 2] } },
      ...{
        agent: 'claude-opus',
        model: 'opus',
        title: 'Plan the Größe of payments',
        owner: 'ada',
        repository: '/repo',
      },
      ...{ tags: ['big', 'red'], run: 'r1', step: 'impl', messageId: 'm2', archived: false },
      ...{ createdAt: 1000, lastUsedAt: 2000, turns: 2, messages: 0, inputTokens: 15, outputTokens: 2 },
      cost: { state: 'unknown', unpricedTurns: 1, measuredUsd: 0.25 },
    },
  ]);
  expect(await store.sessions.search('grosse')).toEqual([]);
  expect(await store.sessions.search('GROße pay')).toMatchObject([{ session: { id: 'd771db10354c8cbf' } }]);
  await store.sessions.append('d771db10354c8cbf', [{ role: 'user', type: 'text', text: 'still here', at: 1 }]);
  expect(await store.sessions.search('still')).toMatchObject([{ message: { seq: 1 } }]);
});

test('a lease that changes hands faster than it can be judged is given up', async () => {
  const file = folder.path('pawl.db');
  const store = folder.closing(openStore({ file }));
  await store.runs.acquire('r1', { pid: 1, started: 'x', host: 'h' }, () => true);
  let judged = 0;
  const steal = () => {
    judged += 1;
    withRaw(file, (raw) => raw.exec(`UPDATE leases SET token = 'thief ${judged}', pid = ${judged + 1}`));
    return false;
  };
  const error = await store.runs.acquire('r1', { pid: 99, started: 'x', host: 'h' }, steal).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'run-busy', details: { holder: { pid: judged + 1 } } });
  expect(judged).toBe(5);
});
