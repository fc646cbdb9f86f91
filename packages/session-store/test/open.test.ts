import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, StoreError } from '@pawl/session-store';
import { refusal, started, warned } from '@pawl/session-store/testing';
import { describe, expect, test } from 'vitest';
import { migrations } from '../src/migrations.ts';
import { toStoreError } from '../src/sqlite-errors.ts';

import { useFolder } from './fixtures/folder.ts';
import { pragma, withRaw } from './fixtures/raw.ts';

const folder = useFolder();
const fixture = (name: string) => new URL(`./fixtures/${name}`, import.meta.url).pathname;
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

function failure(work: () => unknown): StoreError {
  try {
    work();
  } catch (error) {
    if (StoreError.is(error)) return error;
    throw error;
  }
  throw new Error('expected a StoreError');
}

describe('a new store', () => {
  test('makes its folders and files for the user alone', async () => {
    const file = folder.path('a/b/pawl.db');
    const store = folder.closing(openStore({ file }));
    await store.runs.append('r1', 0, [started('r1')]);
    expect([mode(folder.path('a')), mode(folder.path('a/b'))]).toEqual(['700', '700']);
    expect([mode(file), mode(`${file}-wal`), mode(`${file}-shm`)]).toEqual(['600', '600', '600']);
  });

  test('closes what was open to others before', () => {
    const file = folder.path('pawl.db');
    openStore({ file }).close();
    chmodSync(file, 0o644);
    openStore({ file }).close();
    expect(mode(file)).toBe('600');
  });

  test('has the settings that its promises rest on', () => {
    const file = folder.path('pawl.db');
    openStore({ file }).close();
    withRaw(file, (raw) => {
      expect(pragma(raw, 'journal_mode')).toBe('wal');
      expect(pragma(raw, 'user_version')).toBe(migrations.length);
      const tables = raw
        .prepare(
          "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
        )
        .all();
      expect(tables.length).toBeGreaterThan(4);
      for (const table of tables) expect(table).toMatchObject({ strict: 1 });
    });
  });

  test('may be opened by several processes at the same moment', async () => {
    const script = `
      const { openStore } = await import('@pawl/session-store');
      for (let n = 0; n < 10; n += 1) openStore({ file: ${JSON.stringify(folder.path('new'))} + n + '/pawl.db' }).close();`;
    const args = ['--conditions=@pawl/source', '--input-type=module', '--eval', script];
    const cwd = new URL('..', import.meta.url).pathname;
    const children = Array.from({ length: 6 }, () => spawn(process.execPath, args, { cwd, stdio: 'inherit' }));
    const codes = await Promise.all(children.map((child) => once(child, 'close')));
    expect(codes.map(([code]) => code)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('holds back the warning that Node 22 prints, and no other', () => {
    const script = `
      const load = process.getBuiltinModule;
      process.getBuiltinModule = (id) => {
        process.emitWarning('SQLite is an experimental feature', 'ExperimentalWarning');
        process.emitWarning(new Error('something else'));
        return load.call(process, id);
      };
      const { openStore } = await import('@pawl/session-store');
      openStore({ file: ${JSON.stringify(folder.path('pawl.db'))} }).close();
      process.emitWarning('SQLite, by somebody else');`;
    const args = ['--conditions=@pawl/source', '--input-type=module', '--eval', script];
    const cwd = new URL('..', import.meta.url).pathname;
    const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stderr).not.toContain('experimental');
    expect(stderr).toContain('something else');
    expect(stderr).toContain('SQLite, by somebody else');
  });
});

describe('a store that cannot be used says why, and stays as it was', () => {
  test('locked', async () => {
    const file = folder.path('pawl.db');
    const store = folder.closing(openStore({ file, busyMs: 50 }));
    await store.runs.append('r1', 0, [started('r1')]);
    await withRaw(file, async (raw) => {
      raw.exec('BEGIN IMMEDIATE');
      const pending = refusal(store.runs.append('r1', 1, [warned('x')]), 'store-locked');
      raw.exec('COMMIT');
      expect((await pending).message).toMatch(/in use by another process.*try again/i);
    });
    expect(await store.runs.append('r1', 1, [warned('x')])).toBe(2);
  });

  test('locked while it is opened', () => {
    const file = folder.path('pawl.db');
    withRaw(file, (raw) => {
      raw.exec('BEGIN EXCLUSIVE; CREATE TABLE t (x)');
      expect(failure(() => openStore({ file, busyMs: 50 })).code).toBe('store-locked');
    });
  });

  test('not a database', () => {
    const file = folder.path('pawl.db');
    const text = 'this is a text file\n'.repeat(100);
    writeFileSync(file, text);
    const error = failure(() => openStore({ file }));
    expect(error.code).toBe('store-corrupt');
    expect(error.message).toContain(file);
    expect(error.cause).toBeInstanceOf(Error);
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('damaged inside', async () => {
    const file = folder.path('pawl.db');
    const store = openStore({ file });
    await store.runs.append('r1', 0, [started('r1')]);
    for (let index = 1; index < 500; index += 1) await store.runs.append('r1', index, [warned('x'.repeat(200))]);
    store.close();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096);
    writeFileSync(file, bytes);
    const work = async () => folder.closing(openStore({ file })).runs.read('r1');
    await refusal(work(), 'store-corrupt');
  });

  test('one damaged event', async () => {
    const file = folder.path('pawl.db');
    const store = folder.closing(openStore({ file }));
    await store.runs.append('r1', 0, [started('r1')]);
    withRaw(file, (raw) => raw.exec('UPDATE events SET event = \'{"type":\''));
    expect((await refusal(store.runs.read('r1'), 'store-corrupt')).message).toContain('Event 1 of run r1');
  });

  test('made by a newer pawl', () => {
    const file = folder.path('pawl.db');
    openStore({ file }).close();
    withRaw(file, (raw) => raw.exec('PRAGMA user_version = 99'));
    const before = readFileSync(file);
    const error = failure(() => openStore({ file }));
    expect(error.code).toBe('store-newer');
    expect(error.message).toMatch(/schema 99.*Upgrade pawl/s);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('an event of a newer pawl', async () => {
    const file = folder.path('pawl.db');
    const store = folder.closing(openStore({ file }));
    await store.runs.append('r1', 0, [started('r1')]);
    withRaw(file, (raw) => raw.exec('UPDATE events SET version = 99'));
    await refusal(store.runs.read('r1'), 'store-newer');
  });

  test.each(['CREATE TABLE theirs (x)', 'PRAGMA application_id = 7', 'PRAGMA user_version = 3'])(
    'a database of another program: %s',
    (sql) => {
      const file = folder.path('pawl.db');
      withRaw(file, (raw) => raw.exec(sql));
      chmodSync(file, 0o644);
      const before = readFileSync(file);
      expect(failure(() => openStore({ file })).code).toBe('store-foreign');
      expect(readFileSync(file).equals(before)).toBe(true);
      expect(mode(file)).toBe('644');
    },
  );

  test('a folder in its place, or a file in the place of its folder', () => {
    mkdirSync(folder.path('pawl.db'));
    expect(failure(() => openStore({ file: folder.path('pawl.db') })).code).toBe('store-unavailable');
    writeFileSync(folder.path('file'), '');
    expect(failure(() => openStore({ file: folder.path('file/pawl.db') })).code).toBe('store-unavailable');
  });

  test('read-only', async () => {
    // Below /tmp itself: another user must be able to get there.
    const open = mkdtempSync(join(tmpdir(), 'pawl-store-open-'));
    try {
      const file = join(open, 'pawl.db');
      const store = openStore({ file });
      await store.runs.append('r1', 0, [started('r1')]);
      store.close();
      chmodSync(file, 0o444);
      chmodSync(open, 0o555);
      const args = ['--conditions=@pawl/source', fixture('open-as-nobody.ts'), file];
      expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('store-read-only');
      expect(mode(file)).toBe('444');
    } finally {
      chmodSync(open, 0o755);
      rmSync(open, { recursive: true });
    }
  });

  test('full', () => {
    withRaw(folder.path('pawl.db'), (raw) => {
      // SQLite's own limit gives the same code as a full disk.
      raw.exec('CREATE TABLE t (x); PRAGMA max_page_count = 2');
      const error = failure(() => {
        try {
          raw.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(100_000));
        } catch (cause) {
          throw toStoreError(cause, '/home/ada/pawl.db');
        }
      });
      expect(error.code).toBe('store-full');
      expect(error.message).toMatch(/pawl\.db cannot grow: the disk is full.*Make room/);
    });
  });
});
