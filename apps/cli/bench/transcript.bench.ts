import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '@pawl/session-store';
import { expect, test } from 'vitest';
import { openStage, type Stage } from '../test/stage.ts';

const id = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
const small = '9f0d2f0e-0a3c-4a5e-bd0a-5f2b1d9c3e77';
const bytes = 500_000_000;
const text = 'The till rounds each line, and the sum of the lines is not the rounded sum. '.repeat(25);

/** As Claude Code keeps it: a prompt and an answer, again and again. */
function transcript(stage: Stage, id: string, atLeast: number): void {
  const folder = join(stage.folder, 'user-home/.claude/projects', stage.repository.replace(/[^A-Za-z0-9]/g, '-'));
  mkdirSync(folder, { recursive: true });
  const common = { timestamp: '2026-11-20T10:00:00Z', sessionId: id, cwd: stage.repository };
  const line = (type: string, content: unknown) =>
    `${JSON.stringify({ type, message: { role: type, content }, ...common })}\n`;
  const piece = (line('user', text) + line('assistant', [{ type: 'text', text }])).repeat(250);
  const into = openSync(join(folder, `${id}.jsonl`), 'w');
  for (let written = 0; written < atLeast; ) written += writeSync(into, piece);
  closeSync(into);
}

/** Our own copy, as long; written behind the store's back, for what matters is how it is read. */
async function copy(stage: Stage): Promise<string> {
  mkdirSync(stage.home, { recursive: true });
  const file = join(stage.home, 'pawl.db');
  const store = openStore({ file });
  const session = await store.sessions.begin({ ref: { provider: 'codex', id: 'n1', cwd: stage.repository }, at: 1 });
  await store.close();
  const count = Math.ceil(bytes / text.length);
  const raw = new DatabaseSync(file);
  raw.exec(`PRAGMA synchronous = OFF;
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
      INSERT INTO session_messages (session, seq, at, role, type, text, body, left_out)
      SELECT '${session.id}', n, n, 'assistant', 'text', '${text}', NULL, 0 FROM numbers;
    UPDATE sessions SET messages = ${count}, last_message = ${count}`);
  raw.close();
  return session.id;
}

test('a page of a transcript of 500 MB', { timeout: 600_000 }, async () => {
  const stage = openStage();
  transcript(stage, small, 1);
  transcript(stage, id, bytes);
  const ours = await copy(stage);
  /** Milliseconds of the processor: those of the clock are the machine's. */
  const page = async (what: string, ...args: string[]): Promise<number> => {
    const [from, began] = [performance.now(), process.cpuUsage()];
    const { stdout } = await stage.call('sessions', 'messages', ...args, '--json', '--limit', '50');
    const ms = Math.round(performance.now() - from);
    const { user, system } = process.cpuUsage(began);
    const cpu = Math.round((user + system) / 1000);
    expect(stdout.trimEnd().split('\n')).toHaveLength(50);
    console.log(`${what.padEnd(48)} ${`${ms} ms`.padStart(8)}, of them at work ${`${cpu} ms`.padStart(8)}`);
    return cpu;
  };
  // All that the command loads is loaded once.
  await page('the agent’s own transcript of a megabyte', small);
  const figures = [
    await page('the agent’s own, the first time that it is named', id),
    await page('the agent’s own, first page', id),
    await page('our copy, first page', ours),
    await page('our copy, last page', ours, '--after', String(Math.ceil(bytes / text.length) - 50)),
  ];
  await page('the agent’s own, a page at its end', id, '--after', '200000');
  for (const cpu of figures) expect(cpu).toBeLessThan(1_000);
});
