import { openStore } from '@pawl/session-store';
import { expect, test } from 'vitest';
import { useFolder } from './fixtures/folder.ts';
import { withRaw } from './fixtures/raw.ts';

const folder = useFolder();
const megabyte = 1024 * 1024;

test('a transcript of 200 MB: the first page at once, the last too, and all of it in little memory', async () => {
  const file = folder.path('pawl.db');
  const store = folder.closing(openStore({ file }));
  const { id } = await store.sessions.begin({ ref: { provider: 'claude', id: 'n1', cwd: '/work' }, at: 1 });
  // Behind the store's back: what matters is how it reads.
  withRaw(file, (raw) =>
    raw.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 20000)
        INSERT INTO session_messages (session, seq, at, role, type, text, body, left_out)
        SELECT '${id}', n, n, 'assistant', 'reasoning', printf('%.*c', 10485, 'x'), NULL, 0 FROM numbers;
      UPDATE sessions SET messages = 20000, last_message = 20000`),
  );
  for (const offset of [0, 19_990]) {
    const page: number[] = [];
    for await (const { seq } of store.sessions.messages(id, { offset, limit: 10 })) page.push(seq);
    expect(page).toEqual(Array.from({ length: 10 }, (_, index) => offset + index + 1));
  }
  let seen = 0;
  let most = 0;
  const before = process.memoryUsage().heapUsed;
  for await (const { seq } of store.sessions.messages(id)) {
    seen += 1;
    if (seq % 500 === 0) most = Math.max(most, process.memoryUsage().heapUsed - before);
  }
  expect(seen).toBe(20_000);
  expect(most).toBeLessThan(100 * megabyte);
});
