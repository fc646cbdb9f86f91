import type { Command, Host, OpenRequest, SessionStart } from '@pawl/provider';
import { collect, type FakeRun, fakeHost } from '@pawl/provider-kit/testing';
import opencode, { type OpenCodeOptions } from '@pawl/provider-opencode';
import { describe, expect, test } from 'vitest';

const stored = (id: string, directory: string, updated: number, title = 'A title\nof two lines') => ({
  ...{ id, title, updated, created: 1, projectId: 'p', directory },
});
const all = [stored('ses_old', '/work', 10), stored('ses_new', '/work', 30), stored('ses_lane', '/lane', 40)];
const exportText = JSON.stringify({ info: { id: 'ses_old' }, messages: [] }, null, 2);

/** Which of OpenCode's commands was asked for, through the shell that catches its output. */
const asked = ({ file, args }: Command) =>
  (file === 'sh' ? args.slice(4) : [file, ...args]).filter((word) => !word.startsWith('--')).join(' ');

function openCode(answers: Readonly<Record<string, FakeRun>>, stdout = '') {
  return fakeHost((command) => {
    const words = asked(command);
    const found = Object.entries(answers).find(([beginning]) => words.startsWith(beginning));
    return found?.[1] ?? { stdout };
  });
}
const listing: FakeRun = { stdout: JSON.stringify(all, null, 2) };
const list = (host: Host, query: { limit?: number } = {}) => opencode.listSessions?.({ cwd: '/work', ...query }, host);

describe('list', () => {
  test('the sessions of the folder alone, newest first', async () => {
    expect(await list(openCode({ 'session list': listing }))).toEqual([
      {
        ref: { provider: 'opencode', id: 'ses_new', cwd: '/work', token: { folder: '/work' } },
        title: 'A title',
        updatedAt: 30,
      },
      expect.objectContaining({ ref: expect.objectContaining({ id: 'ses_old' }) }),
    ]);
    expect(await list(openCode({ 'session list': listing }), { limit: 1 })).toHaveLength(1);
  });

  test('a folder named by a link is the one it leads to', async () => {
    const real: FakeRun = { stdout: '/lane\n' };
    const found = await opencode.listSessions?.(
      { cwd: '/link' },
      openCode({ 'session list': listing, 'pwd -P': real }),
    );
    expect(found?.map(({ ref }) => [ref.id, ref.cwd])).toEqual([['ses_lane', '/link']]);
  });

  test('none, nothing at all, or something else: none', async () => {
    for (const stdout of ['[]', '', '{"half', '{}', '[7]']) {
      expect(await list(openCode({ 'session list': { stdout } }))).toEqual([]);
    }
  });

  test('without OpenCode: typed', async () => {
    const none: FakeRun = { exit: { code: 127 } };
    await expect(list(openCode({ 'session list': none }))).rejects.toMatchObject({ code: 'not-installed' });
  });
});

describe('trap: a long answer is cut off when it goes into a pipe', () => {
  test('so it goes into a file first; the words are arguments, and never a part of the script', async () => {
    const host = openCode({ 'session list': listing });
    await list(host);
    const [command] = host.commands;
    expect(command?.file).toBe('sh');
    expect(command?.args.slice(2)).toEqual(['sh', 'opencode', 'session', 'list', '--format', 'json']);
    expect(command?.args[1]).not.toContain('opencode');
  });

  test('without a shell it is run as it is', async () => {
    const error = { code: 'not-found' as const, message: 'no sh' };
    const host = fakeHost(({ file }) => (file === 'sh' ? { exit: { error } } : listing));
    expect(await list(host)).toHaveLength(2);
  });

  test('an export that was cut all the same is not taken for one', async () => {
    const cut = openCode({ export: { stdout: exportText.slice(0, 20) } });
    const lines = opencode.exportSession?.({ provider: 'opencode', id: 'ses_old', cwd: '/work' }, cut);
    await expect(collectLines(lines)).rejects.toMatchObject({ code: 'protocol' });
  });
});

async function collectLines(source: AsyncIterable<string> | undefined): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of source ?? []) lines.push(line);
  return lines;
}

describe('export', () => {
  const ref = { provider: 'opencode', id: 'ses_old', cwd: '/gone' };

  test('line by line, from anywhere', async () => {
    const host = openCode({ export: { stdout: exportText } });
    expect(await collectLines(opencode.exportSession?.(ref, host))).toEqual(exportText.split('\n'));
    expect(host.commands[0]?.cwd).toBe('/');
  });

  test('of a session that is not there', async () => {
    const host = openCode({ export: { stderr: 'Error: Session not found', exit: { code: 1 } } });
    await expect(collectLines(opencode.exportSession?.(ref, host))).rejects.toMatchObject({
      code: 'session-not-found',
    });
  });
});

describe('starting', () => {
  const answered = (sessionID: string) =>
    `${JSON.stringify({ type: 'step_start', sessionID, part: { messageID: 'msg_1' } })}\n`;
  async function start(kind: SessionStart, answers: Readonly<Record<string, FakeRun>>, stdout = '', cwd = '/work') {
    const host = openCode(answers, stdout);
    const request: OpenRequest<OpenCodeOptions> = {
      ...{ cwd, access: 'edit', start: kind, env: { HOME: '/home/turn' } },
      options: { binary: 'opencode', args: [] },
    };
    const session = await opencode.open(request, host);
    const end = (await collect(session.turn({ prompt: 'x' }))).at(-1);
    return {
      outcome: end?.type === 'turn-end' ? end.outcome : undefined,
      commands: host.commands.map((command) => asked(command).split(' ').slice(0, 3).join(' ')),
      turn: host.commands.find(({ args }) => args[0] === 'run'),
      host,
    };
  }
  const ref = (id: string, folder?: string) => ({
    ...{ provider: 'opencode', id, cwd: '/work' },
    ...(folder === undefined ? {} : { token: { folder } }),
  });

  test('trap: a resumed session of another folder never ends; it is looked up, and nothing is started', async () => {
    const found = await start({ kind: 'resume', ref: ref('ses_lane') }, { 'session list': listing });
    expect(found.outcome).toMatchObject({ kind: 'failed', error: { code: 'session-not-found' } });
    expect(found.turn).toBeUndefined();
  });

  test('also when a turn told it, but of another folder', async () => {
    const found = await start({ kind: 'resume', ref: ref('ses_lane', '/lane') }, { 'session list': listing });
    expect(found.turn).toBeUndefined();
  });

  test('a reference that a turn in this folder told needs no look', async () => {
    const found = await start({ kind: 'resume', ref: ref('ses_x', '/work') }, {}, answered('ses_x'));
    expect(found.commands).toHaveLength(1);
    expect(found.turn?.args).toContain('ses_x');
  });

  test('one that was typed in is looked up', async () => {
    const found = await start(
      { kind: 'resume', ref: ref('ses_old') },
      { 'session list': listing },
      answered('ses_old'),
    );
    expect(found.turn?.args).toContain('ses_old');
  });

  test('trap: continue without a session starts one; here nothing is started', async () => {
    const found = await start({ kind: 'continue' }, { 'session list': { stdout: '[]' } });
    expect(found.outcome).toMatchObject({ error: { code: 'session-not-found' } });
    expect(found.turn).toBeUndefined();
  });

  test('continue names the newest of the folder, and another one that answers is a failure', async () => {
    const found = await start({ kind: 'continue' }, { 'session list': listing }, answered('ses_other'));
    expect(found.turn?.args).toContain('ses_new');
    expect(found.outcome).toMatchObject({ error: { code: 'wrong-session' } });
  });

  const whole = {
    info: { id: 'ses_e0733f841ffePFRdvYDCZX8Nsu', directory: '/lane' },
    messages: [{ info: { id: 'msg_1f8cc08b8001WGf9qG0HZCWHwE' } }, { info: { id: 'msg_1f8cc0999001abcdefghijklmn' } }],
  };
  const exporting = { 'session list': listing, export: { stdout: JSON.stringify(whole) } };

  test('trap: a fork from another folder says nothing; a copy is imported into this one', async () => {
    const { host, turn } = await start({ kind: 'fork', ref: ref('ses_lane') }, exporting);
    const taken = host.commands.find((command) => asked(command).startsWith('import'));
    expect(taken?.cwd).toBe('/work');
    const copy = JSON.parse(Object.values(taken?.files ?? {})[0] ?? '');
    expect(copy).toMatchObject({ info: { directory: '/work' } });
    expect(copy.messages).toHaveLength(2);
    expect(turn?.args).toContain(copy.info.id);
    expect(turn?.args).not.toContain('--fork');
  });

  test('a fork at a message is a copy that ends there', async () => {
    const start_ = { kind: 'fork', ref: ref('ses_old', '/work'), at: 'msg_1f8cc08b8001WGf9qG0HZCWHwE' } as const;
    const { host } = await start(start_, exporting);
    const taken = host.commands.find((command) => asked(command).startsWith('import'));
    expect(JSON.parse(Object.values(taken?.files ?? {})[0] ?? '').messages).toHaveLength(1);
  });

  test('what is looked up sees the environment of the turn', async () => {
    const { host } = await start({ kind: 'resume', ref: ref('ses_lane') }, { 'session list': listing });
    expect(host.commands[0]?.env).toMatchObject({ HOME: '/home/turn', OPENCODE_DISABLE_AUTOUPDATE: '1' });
  });

  test('a copy that is not taken is a failure, and nothing goes on', async () => {
    const broken: FakeRun = { stderr: 'Error: no such column', exit: { code: 1 } };
    const { outcome, turn } = await start({ kind: 'fork', ref: ref('ses_lane') }, { ...exporting, import: broken });
    expect(outcome).toMatchObject({ error: { code: 'internal', message: expect.stringContaining('no such column') } });
    expect(turn).toBeUndefined();
  });
});
