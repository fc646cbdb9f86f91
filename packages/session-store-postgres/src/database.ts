import { StoreError } from '@pawl/session-store';
import type { Row } from '@pawl/session-store/adapter';
import postgres from 'postgres';
import type { PostgresStoreOptions } from './open.ts';
import { toStoreError } from './postgres-errors.ts';

export type Value = string | number | null;

/** Statements in one connection. Values are $1, $2, … and always bound. */
export interface Queries {
  all(text: string, ...values: readonly Value[]): Promise<readonly Row[]>;
  get(text: string, ...values: readonly Value[]): Promise<Row | undefined>;
  /** How many rows were changed. */
  run(text: string, ...values: readonly Value[]): Promise<number>;
}

/** Everything that touches PostgreSQL goes through `use` and `transact`. */
export class Database {
  readonly schema: string;
  readonly #sql: postgres.Sql;
  readonly #place: string;
  #closed = false;

  constructor({ url, schema = 'pawl', connections = 4, connectMs = 10_000, busyMs = 5000 }: PostgresStoreOptions) {
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
      throw new StoreError({
        code: 'bad-request',
        message: `"${schema.slice(0, 100)}" is no name for a schema: 1 to 63 small letters, digits and underscores.`,
      });
    this.schema = schema;
    const options: postgres.Options<Record<string, postgres.PostgresType>> = {
      max: connections,
      connect_timeout: Math.ceil(connectMs / 1000),
      connection: { search_path: schema, application_name: 'pawl', lock_timeout: busyMs },
      // Times and figures are well within a double.
      types: { number: { to: 20, from: [20], serialize: String, parse: Number } },
      fetch_types: false,
      onnotice: () => undefined,
    };
    try {
      this.#sql = url === undefined ? postgres(options) : postgres(url, options);
    } catch (cause) {
      // What is wrong with an address may be its password: it is not repeated.
      const message = 'The address of the store is none. It looks like postgres://user:password@host:port/database.';
      throw new StoreError({ code: 'bad-request', message }, { cause });
    }
    const { host, port, database } = this.#sql.options;
    this.#place = `PostgreSQL at ${host.join()}:${port.join()}, database ${database}, schema ${schema}`;
  }

  use<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#told(() => work(queriesOf(this.#sql)));
  }

  /** All or nothing. */
  transact<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#told(async () => {
      let result: { readonly value: T } | undefined;
      await this.#sql.begin(async (transaction) => {
        result = { value: await work(queriesOf(transaction)) };
      });
      if (!result) throw new Error('a transaction was committed before its work was done');
      return result.value;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#sql.end({ timeout: 5 });
  }

  async #told<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closed)
      throw new StoreError({
        code: 'store-closed',
        message: 'The store was closed. Open it again with openPostgresStore.',
      });
    try {
      return await work();
    } catch (cause) {
      throw toStoreError(cause, this.#place);
    }
  }
}

function queriesOf(sql: postgres.Sql | postgres.TransactionSql): Queries {
  const query = (text: string, values: readonly Value[]) => sql.unsafe(text, [...values], { prepare: true });
  return {
    all: async (text, ...values) => query(text, values),
    get: async (text, ...values) => (await query(text, values))[0],
    run: async (text, ...values) => (await query(text, values)).count,
  };
}
