import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { thisHolder } from '@pawl/agent';
import { openStore, type SessionStore } from '@pawl/session-store';
import { expect, onTestFinished, test } from 'vitest';
import { jsonLines, openStage, type Stage, until } from './stage.ts';

const data = (stdout: string) => JSON.parse(stdout);

/** A repository with an agent, and a session of it. */
async function sessionIn(stage: Stage, agent = 'worker', over: object = {}) {
  stage.agents({
    worker: 'echo "in $PAWL_SESSION_ID by $PAWL_SESSION_START with $PAWL_ACCESS: $(cat)"; touch here.txt',
  });
  mkdirSync(stage.home, { recursive: true });
  const store: SessionStore = openStore({ file: join(stage.home, 'pawl.db') });
  onTestFinished(() => store.close());
  const ref = { provider: 'script', id: 'n1', cwd: stage.repository, ...over };
  const { id } = await store.sessions.record({ ref, at: 1000, usage: {}, agent, repository: stage.repository });
  return { store, ref, id, short: id.slice(0, 6) };
}

test('with a prompt it runs one turn in the session, by its agent, and keeps it', async () => {
  const stage = openStage({ env: { PAWL_OWNER: 'ada' } });
  const { store, id, short } = await sessionIn(stage);
  const { code, stdout, stderr } = await stage.call('sessions', 'resume', short, 'and', 'now?');
  expect(code, stderr).toBe(0);
  expect(stdout).toBe('in n1 by resume with edit: and now?\n');
  expect(stderr).toMatch(/completed, .*, unpriced\n$/);
  expect(stage.read('here.txt')).toBe('');
  expect(await store.sessions.get(id)).toMatchObject({ turns: 2, messages: 2, owner: 'ada' });
  const events = await stage.call('sessions', 'resume', short, 'again', '--json', '--access', 'full');
  const types = jsonLines(events.stdout).map(({ type }) => type);
  expect([types[0], types.at(-1)]).toEqual(['turn-start', 'turn-end']);
  expect(events.stdout).toContain('with full');
  expect((await stage.call('sessions', 'messages', short)).stdout).toContain('and now?');
});

test('a turn that fails is exit code 1, with the reason', async () => {
  const stage = openStage();
  const { id } = await sessionIn(stage);
  stage.agents({ worker: 'cat > /dev/null; echo broken >&2; exit 3' });
  const { code, stderr } = await stage.call('sessions', 'resume', id, 'go');
  expect(code).toBe(1);
  expect(stderr).toContain('failed: ');
});

test('one writer: a session that another process works in is refused by name', async () => {
  const stage = openStage();
  const { store, ref, id } = await sessionIn(stage);
  const lease = await store.sessions.acquire(ref, thisHolder(), () => true);
  const refused = await stage.call('sessions', 'resume', id, 'go', '--json');
  expect(refused.code).toBe(2);
  expect(data(refused.stdout).error).toMatchObject({ code: 'session-busy' });
  expect(data((await stage.call('sessions', 'show', id, '--json')).stdout).holder).toMatchObject({ pid: process.pid });
  expect(data((await stage.call('sessions', 'remove', id, '--json')).stdout).error.code).toBe('session-busy');
  await lease.release();
  expect(await stage.call('sessions', 'resume', id, 'go')).toMatchObject({ code: 0 });
});

test('a folder that is gone is named, and another one can be told', async () => {
  const stage = openStage();
  const folder = join(stage.folder, 'lane');
  mkdirSync(folder);
  const { id } = await sessionIn(stage, 'worker', { cwd: folder });
  rmSync(folder, { recursive: true });
  const refused = await stage.call('sessions', 'resume', id, 'go', '--json');
  expect(refused.code).toBe(5);
  expect(data(refused.stdout).error).toMatchObject({ code: 'folder-gone', hint: expect.stringContaining('--cwd') });
  expect((await stage.call('sessions', 'show', id)).stdout).toContain(`${folder} (it is gone)`);
  expect(await stage.call('sessions', 'resume', id, 'go', '--cwd', '.')).toMatchObject({ code: 0 });
});

test.each([
  [['--agent', 'claude'], 2, 'foreign-session'],
  [['--access', 'all'], 2, 'bad-option'],
])('refuses %j by name before anything is run', async (args, code, name) => {
  const stage = openStage();
  const { store, id } = await sessionIn(stage);
  const refused = await stage.call('sessions', 'resume', id, 'go', '--json', ...args);
  expect(refused.code).toBe(code);
  expect(data(refused.stdout).error.code).toBe(name);
  expect(await store.sessions.get(id)).toMatchObject({ turns: 1, messages: 0 });
});

test('of an adapter that is not installed, or an agent without an interface of its own', async () => {
  const stage = openStage();
  const { store, id } = await sessionIn(stage);
  expect(data((await stage.call('sessions', 'resume', id, '--json')).stdout).error.code).toBe('no-interface');
  const ref = { provider: 'nobody', id: 'n2', cwd: stage.repository };
  const other = await store.sessions.record({ ref, at: 1, usage: {} });
  const refused = await stage.call('sessions', 'resume', other.id, 'go', '--json');
  expect(refused.code).toBe(5);
  expect(data(refused.stdout).error.code).toBe('not-installed');
});

test('two processes: the second is refused while the first works, and takes over once that was killed', async () => {
  const stage = openStage();
  const { store, ref, id } = await sessionIn(stage);
  // It works until it is told to stop; the second time it is quick.
  stage.agents({
    worker: `cat > /dev/null; echo "$$" >> ${stage.folder}/pids; [ $(wc -l < ${stage.folder}/pids) = 2 ] || sleep 60`,
  });
  const first = stage.start('sessions', 'resume', id, 'go');
  const pids = join(stage.folder, 'pids');
  await until('the agent', () => existsSync(pids) && readFileSync(pids, 'utf8').includes('\n'));
  const refused = await stage.call('sessions', 'resume', id, 'go', '--json');
  expect(data(refused.stdout).error).toMatchObject({
    code: 'session-busy',
    message: expect.stringContaining(String(first.pid)),
  });
  first.kill('SIGKILL');
  await first.ended;
  expect(await store.sessions.holder(ref)).toMatchObject({ pid: first.pid });
  expect(await stage.call('sessions', 'resume', id, 'go')).toMatchObject({ code: 0 });
  expect(await store.sessions.holder(ref)).toBeUndefined();
});
