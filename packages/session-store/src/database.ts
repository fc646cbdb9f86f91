import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from './errors.ts';
import { migrations } from './migrations.ts';
import { loadSqlite, Statements } from './sqlite.ts';
import { storeError, toStoreError } from './sqlite-errors.ts';
import { titleWords } from './titles.ts';

/** `pawl` in ASCII: tells our files from those of other programs. */
const applicationId = 0x7061776c;

/** The file, open and up to date. Everything that touches SQLite goes through `use` and `transact`. */
export class Database {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #statements: Statements;

  constructor(file: string, busyMs: number) {
    const inMemory = file === ':memory:';
    this.#file = inMemory ? file : resolve(file);
    const { DatabaseSync } = loadSqlite();
    try {
      if (!inMemory) prepareFile(this.#file);
      this.#database = new DatabaseSync(this.#file, { timeout: busyMs, enableForeignKeyConstraints: true });
    } catch (cause) {
      throw toStoreError(cause, this.#file);
    }
    this.#statements = new Statements(this.#database);
    try {
      this.#check();
      if (!inMemory) this.#configure(busyMs);
      this.#migrate();
    } catch (cause) {
      this.#database.close();
      throw toStoreError(cause, this.#file);
    }
  }

  /** Reads, or one statement that writes. */
  async use<T>(work: (statements: Statements) => T): Promise<T> {
    if (!this.#database.isOpen)
      throw new StoreError({ code: 'store-closed', message: 'The store was closed. Open it again with openStore.' });
    try {
      return work(this.#statements);
    } catch (cause) {
      throw toStoreError(cause, this.#file);
    }
  }

  /** All or nothing. IMMEDIATE: the write lock is waited for at the start, where waiting is possible. */
  transact<T>(work: (statements: Statements) => T): Promise<T> {
    return this.use(() => this.#transaction(() => work(this.#statements)));
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (cause) {
      // A full disk or an I/O error has rolled back already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw cause;
    }
  }

  /** Before anything is written: is it ours, and can we read it? */
  #check(): void {
    // One moment for all three: between two of them another process may make a new file ours.
    const { version, id, tables } = this.#database
      .prepare(
        `SELECT (SELECT user_version FROM pragma_user_version) AS version,
           (SELECT application_id FROM pragma_application_id) AS id, (SELECT count(*) FROM sqlite_schema) AS tables`,
      )
      .get() as { version: number; id: number; tables: number };
    if (id !== applicationId && (tables > 0 || version !== 0 || id !== 0))
      throw new StoreError({
        code: 'store-foreign',
        message: `${this.#file} is a database of another program. Nothing was changed. Name another file, or set PAWL_HOME to another folder.`,
      });
    if (version > migrations.length)
      throw new StoreError({
        code: 'store-newer',
        message: `The store ${this.#file} was made by a newer pawl (schema ${version}; this one knows ${migrations.length}). Nothing was changed. Upgrade pawl, or set PAWL_HOME to another folder.`,
      });
  }

  #configure(busyMs: number): void {
    // SQLite gives its -wal and -shm files the mode of the database.
    chmodSync(this.#file, 0o600);
    const deadline = Date.now() + busyMs;
    while (!this.#switchToWal()) {
      // SQLite does not wait by itself when two processes switch a new file at once.
      if (Date.now() >= deadline) throw storeError('store-locked', this.#file);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
    this.#database.exec('PRAGMA synchronous = NORMAL');
  }

  /** False: another process is in the way just now. */
  #switchToWal(): boolean {
    let mode: unknown;
    try {
      mode = this.#database.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode;
    } catch (cause) {
      const error = toStoreError(cause, this.#file);
      if (StoreError.is(error) && error.code === 'store-locked') return false;
      throw cause;
    }
    if (mode === 'wal') return true;
    throw storeError('store-unavailable', this.#file, new Error('its file system cannot do write-ahead logging'));
  }

  #migrate(): void {
    if (this.#version() === migrations.length) return;
    this.#database.function('pawl_words', { deterministic: true }, (title) => titleWords(String(title)));
    this.#transaction(() => {
      // Asked again: another process may have migrated while this one waited.
      for (const script of migrations.slice(this.#version())) this.#database.exec(script);
      this.#database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`);
    });
  }

  #version(): number {
    return Number(this.#database.prepare('PRAGMA user_version').get()?.user_version);
  }
}

/** A new file is ours alone from its first byte. */
function prepareFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}
