import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '@pawl/session-store';
import { expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

const file = (stage: Stage): string => join(stage.home, 'pawl.db');

/** A store with one session, closed again. */
async function stored(stage: Stage): Promise<string> {
  mkdirSync(stage.home, { recursive: true });
  const store = openStore({ file: file(stage) });
  const ref = { provider: 'script', id: 'n1', cwd: stage.repository };
  const { id } = await store.sessions.record({ ref, at: 1, usage: {}, title: 'first' });
  await store.close();
  return id;
}

function spoil(stage: Stage, sql: string): void {
  const database = new DatabaseSync(file(stage));
  database.exec(sql);
  database.close();
}

const commands = (id: string): readonly (readonly string[])[] => [
  ['list', '--everywhere'],
  ['show', id],
  ['messages', id],
  ['search', 'first'],
  ['rename', id, 'second'],
  ['tag', id, 'a'],
  ['archive', id],
  ['remove', id],
  ['resume', id, 'go on'],
];

test.each([
  ['damaged', 'store-corrupt', (stage: Stage) => writeFileSync(file(stage), 'SQLite format 3\0'.padEnd(4096, 'x'))],
  ['no database', 'store-corrupt', (stage: Stage) => writeFileSync(file(stage), 'a letter to Ada\n'.repeat(99))],
  ['of a newer pawl', 'store-newer', (stage: Stage) => spoil(stage, 'PRAGMA user_version = 9999')],
  ['of another program', 'store-foreign', (stage: Stage) => spoil(stage, 'PRAGMA application_id = 7')],
] as const)('a store that is %s: every command says so by name and overwrites nothing', async (_, code, break_) => {
  const stage = openStage();
  const id = await stored(stage);
  break_(stage);
  const before = readFileSync(file(stage));
  for (const words of commands(id)) {
    const ended = await stage.call('sessions', ...words, '--json');
    expect(ended.code, words.join(' ')).toBe(5);
    expect(JSON.parse(ended.stdout).error.code, words.join(' ')).toBe(code);
    expect(ended.stderr).toContain(file(stage));
  }
  expect(readFileSync(file(stage)).equals(before)).toBe(true);
});

test('a store that another process has locked: reading goes on, a change is refused by name after five seconds', async () => {
  const stage = openStage();
  const id = await stored(stage);
  const other = new DatabaseSync(file(stage));
  try {
    other.exec('BEGIN IMMEDIATE');
    expect((await stage.call('sessions', 'list', '--everywhere')).stdout).toContain('first');
    const ended = await stage.call('sessions', 'rename', id, 'second', '--json');
    expect(ended.code).toBe(5);
    expect(JSON.parse(ended.stdout).error.code).toBe('store-locked');
  } finally {
    other.close();
  }
  expect((await stage.call('sessions', 'show', id)).stdout).toContain('first');
});
