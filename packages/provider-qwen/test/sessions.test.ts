import type { SessionStart } from '@pawl/provider';
import { collect, fakeHost } from '@pawl/provider-kit/testing';
import qwen from '@pawl/provider-qwen';
import { describe, expect, test } from 'vitest';
import { projectName } from '../src/folders.ts';

const ids = {
  parser: '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11',
  titled: '9f0d2f0e-0a3c-4a5e-bd0a-5f2b1d9c3e77',
  silent: '5ac29c0b-3a52-4a0f-8d11-0f8a1c7f1e23',
  neighbour: '7bc29c0b-3a52-4a0f-8d11-0f8a1c7f1e24',
};
const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;
const lines = (...entries: readonly object[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
const person = (text: string, minute: number, cwd = '/my/work') => ({
  ...{ type: 'user', provenance: 'real_user', cwd, timestamp: at(minute) },
  message: { role: 'user', parts: [{ text: '<system-reminder>x</system-reminder>' }, { text: `${text}\n\n` }] },
});
const chats = '/home/me/.qwen/projects/-my-work/chats';
const files: Record<string, string> = {
  [`${chats}/${ids.parser}.jsonl`]: lines(person('Fix the parser\nplease', 1), {
    ...{ type: 'assistant', cwd: '/my/work', timestamp: at(5) },
  }),
  [`${chats}/${ids.titled}.jsonl`]: `${lines(person('first prompt', 9), {
    ...{ type: 'system', subtype: 'custom_title', systemPayload: { customTitle: 'a title' } },
  })}not json\n`,
  [`${chats}/${ids.silent}.jsonl`]: lines({ type: 'system', provenance: 'system', cwd: '/my/work', timestamp: at(20) }),
  // Its folder is spelt the same.
  [`${chats}/${ids.neighbour}.jsonl`]: lines(person('of another folder', 30, '/my.work')),
};
const surroundings = {
  env: { HOME: '/home/me' },
  files,
  folders: { [chats]: [...Object.values(ids).map((id) => `${id}.jsonl`), 'notes.txt'] },
};
const ref = (id: string, cwd = '/my/work') => ({ provider: 'qwen', id, cwd });
const host = (over: object = {}, answer = {}) => fakeHost(() => answer, { ...surroundings, ...over });
const list = (query: { cwd: string; limit?: number }, over: object = {}) => qwen.listSessions?.(query, host(over));

async function exported(id: string, over: object = {}): Promise<string[]> {
  const found: string[] = [];
  for await (const line of qwen.exportSession?.(ref(id), host(over)) ?? []) found.push(line);
  return found;
}

describe('list', () => {
  test('those of the folder in which somebody said something, newest first, by title or first prompt', async () => {
    expect(await list({ cwd: '/my/work' })).toEqual([
      { ref: ref(ids.titled), title: 'a title', updatedAt: Date.parse(at(9)) },
      { ref: ref(ids.parser), title: 'Fix the parser', updatedAt: Date.parse(at(5)) },
    ]);
  });

  test('a folder that is spelt the same has its own', async () => {
    expect((await list({ cwd: '/my.work/' }))?.map((one) => one.ref.id)).toEqual([ids.neighbour]);
    expect(projectName('/home/dev/other repo.x')).toBe('-home-dev-other-repo-x');
  });

  test('no more than asked for, and none without a home', async () => {
    expect(await list({ cwd: '/my/work', limit: 1 })).toHaveLength(1);
    expect(await list({ cwd: '/my/work' }, { env: {} })).toEqual([]);
  });

  test('one that cannot be read is still listed, last', async () => {
    const listed = await list(
      { cwd: '/my/work' },
      { files: { ...files, [`${chats}/${ids.titled}.jsonl`]: undefined } },
    );
    expect(listed?.at(-1)).toEqual({ ref: ref(ids.titled) });
  });

  test.each([
    ['QWEN_HOME', '/cfg', '/cfg/projects/-my-work/chats'],
    ['QWEN_HOME', '~/cfg', '/home/me/cfg/projects/-my-work/chats'],
    ['QWEN_RUNTIME_DIR', '/run/qwen', '/run/qwen/projects/-my-work/chats'],
  ])('%s %s is honoured', async (name, value, folder) => {
    const path = `${folder}/${ids.parser}.jsonl`;
    const over = {
      env: { HOME: '/home/me', [name]: value },
      folders: { [folder]: [`${ids.parser}.jsonl`] },
      files: { [path]: files[`${chats}/${ids.parser}.jsonl`] ?? '' },
    };
    expect((await list({ cwd: '/my/work' }, over))?.map((one) => one.ref.id)).toEqual([ids.parser]);
  });
});

describe('export', () => {
  test('the transcript, line by line, and nothing is written into the folder of the work', async () => {
    expect(await exported(ids.parser)).toHaveLength(2);
  });

  test('an unknown one, one that is a path, one that cannot be read: an error that says so', async () => {
    const unknown = { code: 'session-not-found' };
    await expect(exported('11111111-2222-4333-8444-555555555555')).rejects.toMatchObject(unknown);
    await expect(exported('../../settings')).rejects.toMatchObject(unknown);
    await expect(exported(ids.parser, { files: {} })).rejects.toMatchObject({ code: 'internal' });
  });
});

describe('going on', () => {
  const run = async (start: SessionStart, answered: string, over: object = {}) => {
    const output = [
      { type: 'system', subtype: 'init', session_id: answered, cwd: '/my/work', model: 'm' },
      { type: 'result', is_error: false, result: 'x' },
    ];
    const answering = host(over, { stdout: lines(...output) });
    const options = { binary: 'qwen', args: [] };
    const session = await qwen.open({ cwd: '/my/work', access: 'edit', options, start }, answering);
    const events = await collect(session.turn({ prompt: 'x' }));
    return { end: events.at(-1), commands: answering.commands };
  };
  const failed = (code: string) => ({ outcome: { kind: 'failed', error: { code } } });

  test('continue takes the one used last', async () => {
    const { end, commands } = await run({ kind: 'continue' }, ids.titled);
    expect(end).toMatchObject({ outcome: { kind: 'completed' }, session: { id: ids.titled } });
    expect(commands[0]?.args).toEqual(expect.arrayContaining(['--resume', ids.titled]));
  });

  test('where there is none to continue nothing is started', async () => {
    const { end, commands } = await run({ kind: 'continue' }, ids.titled, { folders: {} });
    expect(end).toMatchObject(failed('session-not-found'));
    expect(commands).toEqual([]);
  });

  test.each<SessionStart>([{ kind: 'continue' }, { kind: 'resume', ref: ref(ids.titled) }])(
    'a silent new one is found out: $kind',
    async (start) => {
      const { end } = await run(start, '11111111-2222-4333-8444-555555555555');
      expect(end).toMatchObject({ ...failed('wrong-session'), session: undefined });
    },
  );

  test('a fork that went on in the original is found out; one that did not is another session', async () => {
    expect((await run({ kind: 'fork', ref: ref(ids.parser) }, ids.parser)).end).toMatchObject(failed('wrong-session'));
    expect((await run({ kind: 'fork', ref: ref(ids.parser) }, ids.silent)).end).toMatchObject({
      session: { id: ids.silent },
    });
  });

  test('an ephemeral one cannot be gone on with', async () => {
    expect((await run({ kind: 'ephemeral' }, ids.silent)).end).toMatchObject({ session: undefined });
  });
});
