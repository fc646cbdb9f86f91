import type { Value } from './database.ts';

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

  /** The name of one more value: `$3`. */
  bind(value: Value): string {
    this.#values.push(value);
    return `$${this.#values.length}`;
  }

  add(condition: string): void {
    this.#conditions.push(condition);
  }

  equal(column: string, value: string | undefined): void {
    if (value !== undefined) this.add(`${column} = ${this.bind(value)}`);
  }

  /** From `since` on, and before `until`. */
  within(column: string, { since, until }: { readonly since?: number; readonly until?: number }): void {
    if (since !== undefined) this.add(`${column} >= ${this.bind(since)}`);
    if (until !== undefined) this.add(`${column} < ${this.bind(until)}`);
  }

  among(column: string, values: readonly string[]): void {
    this.add(`${column} IN (${inJson(this.bind(JSON.stringify(values)))})`);
  }
}

/** A list as one value: the client would send an array in a form that has to be looked up first. */
export function inJson(value: string): string {
  return `SELECT * FROM json_array_elements_text(${value}::text::json)`;
}
