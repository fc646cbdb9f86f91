import { StoreError } from './errors.ts';
import type { MessagePage } from './session-contract.ts';
import type { Value } from './sqlite.ts';

/** A WHERE clause that grows by what the filter names. Column names are ours, values are bound. */
export class Where {
  readonly #conditions: string[] = [];
  readonly #values: Value[] = [];

  get sql(): string {
    return this.#conditions.length === 0 ? '' : `WHERE ${this.#conditions.join(' AND ')}`;
  }

  get values(): readonly Value[] {
    return this.#values;
  }

  add(condition: string, ...values: readonly Value[]): void {
    this.#conditions.push(condition);
    this.#values.push(...values);
  }

  equal(column: string, value: string | undefined): void {
    if (value !== undefined) this.add(`${column} = ?`, value);
  }

  /** From `since` on, and before `until`. */
  within(column: string, { since, until }: { readonly since?: number; readonly until?: number }): void {
    if (since !== undefined) this.add(`${column} >= ?`, since);
    if (until !== undefined) this.add(`${column} < ?`, until);
  }

  among(column: string, values: readonly string[]): void {
    this.add(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(values));
  }
}

export function pageLimit(limit = 50): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= 1000) return limit;
  throw new StoreError({ code: 'bad-request', message: `A page has 1 to 1000 entries, not ${limit}.` });
}

export function checkPage(page: MessagePage): Required<MessagePage> {
  const { limit = Number.MAX_SAFE_INTEGER, offset = 0, after = 0 } = page;
  for (const figure of [limit, offset, after])
    if (!Number.isSafeInteger(figure) || figure < 0)
      throw new StoreError({ code: 'bad-request', message: `A page has whole numbers from 0 on, not ${figure}.` });
  return { limit, offset, after };
}

export function noSuchSession(id: string): StoreError {
  return new StoreError({
    code: 'no-such-session',
    message: `There is no session ${id}. "pawl sessions list" shows those there are; a short id is looked up with find.`,
  });
}

/** The first text behind all that begin with `prefix`, in SQLite's order of bytes. */
export function prefixEnd(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
