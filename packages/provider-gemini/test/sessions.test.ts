import type { Host, SessionStart } from '@pawl/provider';
import gemini from '@pawl/provider-gemini';
import { collect, fakeHost } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';

const ids = {
  parser: '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11',
  titled: '9f0d2f0e-0a3c-4a5e-bd0a-5f2b1d9c3e77',
  empty: '5ac29c0b-3a52-4a0f-8d11-0f8a1c7f1e23',
  agent: '7bc29c0b-3a52-4a0f-8d11-0f8a1c7f1e24',
  elsewhere: '1dc29c0b-3a52-4a0f-8d11-0f8a1c7f1e25',
};
const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;
const lines = (...entries: readonly object[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
const header = (sessionId: string, minute: number, over: object = {}) => ({
  ...{ sessionId, projectHash: 'x', startTime: at(minute), lastUpdated: at(minute), kind: 'main' },
  ...over,
});
const person = (id: string, text: string) => ({ id, type: 'user', content: [{ text }] });
const context = person('c', '<session_context>\nThis is the Gemini CLI.\n</session_context>');
const chats = '/home/me/.gemini/tmp/work/chats';
const other = '/home/me/.gemini/tmp/work-1/chats';
const file = (minute: number, id: string) => `session-2026-11-20T10-${minute}-${id.slice(0, 8)}.jsonl`;

const transcripts: Record<string, string> = {
  [`${chats}/${file(10, ids.parser)}`]: lines(
    header(ids.parser, 10),
    { $set: { messages: [context], lastUpdated: at(10) } },
    person('1', 'Fix the parser\nplease'),
    { id: '2', type: 'gemini', content: 'Done.' },
    { $set: { lastUpdated: at(15) } },
  ),
  // Resumed in a later minute: a second file, with nothing in it.
  [`${chats}/${file(20, ids.parser)}`]: lines(header(ids.parser, 20), { $set: { messages: [context] } }),
  [`${chats}/${file(11, ids.titled)}`]: `${lines(header(ids.titled, 11), person('1', 'first prompt'), {
    $set: { summary: 'a title', lastUpdated: at(19) },
  })}not json\n`,
  // Its first request failed: the prompt was taken back.
  [`${chats}/${file(12, ids.empty)}`]: lines(header(ids.empty, 12), person('1', 'lost'), {
    $set: { messages: [context] },
  }),
  [`${chats}/${file(13, ids.agent)}`]: lines(header(ids.agent, 13, { kind: 'subagent' }), person('1', 'part')),
  [`${other}/${file(14, ids.elsewhere)}`]: lines(header(ids.elsewhere, 14), person('1', 'elsewhere')),
};
const surroundings = {
  env: { HOME: '/home/me' },
  folders: {
    [chats]: Object.keys(transcripts).flatMap((path) =>
      path.startsWith(`${chats}/`) ? path.slice(chats.length + 1) : [],
    ),
    [other]: [file(14, ids.elsewhere)],
  },
  files: {
    ...transcripts,
    '/home/me/.gemini/projects.json': JSON.stringify({ projects: { '/work': 'work', '/other/work': 'work-1' } }),
  },
};
const ref = (id: string, cwd = '/work') => ({ provider: 'gemini', id, cwd });
const host = (over: object = {}, answer = {}) => fakeHost(() => answer, { ...surroundings, ...over });
const list = (query: { cwd: string; limit?: number }, over: object = {}) => gemini.listSessions?.(query, host(over));

async function exported(id: string, cwd?: string): Promise<string[]> {
  const found: string[] = [];
  for await (const line of gemini.exportSession?.(ref(id, cwd), host()) ?? []) found.push(line);
  return found;
}

describe('list', () => {
  test('those of the folder that can be gone on with, newest first, by title or first prompt', async () => {
    expect(await list({ cwd: '/work' })).toEqual([
      { ref: ref(ids.titled), title: 'a title', updatedAt: Date.parse(at(19)) },
      { ref: ref(ids.parser), title: 'Fix the parser', updatedAt: Date.parse(at(15)) },
    ]);
  });

  test('asks no model, and starts nothing', async () => {
    const asked = host();
    await gemini.listSessions?.({ cwd: '/work' }, asked);
    expect(asked.commands).toEqual([]);
  });

  test('no more than asked for; none of another folder, of a folder that is not known, without a home', async () => {
    expect(await list({ cwd: '/work', limit: 1 })).toHaveLength(1);
    expect((await list({ cwd: '/other/work/' }))?.map((one) => one.ref.id)).toEqual([ids.elsewhere]);
    expect(await list({ cwd: '/sub' })).toEqual([]);
    expect(await list({ cwd: '/work' }, { env: {} })).toEqual([]);
  });

  test('GEMINI_CLI_HOME is honoured', async () => {
    expect(await list({ cwd: '/work' }, { env: { HOME: '/nobody', GEMINI_CLI_HOME: '/home/me' } })).toHaveLength(2);
  });

  test('a rewind takes back what came after it', async () => {
    const path = `${chats}/${file(11, ids.titled)}`;
    const rewound = lines(header(ids.titled, 11), person('1', 'a'), person('2', 'b'), { $rewindTo: '1' });
    expect(await list({ cwd: '/work' }, { files: { ...surroundings.files, [path]: rewound } })).toHaveLength(1);
  });
});

describe('export', () => {
  test('the transcript with something in it, wherever the session was started', async () => {
    expect(await exported(ids.parser)).toHaveLength(5);
    expect((await exported(ids.elsewhere)).join()).toContain('elsewhere');
  });

  test('an unknown one is an error that says so', async () => {
    await expect(exported('11111111-2222-4333-8444-555555555555')).rejects.toMatchObject({ code: 'session-not-found' });
  });
});

describe('going on', () => {
  const run = async (start: SessionStart, answered: string, over: object = {}) => {
    const output = [
      { type: 'init', session_id: answered, model: 'flash' },
      { type: 'message', role: 'assistant', content: 'x' },
      { type: 'result', status: 'success', stats: {} },
    ];
    const answering = host(over, { stdout: lines(...output) });
    const options = { binary: 'gemini', args: [] };
    const request = { cwd: '/work', access: 'edit' as const, options, start };
    const events = await collect((await gemini.open(request, answering)).turn({ prompt: 'x' }));
    return { end: events.at(-1), args: answering.commands[0]?.args ?? [], commands: answering.commands };
  };
  const failed = (code: string) => ({ outcome: { kind: 'failed', error: { code } } });

  test('continue takes the one used last, not the one started last', async () => {
    const { end, args } = await run({ kind: 'continue' }, ids.titled);
    expect(end).toMatchObject({ outcome: { kind: 'completed' }, session: { id: ids.titled } });
    expect(args).toContain(ids.titled);
  });

  test('where there is none to continue nothing is started', async () => {
    const { end, commands } = await run({ kind: 'continue' }, ids.titled, { folders: {} });
    expect(end).toMatchObject(failed('session-not-found'));
    expect(commands).toEqual([]);
  });

  test('a silent new one is found out', async () => {
    const { end } = await run({ kind: 'continue' }, ids.elsewhere);
    expect(end).toMatchObject({ ...failed('wrong-session'), session: undefined });
  });

  test('a fork copies the transcript, also from another folder', async () => {
    const { end, args } = await run({ kind: 'fork', ref: ref(ids.elsewhere, '/other/work') }, ids.empty);
    expect(args).toEqual(expect.arrayContaining(['--session-file', `${other}/${file(14, ids.elsewhere)}`]));
    expect(end).toMatchObject({ outcome: { kind: 'completed' }, session: { id: ids.empty } });
  });

  test('a fork of what is not there, or of nothing, starts nothing', async () => {
    for (const id of ['11111111-2222-4333-8444-555555555555', ids.empty]) {
      const { end, commands } = await run({ kind: 'fork', ref: ref(id) }, ids.parser);
      expect(end).toMatchObject(failed('session-not-found'));
      expect(commands).toEqual([]);
    }
  });

  test('a fork that went on in the original is found out', async () => {
    const { end } = await run({ kind: 'fork', ref: ref(ids.parser) }, ids.parser);
    expect(end).toMatchObject({ ...failed('wrong-session'), session: undefined });
  });

  test('a chosen id that begins like one of the folder would share its file: refused', async () => {
    const id = `${ids.parser.slice(0, 8)}-0000-4000-8000-000000000000`;
    const { end, commands } = await run({ kind: 'new', id }, id);
    expect(end).toMatchObject(failed('bad-option'));
    expect(commands).toEqual([]);
  });
});

describe('what the next start would delete', () => {
  const twin = `${chats}/${file(20, ids.parser)}`;
  const start = async (over: object = {}, more: Partial<Host> = {}) => {
    const started = { ...host({ files: surroundings.files, ...over }), ...more };
    const options = { binary: 'gemini', args: [] };
    const session = await gemini.open({ cwd: '/work', access: 'edit', options, start: { kind: 'new' } }, started);
    await collect(session.turn({ prompt: 'x' }));
    expect(started.commands).toHaveLength(1);
    return started.appended;
  };

  test('is kept: the empty file of a session that was gone on with later is given a word, before its last', async () => {
    const appended = await start();
    expect(appended.map(({ path }) => path)).toEqual([twin]);
    const word = JSON.parse(appended[0]?.line ?? '');
    expect(word).toEqual({
      $set: {
        lastUpdated: new Date(Date.parse(at(15)) - 1).toISOString(),
        messages: [
          {
            id: 'kept-by-pawl',
            timestamp: at(15),
            type: 'user',
            content: [{ text: expect.stringContaining(ids.parser) }],
          },
        ],
      },
    });
  });

  test('the whole conversation is still the one that is listed and exported, and no second word is needed', async () => {
    const [{ line } = { line: '' }] = await start();
    const files = { ...surroundings.files, [twin]: `${transcripts[twin]}${line}\n` };
    expect(await list({ cwd: '/work' }, { files })).toEqual(await list({ cwd: '/work' }));
    expect(await start({ files })).toEqual([]);
  });

  test('of a conversation too large to be read it is before its beginning, and the fork is still of the whole', async () => {
    const all: Record<string, string> = surroundings.files;
    const path = `${chats}/${file(10, ids.parser)}`;
    const { [path]: whole = '', ...files } = all;
    const readHead = async () => whole;
    const [{ line } = { line: '{}' }] = await start({ files }, { readHead });
    expect(JSON.parse(line).$set.lastUpdated).toBe(new Date(Date.parse(at(10)) - 1).toISOString());

    const kept = { ...files, [twin]: `${transcripts[twin]}${line}\n` };
    expect(await start({ files: kept }, { readHead })).toEqual([]);
    const forking = { ...host({ files: kept }), readHead };
    const fork = { kind: 'fork', ref: ref(ids.parser) } as const;
    const options = { binary: 'gemini', args: [] };
    const session = await gemini.open({ cwd: '/work', access: 'edit', options, start: fork }, forking);
    await collect(session.turn({ prompt: 'x' }));
    expect(forking.commands[0]?.args).toEqual(expect.arrayContaining(['--session-file', path]));
  });

  test('where it cannot be written the agent starts all the same, and it is said', async () => {
    const said: string[] = [];
    const appendLine = () => Promise.reject(new Error('EACCES'));
    await start({}, { appendLine, log: (_, message) => void said.push(message) });
    expect(said.join()).toContain(`will delete session ${ids.parser}`);
  });
});
