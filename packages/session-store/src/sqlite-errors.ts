import { StoreError, type StoreErrorCode } from './errors.ts';

/** SQLite's primary result codes (https://sqlite.org/rescode.html), the low byte of `errcode`. */
const codes: Readonly<Record<number, StoreErrorCode>> = {
  3: 'store-unavailable', // PERM
  5: 'store-locked', // BUSY
  6: 'store-locked', // LOCKED
  8: 'store-read-only', // READONLY
  10: 'store-unavailable', // IOERR
  11: 'store-corrupt', // CORRUPT
  13: 'store-full', // FULL
  14: 'store-unavailable', // CANTOPEN
  18: 'bad-request', // TOOBIG
  19: 'bad-request', // CONSTRAINT: what is there is checked before, so that only a value of a wrong type is left
  23: 'store-unavailable', // AUTH
  26: 'store-corrupt', // NOTADB
};
/** The file was moved or deleted below an open database. */
const moved = 1032;

const advice: Partial<Record<StoreErrorCode, string>> = {
  'store-locked':
    'is in use by another process that does not let go. Wait until that pawl is done, or end it, then try again',
  'store-read-only':
    'cannot be written. Give yourself write access to the file and its folder, or set PAWL_HOME to another folder',
  'store-corrupt':
    'is damaged or not a database. Nothing was changed. Move it and its -wal and -shm files aside (pawl makes a new one), or put a backup in its place',
  'store-full': 'cannot grow: the disk is full. Nothing stored was lost. Make room and try again',
  'store-unavailable':
    'cannot be reached. Check that its folder exists, that you may use it and that the disk is there',
  'bad-request':
    'does not take a value of that type or size. Numbers are integers (milliseconds, tokens); large texts go into files',
};

/** A thrown value of node:sqlite or node:fs as a StoreError; everything else as it is. */
export function toStoreError(cause: unknown, file: string): unknown {
  if (StoreError.is(cause) || !(cause instanceof Error)) return cause;
  const code = fromSqlite(cause) ?? fromSystem(cause);
  return code ? storeError(code, file, cause) : cause;
}

export function storeError(code: StoreErrorCode, file: string, cause?: unknown): StoreError {
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  return new StoreError({ code, message: `The store ${file} ${advice[code] ?? code}${why}.` }, { cause });
}

function fromSqlite(error: Error): StoreErrorCode | undefined {
  if (!('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode === moved ? 'store-unavailable' : codes[error.errcode & 0xff];
}

function fromSystem(error: Error): StoreErrorCode | undefined {
  if (!('syscall' in error) || !('code' in error)) return undefined;
  if (error.code === 'EROFS' || error.code === 'EACCES' || error.code === 'EPERM') return 'store-read-only';
  return error.code === 'ENOSPC' || error.code === 'EDQUOT' ? 'store-full' : 'store-unavailable';
}
