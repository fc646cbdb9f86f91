import { StoreError } from '@pawl/session-store';
import type { Database, Queries } from './database.ts';
import { migrations } from './migrations.ts';

/** Several processes may come at once: one migrates, the others wait for it and find nothing left to do. */
export async function migrate(database: Database): Promise<void> {
  const { schema } = database;
  if ((await database.use((queries) => versionOf(queries, schema))) === migrations.length) return;
  await database.transact(async (queries) => {
    await queries.get('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', `pawl schema ${schema}`);
    const version = await versionOf(queries, schema);
    for (const script of version === 0 ? [`CREATE SCHEMA IF NOT EXISTS ${schema}`] : []) await queries.run(script);
    for (const script of migrations.slice(version))
      for (const statement of script.split(';\n').filter((text) => text.trim() !== '')) await queries.run(statement);
    await queries.run('DELETE FROM pawl_schema');
    await queries.run('INSERT INTO pawl_schema (version) VALUES ($1)', migrations.length);
  });
}

/** 0: nothing there yet. Before anything is written: is it ours, and can we read it? */
async function versionOf(queries: Queries, schema: string): Promise<number> {
  const tables = await queries.all(
    `SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = $1 AND relkind IN ('r', 'p', 'v')`,
    schema,
  );
  if (tables.length === 0) return 0;
  if (!tables.some(({ relname }) => relname === 'pawl_schema'))
    throw new StoreError({
      code: 'store-foreign',
      message: `The schema ${schema} holds tables of another program. Nothing was changed. Name another schema.`,
    });
  const version = Number((await queries.get('SELECT version FROM pawl_schema'))?.version);
  if (version > migrations.length)
    throw new StoreError({
      code: 'store-newer',
      message: `The store in the schema ${schema} was made by a newer pawl (schema ${version}; this one knows ${migrations.length}). Nothing was changed. Upgrade pawl, or name another schema.`,
    });
  return version;
}
