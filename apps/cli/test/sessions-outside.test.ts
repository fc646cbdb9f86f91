import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, type SessionStore } from '@pawl/session-store';
import { expect, onTestFinished, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

const ids = ['0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11', '9f0d2f0e-0a3c-4a5e-bd0a-5f2b1d9c3e77'] as const;
const data = (stdout: string) => JSON.parse(stdout);

function storeOf(stage: Stage): SessionStore {
  mkdirSync(stage.home, { recursive: true });
  const store = openStore({ file: join(stage.home, 'pawl.db') });
  onTestFinished(() => store.close());
  return store;
}

/** Where Claude Code keeps a session of the repository; written as it does. */
function transcript(stage: Stage, id: string, prompt: string, at: string): string {
  const folder = join(stage.folder, 'user-home/.claude/projects', stage.repository.replace(/[^A-Za-z0-9]/g, '-'));
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${id}.jsonl`);
  const line = { type: 'user', message: { content: prompt }, timestamp: at, sessionId: id, cwd: stage.repository };
  writeFileSync(path, `${JSON.stringify(line)}\n`);
  return path;
}

test('sessions made outside pawl are listed with --all, and taken into the catalogue when they are named', async () => {
  const stage = openStage({ env: { COLUMNS: '120' } });
  const path = transcript(stage, ids[0], 'Fix the till', '2026-11-20T10:00:00Z');
  transcript(stage, ids[1], 'Paint it', '2026-11-21T10:00:00Z');
  expect((await stage.call('sessions')).stdout).toBe('');
  const listed = await stage.call('sessions', '--all');
  expect(listed.stdout.split('\n')).toEqual([
    `${ids[1]}  2026-11-21 10:00  claude  outside    Paint it`,
    `${ids[0]}  2026-11-20 10:00  claude  outside    Fix the till`,
    '',
  ]);
  const outside = async (...args: string[]) =>
    data((await stage.call('sessions', '--all', '--json', ...args)).stdout).outside.map(
      ({ short }: { short: string }) => short,
    );
  expect(await outside('--text', 'till')).toEqual([ids[0]]);
  expect(await outside('--since', '2026-11-21')).toEqual([ids[1]]);
  expect(await outside('--tag', 'x')).toEqual([]);
  expect(await outside('--agent', 'script')).toEqual([]);

  const renamed = await stage.call('sessions', 'rename', ids[0].slice(0, 8), 'The till');
  expect(renamed).toMatchObject({ code: 0, stderr: expect.stringContaining('also where its agent keeps it') });
  expect(await stage.call('sessions', 'tag', ids[0], 'a', 'b')).toMatchObject({ code: 0 });
  expect(
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { type: 'custom-title', customTitle: 'The till', sessionId: ids[0] },
    { type: 'tag', tag: 'a, b', sessionId: ids[0] },
  ]);
  expect((await stage.call('sessions')).stdout).toMatch(
    /^[0-9a-f]{6} {2}2026-11-20 10:00 {2}claude {2}0 turns .*The till #a #b/,
  );
  expect(await outside()).toEqual([ids[1]]);
});

test('two that begin alike are told apart; a word that is none is refused', async () => {
  const stage = openStage();
  transcript(stage, ids[0], 'one', '2026-11-20T10:00:00Z');
  transcript(stage, `${ids[0].slice(0, -1)}2`, 'two', '2026-11-20T10:00:00Z');
  const refused = await stage.call('sessions', 'show', ids[0].slice(0, 8), '--json');
  expect(data(refused.stdout).error).toMatchObject({ code: 'ambiguous-session', candidates: { length: 2 } });
  expect(await stage.call('sessions', 'show', 'nothing')).toMatchObject({ code: 2 });
});

test('warns before the agent deletes its transcript; what it has deleted cannot go on, and is named', async () => {
  const stage = openStage();
  const path = transcript(stage, ids[0], 'Fix the till', '2026-11-20T10:00:00Z');
  const { sessions } = storeOf(stage);
  const ref = { provider: 'claude', id: ids[0], cwd: stage.repository };
  const facts = { ref, repository: stage.repository, transcript: path };
  const { id } = await sessions.begin({ ...facts, at: Date.now() - 25 * 86_400_000 });
  const short = id.slice(0, 6);
  expect((await stage.call('sessions')).stderr).toContain(`deletes its transcripts of ${short}`);
  const settings = join(stage.folder, 'user-home/.claude/settings.json');
  writeFileSync(settings, '{ "cleanupPeriodDays": 365 }');
  expect((await stage.call('sessions')).stderr).toBe('');
  expect((await stage.call('sessions', 'show', id)).stdout).toMatch(/ {2}deleted {5}by its agent, from \d{4}-/);
  expect((await stage.call('sessions', 'resume', id)).stdout).toBe(
    `cd ${stage.repository} && claude --resume ${ids[0]}\n`,
  );
  rmSync(path);
  expect((await stage.call('sessions')).stderr).toBe('');
  const refused = await stage.call('sessions', 'resume', id, 'go on', '--json');
  expect(refused.code).toBe(5);
  expect(data(refused.stdout).error).toMatchObject({ code: 'transcript-gone', hint: expect.stringContaining(short) });
  const renamed = await stage.call('sessions', 'rename', id, 'Gone');
  expect(renamed).toMatchObject({ code: 0, stderr: expect.stringContaining('note: not where its agent keeps it') });
  expect(await sessions.get(id)).toMatchObject({ title: 'Gone' });
});

test('what was said outside pawl is copied when it is taken in, so that it is found and outlives the transcript', async () => {
  const stage = openStage();
  const path = transcript(stage, ids[0], 'Which currencies?', '2026-11-20T10:00:00Z');
  writeFileSync(path, '{"type":"assistant","half', { flag: 'a' });
  expect((await stage.call('sessions', 'messages', ids[0])).stdout).toContain('Which currencies?');
  rmSync(path);
  expect((await stage.call('sessions', 'search', 'currenc')).stdout).toContain('user at 1: Which currencies?');
});

test('a transcript of 500 MB is read where it is, page by page, without the rest', async () => {
  const stage = openStage();
  const path = transcript(stage, ids[0], 'x'.repeat(10_000), '2026-11-20T10:00:00Z');
  writeFileSync(path, readFileSync(path, 'utf8').repeat(1000));
  // The rest is one hole, longer than any line may be: whoever read on would be refused.
  truncateSync(path, 500 * 1024 * 1024);
  const numbers = async (...args: string[]) =>
    (await stage.call('sessions', 'messages', ids[0], '--json', '--limit', '3', ...args)).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).seq);
  expect(await numbers()).toEqual([1, 2, 3]);
  expect(await numbers('--after', '500', '--offset', '1')).toEqual([502, 503, 504]);
});
