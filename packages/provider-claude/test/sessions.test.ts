import type { OpenRequest } from '@pawl/provider';
import claude, { type ClaudeOptions } from '@pawl/provider-claude';
import { collect, fakeHost } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';
import { isProject, projectName } from '../src/folders.ts';

const ids = [
  '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11',
  '9f0d2f0e-0a3c-4a5e-bd0a-5f2b1d9c3e77',
  '5ac29c0b-3a52-4a0f-8d11-0f8a1c7f1e23',
];
const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;
const lines = (...entries: readonly object[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
const root = '/home/me/.claude/projects';
const surroundings = {
  env: { HOME: '/home/me' },
  folders: {
    [root]: ['-work', '-work-2'],
    [`${root}/-work`]: [`${ids[0]}.jsonl`, `${ids[1]}.jsonl`, 'memory', ids[0] ?? ''],
    [`${root}/-work-2`]: [`${ids[2]}.jsonl`],
  },
  files: {
    [`${root}/-work/${ids[0]}.jsonl`]: lines(
      { type: 'user', message: { content: 'Fix the parser\nplease' }, timestamp: at(1) },
      { type: 'assistant', timestamp: at(5) },
    ),
    [`${root}/-work/${ids[1]}.jsonl`]: `${lines(
      { type: 'user', message: { content: [{ type: 'text', text: 'first prompt' }] }, timestamp: at(9) },
      { type: 'custom-title', customTitle: 'a title' },
    )}not json\n`,
    [`${root}/-work-2/${ids[2]}.jsonl`]: lines({ type: 'user', timestamp: at(2) }),
  },
};
const host = (over: object = {}) => fakeHost(() => ({}), { ...surroundings, ...over });
const ref = (id = '') => ({ provider: 'claude', id, cwd: '/work' });

async function exported(id: string): Promise<string[]> {
  const found: string[] = [];
  for await (const line of claude.exportSession?.(ref(id), host()) ?? []) found.push(line);
  return found;
}

describe('list', () => {
  test('those of the folder, newest first, by title or first prompt', async () => {
    expect(await claude.listSessions?.({ cwd: '/work' }, host())).toEqual([
      { ref: ref(ids[1]), title: 'a title', updatedAt: Date.parse(at(9)) },
      { ref: ref(ids[0]), title: 'Fix the parser', updatedAt: Date.parse(at(5)) },
    ]);
  });

  test('no more than asked for', async () => {
    expect(await claude.listSessions?.({ cwd: '/work', limit: 1 }, host())).toHaveLength(1);
  });

  test('one that cannot be read is still listed, last', async () => {
    const files = { ...surroundings.files, [`${root}/-work/${ids[1]}.jsonl`]: undefined };
    const listed = await claude.listSessions?.({ cwd: '/work' }, host({ files }));
    expect(listed?.at(-1)).toEqual({ ref: ref(ids[1]) });
  });

  test('CLAUDE_CONFIG_DIR is honoured; without a home there are none', async () => {
    const folders = { '/cfg/projects': ['-work'], '/cfg/projects/-work': [`${ids[2]}.jsonl`] };
    const listed = await claude.listSessions?.(
      { cwd: '/work' },
      host({ env: { HOME: '/home/me', CLAUDE_CONFIG_DIR: '/cfg' }, folders }),
    );
    expect(listed?.map((one) => one.ref.id)).toEqual([ids[2]]);
    expect(await claude.listSessions?.({ cwd: '/work' }, host({ env: {} }))).toEqual([]);
  });
});

describe('export', () => {
  test('the transcript, line by line, wherever the session was started', async () => {
    expect(await exported(ids[0] ?? '')).toHaveLength(2);
    expect((await exported(ids[2] ?? '')).map((line) => JSON.parse(line).type)).toEqual(['user']);
  });

  test('an unknown one is an error that says so', async () => {
    await expect(exported('11111111-2222-4333-8444-555555555555')).rejects.toMatchObject({ code: 'session-not-found' });
  });
});

describe('continue', () => {
  const begin = async (over: object, session = ids[0]) => {
    const init = JSON.stringify({ type: 'system', subtype: 'init', session_id: session, cwd: '/work' });
    const done = JSON.stringify({ type: 'result', is_error: false, subtype: 'success', result: 'x' });
    const answering = fakeHost(() => ({ stdout: `${init}\n${done}\n` }), { ...surroundings, ...over });
    const request: OpenRequest<ClaudeOptions> = {
      cwd: '/work',
      access: 'edit',
      start: { kind: 'continue' },
      options: { binary: 'claude', args: [] },
    };
    const events = await collect((await claude.open(request, answering)).turn({ prompt: 'x' }));
    return { end: events.at(-1), commands: answering.commands };
  };

  test('goes on with a session of the folder', async () => {
    expect((await begin({})).end).toMatchObject({ outcome: { kind: 'completed' }, session: { id: ids[0] } });
  });

  test('where there is none nothing is started', async () => {
    const { end, commands } = await begin({ folders: {} });
    expect(end).toMatchObject({ outcome: { kind: 'failed', error: { code: 'session-not-found' } } });
    expect(commands).toEqual([]);
  });

  test('a silent new one is found out', async () => {
    const { end } = await begin({}, '11111111-2222-4333-8444-555555555555');
    expect(end).toMatchObject({
      outcome: { kind: 'failed', error: { code: 'session-not-found' } },
      session: undefined,
    });
  });
});

test('the folder of a path is spelt as Claude Code spells it', () => {
  expect(projectName('/home/dev/other repo.x')).toBe('-home-dev-other-repo-x');
  const long = `/${'a'.repeat(250)}`;
  expect(isProject(`-${'a'.repeat(199)}-1x2y3z`, long)).toBe(true);
  expect(isProject('-work-2', '/work')).toBe(false);
});

describe('what its own store is told', () => {
  test('a title and tags are lines of the transcript, as its SDK writes them', async () => {
    const told = host();
    await claude.renameSession?.(ref(ids[0]), 'The till', told);
    await claude.tagSession?.(ref(ids[0]), ['a', 'b'], told);
    await claude.tagSession?.(ref(ids[0]), [], told);
    expect(told.appended.map(({ path }) => path)).toEqual(Array(3).fill(`${root}/-work/${ids[0]}.jsonl`));
    expect(told.appended.map(({ line }) => JSON.parse(line))).toEqual([
      { type: 'custom-title', customTitle: 'The till', sessionId: ids[0] },
      { type: 'tag', tag: 'a, b', sessionId: ids[0] },
      { type: 'tag', tag: '', sessionId: ids[0] },
    ]);
  });

  test('of a session that is not there, or not to be written to, it is refused', async () => {
    await expect(claude.renameSession?.(ref(ids[2]?.replace('5', '6')), 'x', host())).rejects.toMatchObject({
      code: 'session-not-found',
    });
    const files = { ...surroundings.files, [`${root}/-work/${ids[0]}.jsonl`]: undefined };
    await expect(claude.tagSession?.(ref(ids[0]), ['x'], host({ files }))).rejects.toMatchObject({ code: 'internal' });
  });

  test.each([
    ['nothing', {}, 30],
    ['the user', { '/home/me/.claude/settings.json': '{ "cleanupPeriodDays": 7 }' }, 7],
    ['what is no JSON', { '/home/me/.claude/settings.json': 'not json' }, 30],
    ['the project', { '/shop/.claude/settings.json': '{ "cleanupPeriodDays": 5, /* short */ }' }, 5],
    // Started elsewhere it goes by the user's.
    ['the project, longer', { '/shop/.claude/settings.local.json': '{ "cleanupPeriodDays": 365 }' }, 30],
    [
      'an administrator',
      {
        '/etc/claude-code/managed-settings.json': '{ "cleanupPeriodDays": 90 }',
        '/home/me/.claude/settings.json': '{ "cleanupPeriodDays": 7 }',
      },
      90,
    ],
  ])('by the settings of %s it deletes a session after so many days', async (_, files, days) => {
    expect(await claude.sessionRetention?.('/shop', host({ files }))).toEqual({ days });
  });
});
