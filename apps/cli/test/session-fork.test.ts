import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { messagesOf, openConversation, sayMore, transcriptsOf, withStore } from './conversation.ts';
import { contentOf, openStage } from './stage.ts';

const shown = (text: string) =>
  JSON.parse(text) as { session: { id: string; ref: { id: string; cwd: string } }; worktree: string; branch: string };

describe('sessions fork', () => {
  test('is a new session in a new worktree with the files of now; the original and its worktree stay', async () => {
    const stage = openStage();
    const { id, native, worktree } = await openConversation(stage);
    const before = [contentOf(worktree), transcriptsOf(stage).get(native), await messagesOf(stage, id)];
    const { code, stdout, stderr } = await stage.call('sessions', 'fork', id, '--title', 'Another way', '--json');
    expect(code, stderr).toBe(0);
    const { session, worktree: place, branch } = shown(stdout);
    expect(contentOf(place, /^\.git$/)).toEqual({ ...contentOf(worktree, /^\.git$/) });
    expect(place.startsWith(stage.repository)).toBe(false);
    expect(stage.git('rev-parse', branch)).toBe(stage.git('rev-parse', 'main'));
    expect(stage.git('-C', place, 'status', '--porcelain')).toBe('A  later.txt\nA  till.txt');
    expect(session).toMatchObject({ title: 'Another way', messages: 4, parent: { id }, ref: { cwd: place } });
    const entries = transcriptsOf(stage).get(session.ref.id);
    expect(entries).toHaveLength(4);
    expect(entries?.every((entry) => entry.sessionId === session.ref.id && entry.cwd === place)).toBe(true);
    expect([contentOf(worktree), transcriptsOf(stage).get(native), await messagesOf(stage, id)]).toEqual(before);
    // A fork can be forked: it has the checkpoints of its past.
    expect((await stage.call('sessions', 'fork', session.id)).code).toBe(0);
    // What is collected is no session's home.
    expect((await stage.call('gc')).code).toBe(0);
    expect(existsSync(place)).toBe(true);
  });

  test('at a message has what was said and the files up to there; it says where, and how to go on', async () => {
    const stage = openStage();
    const { id, ends } = await openConversation(stage);
    const { code, stderr } = await stage.call('sessions', 'fork', id, '--at', ends[0]);
    expect(code, stderr).toBe(0);
    const [, short = '', place = ''] =
      /^session (\w+) is a fork of \w+, behind message \S+\n {2}its files are in (\S+), on branch \S+\n\n {2}pawl sessions resume \w+ 'what to do next'\n$/.exec(
        stderr,
      ) ?? [];
    expect(contentOf(place, /^\.git$/)).toMatchObject({ 'till.txt': 'turn 1\n' });
    expect(existsSync(join(place, 'later.txt'))).toBe(false);
    const record = await withStore(stage, async ({ sessions }) => (await sessions.find(short))[0]);
    expect(record).toMatchObject({ messages: 2, parent: { id, at: ends[0] }, title: 'The till (fork)' });
    expect(
      transcriptsOf(stage)
        .get(record?.ref.id ?? '')
        ?.at(-1),
    ).toMatchObject({ uuid: ends[0] });
    // By its number, and by the beginning of its id.
    expect((await stage.call('sessions', 'fork', id, '--at', '2')).code).toBe(0);
    expect((await stage.call('sessions', 'fork', id, '--at', ends[1].slice(0, 8))).code).toBe(0);
  });

  test('at any message whose files are known; where they are not, those beside it are named', async () => {
    const stage = openStage();
    const conversation = await openConversation(stage);
    const { id } = conversation;
    const said = await sayMore(stage, conversation);
    const refused = async (at: string) =>
      JSON.parse((await stage.call('sessions', 'fork', id, '--at', at, '--json')).stdout).error;
    const [, end] = conversation.ends;
    expect(await refused(said.prompt)).toMatchObject({ code: 'files-unknown', messages: [end, said.written] });
    // One of two calls side by side has ended.
    expect(await refused('9')).toMatchObject({ code: 'files-unknown', messages: [end, said.written] });
    expect(await refused('no-such')).toMatchObject({
      code: 'unknown-message',
      messages: [said.end, end, expect.anything()],
    });
    // By the id that only the agent's transcript has, and by its number here.
    for (const at of [said.written, '10']) {
      const { code, stdout, stderr } = await stage.call('sessions', 'fork', id, '--at', at, '--json');
      expect(code, stderr).toBe(0);
      const { session, worktree } = shown(stdout);
      expect(contentOf(worktree, /^\.git$/)).toMatchObject({ 'till.txt': 'turn 3\n' });
      expect(transcriptsOf(stage).get(session.ref.id)?.at(-1)).toMatchObject({ uuid: said.written });
      const kept = await messagesOf(stage, session.id);
      expect([kept.length, kept.at(-1)?.id]).toEqual([10, said.written]);
      // The fork can be forked at the same place.
      expect((await stage.call('sessions', 'fork', session.id, '--at', said.written)).code).toBe(0);
    }
  });

  test('of a session that worked outside of pawl’s worktrees takes the files as they are now', async () => {
    const stage = openStage();
    const { id, native, worktree } = await openConversation(stage);
    const ref = { provider: 'claude', id: native, cwd: stage.repository };
    await withStore(stage, ({ sessions }) => sessions.record({ ref, at: Date.now(), usage: {}, messageId: 'later' }));
    stage.write({ 'own.txt': 'mine\n' });
    const before = contentOf(stage.repository, /^\.git/);
    const { code, stdout, stderr } = await stage.call('sessions', 'fork', id, '--json');
    expect(code, stderr).toBe(0);
    expect(contentOf(shown(stdout).worktree, /^\.git$/)).toMatchObject({ 'own.txt': 'mine\n' });
    expect(contentOf(stage.repository, /^\.git/)).toEqual(before);
    expect(existsSync(join(worktree, 'own.txt'))).toBe(false);
  });

  test('a session that was made outside of pawl is forked with the files of its checkout, and exported', async () => {
    const stage = openStage();
    const native = '11111111-2222-4333-8444-555555555555';
    const project = join(stage.env.HOME ?? '', '.claude/projects', stage.repository.replace(/[^A-Za-z0-9]/g, '-'));
    mkdirSync(project, { recursive: true });
    const entry = { sessionId: native, cwd: stage.repository, timestamp: '2026-11-20T10:00:00Z' };
    const said = { ...entry, uuid: 'u1', type: 'user', message: { role: 'user', content: 'Build a till.' } };
    writeFileSync(join(project, `${native}.jsonl`), `${JSON.stringify(said)}\n`);
    stage.write({ 'till.txt': 'half done\n' });
    const { code, stdout, stderr } = await stage.call('sessions', 'fork', native, '--json');
    expect(code, stderr).toBe(0);
    expect(contentOf(shown(stdout).worktree, /^\.git$/)).toMatchObject({ 'till.txt': 'half done\n' });
    expect(transcriptsOf(stage).get(shown(stdout).session.ref.id)).toHaveLength(1);
    const file = join(stage.folder, 'outside.pawl');
    const exported = await stage.call('sessions', 'export', native, '-o', file);
    expect(exported.code, exported.stderr).toBe(0);
    expect(existsSync(file)).toBe(true);
  });

  test('what cannot be forked is refused by name, and nothing is left behind', async () => {
    const stage = openStage();
    const { id, native, worktree } = await openConversation(stage);
    const script = { provider: 'script', id: 's1', cwd: worktree };
    const other = await withStore(stage, ({ sessions }) => sessions.begin({ ref: script, at: 1 }));
    const before = stage.git('for-each-ref');
    const refused = async (...args: string[]) =>
      JSON.parse((await stage.call('sessions', ...args, '--json')).stdout).error;
    expect(await refused('fork', other.id)).toMatchObject({
      code: 'unsupported',
      agents: expect.arrayContaining(['Claude Code']),
    });
    expect(await refused('fork', id, '--at', 'nowhere')).toMatchObject({ code: 'unknown-message' });
    expect(await refused('fork', 'nobody')).toMatchObject({ code: 'unknown-session' });
    const [file = ''] = [...transcriptsOf(stage).keys()].filter((name) => name === native);
    const project = join(stage.env.HOME ?? '', '.claude/projects', worktree.replace(/[^A-Za-z0-9]/g, '-'));
    writeFileSync(
      join(project, `${file}.jsonl`),
      readFileSync(join(project, `${file}.jsonl`), 'utf8').split('\n')[0] ?? '',
    );
    expect(await refused('fork', id, '--at', '2')).toMatchObject({ code: 'session-not-found' });
    expect(stage.git('for-each-ref', 'refs/heads')).toBe(
      before
        .split('\n')
        .filter((line) => line.includes('refs/heads'))
        .join('\n'),
    );
    expect(await withStore(stage, ({ sessions }) => sessions.list())).toHaveLength(2);
    // While a process works in it.
    const held = await withStore(stage, async ({ sessions }) => {
      const { identify } = await import('@pawl/process');
      const holder = {
        pid: process.pid,
        started: identify(process.pid)?.started ?? '',
        host: (await import('node:os')).hostname(),
      };
      const lease = await sessions.acquire({ provider: 'claude', id: native }, holder, () => false);
      const answer = await refused('fork', id);
      await lease.release();
      return answer;
    });
    expect(held).toMatchObject({ code: 'session-busy' });
  });
});

describe('sessions rewind', () => {
  test('puts conversation and files back in place, and undo brings both again', async () => {
    const stage = openStage();
    const { id, native, worktree, ends } = await openConversation(stage);
    writeFileSync(join(worktree, 'unsaved.txt'), 'not in any checkpoint\n');
    const { code, stderr } = await stage.call('sessions', 'rewind', id, '--at', ends[0]);
    expect(code, stderr).toBe(0);
    const [, aside = '', commit = ''] =
      /is session (\w+), in the archive\n\n {2}pawl undo ([0-9a-f]{40}) --worktree/.exec(stderr) ?? [];
    expect(contentOf(worktree, /^\.git$/)).toMatchObject({ 'till.txt': 'turn 1\n' });
    expect(existsSync(join(worktree, 'later.txt')) || existsSync(join(worktree, 'unsaved.txt'))).toBe(false);
    const record = await withStore(stage, ({ sessions }) => sessions.get(id));
    expect(record).toMatchObject({ title: 'The till', messages: 2, tags: ['shop'], turns: 2 });
    expect(transcriptsOf(stage).get(record?.ref.id ?? '')).toHaveLength(2);
    const [other] = await withStore(stage, ({ sessions }) => sessions.find(aside));
    expect(other).toMatchObject({ archived: true, messages: 4, ref: { id: native } });
    expect(transcriptsOf(stage).get(native)).toHaveLength(4);

    const undone = await stage.call('undo', commit, '--worktree');
    expect(undone.code, undone.stderr).toBe(0);
    expect(undone.stderr).toContain(`what was said in session ${id}`);
    expect(contentOf(worktree, /^\.git$/)).toMatchObject({
      ...{ 'till.txt': 'turn 2\n', 'later.txt': 'later\n', 'unsaved.txt': 'not in any checkpoint\n' },
    });
    expect(await withStore(stage, ({ sessions }) => sessions.get(id))).toMatchObject({
      messages: 4,
      ref: { id: native },
    });
    expect((await stage.call('undo', commit, '--worktree')).code).toBe(0);
    expect(await messagesOf(stage, id)).toHaveLength(4);
  });

  test('does not touch a checkout that is the user’s', async () => {
    const stage = openStage();
    const { id, native, ends } = await openConversation(stage);
    const ref = { provider: 'claude', id: native, cwd: stage.repository };
    await withStore(stage, ({ sessions }) => sessions.begin({ ref, at: 3000 }));
    const before = contentOf(stage.repository, /^\.git/);
    const { code, stdout } = await stage.call('sessions', 'rewind', id, '--at', ends[0], '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({ code: 'not-a-worktree' });
    expect(contentOf(stage.repository, /^\.git/)).toEqual(before);
    expect(transcriptsOf(stage).size).toBe(1);
  });
});
