import codex from '@pawl/provider-codex';
import { collect, fakeHost } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';

const ids = [
  '01a1f855-86ea-7b53-896a-a83558fec421',
  '01a1f8ae-feec-7471-878f-5bc4e6727ea4',
  '01a1f8af-0159-72c1-a60e-e7d1b26b7060',
  '01a1f8b0-0159-72c1-a60e-e7d1b26b7060',
] as const;
const unknown = '11111111-2222-7333-8444-555555555555';
const root = '/home/me/.codex/sessions';
const day = `${root}/2026/11/20`;
const name = (id: string) => `rollout-2026-11-20T09-00-00-${id}.jsonl`;
const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;

function rollout(entries: readonly (readonly [type: string, payload: object])[], minute: number, first = 0): string {
  const lines = entries.map(([type, payload], index) =>
    JSON.stringify({ timestamp: at(minute), ordinal: first + index, type, payload }),
  );
  return `${lines.join('\n')}\n`;
}
const meta = (cwd: string, more: object = {}) => ['session_meta', { cwd, source: 'exec', ...more }] as const;
const said = (text: string) =>
  ['event_msg', { type: 'item_completed', item: { type: 'UserMessage', content: [{ type: 'text', text }] } }] as const;
const turn = (cwd: string, model: string) => ['turn_context', { cwd, model }] as const;

const surroundings = {
  env: { HOME: '/home/me' },
  folders: {
    [root]: ['2026'],
    [`${root}/2026`]: ['11'],
    [`${root}/2026/11`]: ['20'],
    [day]: [...ids.slice(0, 3).map(name), 'notes.txt'],
    '/home/me/.codex/archived_sessions': [name(ids[3])],
  },
  files: {
    [`${day}/${name(ids[0])}`]: rollout([meta('/work'), said('Fix the parser\nplease'), said('and this')], 5),
    // It went on elsewhere, where `--last` looks for it now.
    [`${day}/${name(ids[1])}`]: rollout([meta('/other'), said('first prompt'), turn('/work', 'gpt-5.5')], 9),
    [`${day}/${name(ids[2])}`]: rollout(
      [
        meta('/work', {
          source: { subagent: 'review' },
          history_base: { thread_id: ids[0], end_ordinal_exclusive: 2 },
        }),
      ],
      7,
      2,
    ),
    [`/home/me/.codex/archived_sessions/${name(ids[3])}`]: rollout([meta('/work')], 1),
  },
};
const host = (over: object = {}) => fakeHost(() => ({}), { ...surroundings, ...over });
const ref = (id: string) => ({ provider: 'codex', id, cwd: '/work' });

async function exported(id: string, over: object = {}): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const line of codex.exportSession?.(ref(id), host(over)) ?? []) found.push(JSON.parse(line));
  return found;
}

describe('list: Codex has no command for it', () => {
  test('those that last worked in the folder, newest turn first, by their first prompt; not those of sub-agents', async () => {
    expect(await codex.listSessions?.({ cwd: '/work' }, host())).toEqual([
      { ref: ref(ids[1]), title: 'first prompt', updatedAt: Date.parse(at(9)) },
      { ref: ref(ids[0]), title: 'Fix the parser', updatedAt: Date.parse(at(5)) },
    ]);
    expect(await codex.listSessions?.({ cwd: '/work', limit: 1 }, host())).toHaveLength(1);
    expect(await codex.listSessions?.({ cwd: '/other' }, host())).toEqual([]);
  });

  test('one that cannot be read is left out: nobody knows where it worked', async () => {
    const files = { ...surroundings.files, [`${day}/${name(ids[1])}`]: undefined };
    expect((await codex.listSessions?.({ cwd: '/work' }, host({ files })))?.map((one) => one.ref.id)).toEqual([ids[0]]);
  });

  test('CODEX_HOME is honoured; without a home there are none', async () => {
    const env = { HOME: '/home/me', CODEX_HOME: '/elsewhere' };
    expect(await codex.listSessions?.({ cwd: '/work' }, host({ env }))).toEqual([]);
    expect(await codex.listSessions?.({ cwd: '/work' }, host({ env: {} }))).toEqual([]);
  });
});

describe('export', () => {
  test('the rollout, the archived ones too', async () => {
    expect(await exported(ids[0])).toHaveLength(3);
    expect(await exported(ids[3])).toHaveLength(1);
  });

  test('a fork holds nothing of what was before: its source comes first, as far as it goes', async () => {
    expect(await exported(ids[2])).toMatchObject([
      { ordinal: 0, type: 'session_meta' },
      { ordinal: 1, type: 'event_msg' },
      { ordinal: 2, type: 'session_meta' },
    ]);
  });

  test('an unknown one, and a fork whose source is gone, are errors that say so', async () => {
    await expect(exported(unknown)).rejects.toMatchObject({ code: 'session-not-found' });
    const folders = { ...surroundings.folders, [day]: [name(ids[2])] };
    await expect(exported(ids[2], { folders })).rejects.toThrow(ids[0]);
    const files = { ...surroundings.files, [`${day}/${name(ids[0])}`]: undefined };
    await expect(exported(ids[0], { files })).rejects.toThrow(`${day}/${name(ids[0])}`);
  });
});

describe('continue', () => {
  const begin = async (over: object, session: string = ids[1]) => {
    const done = '{"type":"turn.completed","usage":{}}';
    const stdout = `{"type":"thread.started","thread_id":"${session}"}\n${done}\n`;
    const answering = fakeHost(() => ({ stdout }), { ...surroundings, ...over });
    const options = { binary: 'codex', network: false, args: [] };
    const request = { cwd: '/work', access: 'edit', options, start: { kind: 'continue' } } as const;
    const events = await collect((await codex.open(request, answering)).turn({ prompt: 'x' }));
    return { end: events.at(-1), commands: answering.commands };
  };

  test('goes on with the newest of the folder, in its model', async () => {
    const { end, commands } = await begin({});
    expect(end).toMatchObject({ outcome: { kind: 'completed' }, session: { id: ids[1] } });
    expect(commands[0]?.args.slice(-5)).toEqual(['-m', 'gpt-5.5', 'resume', ids[1], '-']);
  });

  test('where there is none nothing is started', async () => {
    const { end, commands } = await begin({ folders: {} });
    expect(end).toMatchObject({ outcome: { kind: 'failed', error: { code: 'session-not-found' } } });
    expect(commands).toEqual([]);
  });

  test('another one that answers is found out', async () => {
    expect((await begin({}, unknown)).end).toMatchObject({
      ...{ outcome: { kind: 'failed', error: { code: 'wrong-session' } }, session: undefined },
    });
  });
});
