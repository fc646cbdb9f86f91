import type { Host, OpenRequest, SessionStart } from '@pawl/provider';
import { collect, fakeHost } from '@pawl/provider-kit/testing';
import pi, { type PiOptions } from '@pawl/provider-pi';
import { describe, expect, test } from 'vitest';
import { folderName } from '../src/folders.ts';

const home = '/home/me';
const cwd = '/work';
const root = `${home}/.pi/agent/sessions`;
const json = (...lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const message = (id: string, role: string, text: string, timestamp = '2026-01-01T00:00:00.000Z') => ({
  ...{ type: 'message', id, timestamp },
  message: { role, content: [{ type: 'text', text }] },
});
const older = json(
  { type: 'session', id: 'older', cwd: '/work' },
  message('a', 'user', 'first words\nand more'),
  message('b', 'assistant', 'x', '2026-01-01T00:00:05.000Z'),
);
const newer = json(
  { type: 'session', id: 'with_line', cwd: '/work' },
  message('a', 'user', 'hi', '2026-01-02T00:00:00.000Z'),
  { type: 'session_info', id: 'c', name: 'The parser', timestamp: '2026-01-02T00:00:01.000Z' },
);
const folders = {
  [root]: ['--work--', '--other--'],
  [`${root}/--work--`]: ['2026-01-01T00_older.jsonl', '2026-01-02T00_with_line.jsonl', 'notes.txt'],
  [`${root}/--other--`]: ['2026-01-03T00_elsewhere.jsonl'],
};
const files = {
  [`${root}/--work--/2026-01-01T00_older.jsonl`]: older,
  [`${root}/--work--/2026-01-02T00_with_line.jsonl`]: newer,
  [`${root}/--other--/2026-01-03T00_elsewhere.jsonl`]: json({ type: 'session', id: 'elsewhere', cwd: '/other' }),
};
const host = (over = {}) => fakeHost(() => ({}), { env: { HOME: home }, folders, files, ...over });
const list = (from: Host, query: { limit?: number } = {}) => pi.listSessions?.({ cwd: '/work', ...query }, from);

test('a folder is spelt as Pi spells it', () => {
  expect(folderName('/home/dev/repo')).toBe('--home-dev-repo--');
  expect(folderName('C:\\Users\\me')).toBe('--C--Users-me--');
});

describe('list', () => {
  test('newest first, with the name given or the first words', async () => {
    expect(await list(host())).toEqual([
      {
        ref: { provider: 'pi', id: 'with_line', cwd: '/work' },
        title: 'The parser',
        updatedAt: Date.parse('2026-01-02T00:00:01.000Z'),
      },
      {
        ref: { provider: 'pi', id: 'older', cwd: '/work' },
        title: 'first words',
        updatedAt: Date.parse('2026-01-01T00:00:05.000Z'),
      },
    ]);
    expect((await list(host(), { limit: 1 }))?.map(({ ref }) => ref.id)).toEqual(['with_line']);
  });

  test('without a home, without sessions: nothing; one that cannot be read: bare', async () => {
    expect(await list(host({ env: {} }))).toEqual([]);
    expect(await list(host({ folders: {} }))).toEqual([]);
    expect((await list(host({ files: {} })))?.[0]).toEqual({ ref: { provider: 'pi', id: 'older', cwd: '/work' } });
  });

  test.each([
    ['the environment', { env: { HOME: home, PI_CODING_AGENT_SESSION_DIR: '/flat' } }, {}],
    ['settings of the user', {}, { [`${home}/.pi/agent/settings.json`]: '{"sessionDir":"/flat"}' }],
    ['settings of the project, untrusted or not', {}, { [`${cwd}/.pi/settings.json`]: '{"sessionDir":"../flat"}' }],
  ])('a store without folders, named by %s: those of this folder', async (_, over, more) => {
    const names = ['1_mine.jsonl', '2_other.jsonl'];
    const both = { '/flat': names, [`${cwd}/../flat`]: names };
    const texts = Object.fromEntries(
      Object.keys(both).flatMap((folder) => [
        [`${folder}/1_mine.jsonl`, json({ type: 'session', id: 'mine', cwd: '/work' })],
        [`${folder}/2_other.jsonl`, json({ type: 'session', id: 'other', cwd: '/other' })],
      ]),
    );
    const found = await list(host({ folders: both, files: { ...texts, ...more }, ...over }));
    expect(found?.map(({ ref }) => ref.id)).toEqual(['mine']);
  });

  test('a store without folders: one that is too large to be read whole is known by its beginning', async () => {
    const env = { HOME: home, PI_CODING_AGENT_SESSION_DIR: '/flat' };
    const large = {
      ...host({ env, folders: { '/flat': ['1_mine.jsonl'] } }),
      readFile: () => Promise.reject(new Error('it is too large')),
      readHead: async () => `${json({ type: 'session', id: 'mine', cwd: '/work' })}\n{"type":"mess`,
    };
    expect(await list(large)).toEqual([{ ref: { provider: 'pi', id: 'mine', cwd: '/work' } }]);
  });
});

describe('export', () => {
  const exported = async (id: string, from = host()) => {
    const lines: string[] = [];
    const source = pi.exportSession?.({ provider: 'pi', id, cwd: '/work' }, from) ?? [];
    for await (const line of source) lines.push(line);
    return lines;
  };

  test('gives the transcript line by line, wherever it was started', async () => {
    expect(await exported('older')).toEqual(older.trimEnd().split('\n'));
    expect(await exported('elsewhere')).toHaveLength(1);
  });

  test('one that is not there, one that cannot be read: typed', async () => {
    await expect(exported('never')).rejects.toMatchObject({ code: 'session-not-found' });
    await expect(exported('older', host({ files: {} }))).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('starting', () => {
  async function outcome(start: SessionStart, stdout = '', over = {}) {
    const from = fakeHost(() => ({ stdout }), { env: { HOME: home }, folders, files, ...over });
    const request: OpenRequest<PiOptions> = {
      cwd: '/work',
      access: 'edit',
      start,
      options: { binary: 'pi', args: [] },
    };
    const session = await pi.open(request, from);
    const events = await collect(session.turn({ prompt: 'x' }));
    const end = events.at(-1);
    return { outcome: end?.type === 'turn-end' ? end.outcome : undefined, started: from.commands.length };
  }
  const answered = (id: string) => json({ type: 'session', id, cwd: '/work' });

  test('trap: continue without a session starts one; here nothing is started', async () => {
    const found = await outcome({ kind: 'continue' }, '', { folders: {} });
    expect(found).toMatchObject({ started: 0, outcome: { error: { code: 'session-not-found' } } });
  });

  test('trap: continue that starts one all the same is a failure', async () => {
    const found = await outcome({ kind: 'continue' }, answered('brand-new'));
    expect(found.outcome).toMatchObject({ kind: 'failed', error: { code: 'session-not-found' } });
  });

  test('trap: a chosen id that there is already would be resumed; here nothing is started', async () => {
    const found = await outcome({ kind: 'new', id: 'older' });
    expect(found).toMatchObject({ started: 0, outcome: { error: { code: 'bad-option' } } });
    expect((await outcome({ kind: 'new', id: 'elsewhere' })).started).toBe(1);
  });

  test('trap: the beginning of an id is enough for Pi; another session that answers is not', async () => {
    const start = { kind: 'resume', ref: { provider: 'pi', id: 'old', cwd: '/work' } } as const;
    const found = await outcome(start, answered('older'));
    expect(found.outcome).toMatchObject({ kind: 'failed', error: { code: 'wrong-session' } });
  });
});
