import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHost } from '@pawl/agent';
import type { Access, AgentEvent, SessionStart, TurnEnd } from '@pawl/provider';
import acp from '@pawl/provider-acp';
import { complaints } from '@pawl/provider-kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

// With an agent that is made with the protocol's own library: both sides of the conversation are real.
const script = fileURLToPath(new URL('fixtures/sdk-agent.mjs', import.meta.url));
const modes = { 'read-only': 'plan', edit: 'ask' };
let root = '';
let folder = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-acp-')));
  folder = join(root, 'folder');
  mkdirSync(folder);
  symlinkSync(root, join(folder, 'out'));
  symlinkSync(join(root, 'not-there'), join(folder, 'dangling'));
  writeFileSync(join(root, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'in.txt'), 'one\ntwo\nthree');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Run {
  readonly end: TurnEnd;
  readonly events: readonly AgentEvent[];
  /** What became of the tool calls. */
  readonly results: readonly { readonly status: string; readonly output: unknown }[];
}

async function run(
  steps: readonly object[],
  { access = 'edit', start = { kind: 'new' }, options = {}, stopAt }: RunOptions = {},
): Promise<Run> {
  const validated = await acp.options['~standard'].validate({ command: [process.execPath, script], modes, ...options });
  if (validated.issues) throw new Error(JSON.stringify(validated.issues));
  const host = createHost({ env: process.env, allow: [] });
  const session = await acp.open({ cwd: folder, access, start, options: validated.value }, host);
  const stop = new AbortController();
  const events: AgentEvent[] = [];
  for await (const event of session.turn({ prompt: JSON.stringify(steps), signal: stop.signal, idleMs: 15_000 })) {
    events.push(event);
    if (event.type === stopAt) stop.abort();
  }
  expect(complaints(events)).toEqual([]);
  const end = events.at(-1);
  if (end?.type !== 'turn-end') throw new Error('no end');
  const results = events.flatMap((event) =>
    event.type === 'tool-result' ? [{ status: event.status, output: event.output }] : [],
  );
  return { end, events, results };
}
interface RunOptions {
  readonly access?: Access;
  readonly start?: SessionStart;
  readonly options?: object;
  readonly stopAt?: AgentEvent['type'];
}

const ask = (kind: string, path?: string, more: object = {}) => ({
  do: 'ask',
  kind,
  ...(path ? { path } : {}),
  ...more,
});

test('a whole turn, with the mode of the access word and the files offered', async () => {
  const { end, events } = await run([
    { do: 'say', text: 'Hel' },
    { do: 'say', text: 'lo.' },
    ask('read'),
    { do: 'heard' },
  ]);
  expect(events.flatMap((event) => (event.type === 'text-delta' ? event.delta : [])).slice(0, 2)).toEqual([
    'Hel',
    'lo.',
  ]);
  expect(end).toMatchObject({ session: { provider: 'acp', id: 'sdk-session', cwd: folder }, unknownLines: 0 });
  expect(end.outcome.kind === 'completed' && JSON.parse(end.outcome.text)).toEqual([
    { fs: { readTextFile: true, writeTextFile: true }, version: 1 },
    { servers: [] },
    { mode: 'ask' },
  ]);
});

describe('permissions', () => {
  const chosen = async (access: Access, asked: readonly object[]) =>
    (await run(asked, { access })).results.map(({ output }) => output);

  test('read-only: what changes nothing is allowed, all else is denied', async () => {
    const inside = join(folder, 'in.txt');
    const kinds = ['read', 'search', 'think', 'fetch', 'edit', 'delete', 'move', 'execute', 'switch_mode', 'other'];
    const answers = await chosen(
      'read-only',
      kinds.map((kind) => ask(kind, inside)),
    );
    const yes = Array.from({ length: 4 }, () => 'allow_once');
    expect(answers).toEqual([...yes, ...Array.from({ length: 6 }, () => 'reject_once')]);
  });

  test.each([
    ['in.txt', 'allow_once'],
    ['new/deep/file.txt', 'allow_once'],
    ['../secret.txt', 'reject_once'],
    ['out/secret.txt', 'reject_once'],
    ['out/new.txt', 'reject_once'],
    ['dangling', 'reject_once'],
    ['in/../in.txt', 'reject_once'],
    ['/etc/passwd', 'reject_once'],
  ])('edit: %s is %s, and so is a command there', async (path, answer) => {
    expect(await chosen('edit', [ask('edit', path), ask('execute', path), ask('other', path)])).toEqual(
      Array.from({ length: 3 }, () => answer),
    );
  });

  test('edit: a command that names no path may run; a change that names none, or of the mode, may not', async () => {
    const asked = [ask('execute'), ask('edit'), ask('other'), ask('switch_mode', 'in.txt')];
    expect(await chosen('edit', asked)).toEqual(['allow_once', 'reject_once', 'reject_once', 'reject_once']);
  });

  test('a permission may name no more than a call that was announced', async () => {
    const asked = [ask('edit', 'in.txt', { announced: true }), ask('edit', '/etc/passwd', { announced: true })];
    expect(await chosen('edit', asked)).toEqual(['allow_once', 'reject_once']);
  });

  test('never for always, but where everything is allowed', async () => {
    const asked = [ask('edit', 'in.txt', { options: ['allow_always', 'reject_always'] })];
    expect(await chosen('edit', asked)).toEqual(['cancelled']);
    expect(await chosen('full', asked)).toEqual(['allow_always']);
    expect(await chosen('full', [ask('other', '/etc/passwd')])).toEqual(['allow_once']);
  });

  test('a denied call is told as denied', async () => {
    const { results, end } = await run([ask('edit', '/etc/passwd')], { access: 'edit' });
    expect(results).toEqual([{ status: 'denied', output: 'reject_once' }]);
    expect(end.outcome.kind).toBe('completed');
  });
});

describe('files', () => {
  const outputs = async (steps: readonly object[], access: Access = 'edit') =>
    (await run(steps, { access })).results.map(({ output }) => output);

  test('of the folder are read, whole or in part', async () => {
    const path = join(folder, 'in.txt');
    const steps = [
      { do: 'read', path },
      { do: 'read', path, line: 2, limit: 1 },
      { do: 'read', path: join(folder, 'no.txt') },
    ];
    expect(await outputs(steps)).toEqual([
      { content: 'one\ntwo\nthree' },
      { content: 'two' },
      { code: -32_002, message: expect.stringContaining('Resource not found') },
    ]);
  });

  test('elsewhere are neither read nor written, whatever the access and through no link', async () => {
    const paths = [
      join(root, 'secret.txt'),
      join(folder, 'out/secret.txt'),
      join(folder, '../secret.txt'),
      join(folder, 'dangling'),
    ];
    const steps = paths.flatMap((path) => [
      { do: 'read', path },
      { do: 'write', path, content: 'x' },
    ]);
    for (const access of ['edit', 'full'] as const) {
      const answers = await outputs(steps, access);
      expect(answers).toEqual(steps.map(() => ({ code: -32_603, message: expect.stringContaining('outside') })));
    }
    expect(readFileSync(join(root, 'secret.txt'), 'utf8')).toBe('secret');
    expect(existsSync(join(root, 'not-there'))).toBe(false);
  });

  test('are written with the folders they need, and replaced whole', async () => {
    const steps = [
      { do: 'write', path: join(folder, 'a/b/c.txt'), content: 'new' },
      { do: 'write', path: join(folder, 'in.txt'), content: '1' },
    ];
    expect(await outputs(steps)).toEqual([{}, {}]);
    expect(readFileSync(join(folder, 'a/b/c.txt'), 'utf8')).toBe('new');
    expect(readFileSync(join(folder, 'in.txt'), 'utf8')).toBe('1');
  });

  test('are not written by a turn that may only read', async () => {
    const [answer] = await outputs([{ do: 'write', path: join(folder, 'in.txt'), content: 'x' }], 'read-only');
    expect(answer).toMatchObject({ message: expect.stringContaining('only read') });
    expect(readFileSync(join(folder, 'in.txt'), 'utf8')).toBe('one\ntwo\nthree');
  });
});

describe('what this agent does not have', () => {
  const ref = { provider: 'acp', id: 'sdk-session', cwd: '/' };

  test('a mode: the turn fails before its prompt', async () => {
    const { end } = await run([{ do: 'write', path: join(folder, 'x'), content: 'x' }], {
      options: { modes: { edit: 'none' } },
    });
    expect(end.outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'unsupported', message: expect.stringContaining('plan') },
    });
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  test.each<SessionStart>([{ kind: 'continue' }, { kind: 'fork', ref }])('a way to %j', async (start) => {
    const { end } = await run([], { start });
    expect(end).toMatchObject({ outcome: { kind: 'failed', error: { code: 'unsupported' } }, session: undefined });
  });

  test('a terminal: refused, and counted', async () => {
    const { end, results } = await run([{ do: 'terminal' }]);
    expect(results).toEqual([{ status: 'ok', output: { code: -32_601, message: expect.any(String) } }]);
    expect(end.unknownLines).toBe(1);
  });

  test('a word of access that nobody named a mode for is refused before it is started', async () => {
    await expect(run([], { access: 'edit', options: { modes: {} } })).rejects.toMatchObject({ code: 'unsupported' });
  });
});

test('a session that is loaded: its past is not what this turn says', async () => {
  const start: SessionStart = { kind: 'resume', ref: { provider: 'acp', id: 'sdk-session', cwd: folder } };
  const { end } = await run([{ do: 'say', text: 'now' }], { start });
  expect(end).toMatchObject({ outcome: { kind: 'completed', text: 'now' }, session: { id: 'sdk-session' } });
});

test('a stop is asked for first', async () => {
  const mark = join(folder, 'mark');
  const { end } = await run(
    [
      { do: 'say', text: 'I begin.' },
      { do: 'hang', mark },
    ],
    { stopAt: 'text-delta' },
  );
  expect(end.outcome).toEqual({ kind: 'cancelled' });
  expect(readFileSync(mark, 'utf8')).toBe('cancelled');
});

test('servers reach the agent in the shape of the protocol', async () => {
  const mcpServers = [{ name: 'notes', command: '/bin/notes', args: ['x'], env: { A: '1' } }];
  const { end } = await run([{ do: 'heard' }], { options: { mcpServers } });
  expect(end.outcome.kind === 'completed' && JSON.parse(end.outcome.text)[1]).toEqual({
    servers: [{ name: 'notes', command: '/bin/notes', args: ['x'], env: [{ name: 'A', value: '1' }] }],
  });
});

test('other directories reach the agent, and with edit it may write there; through no link out of them', async () => {
  const other = join(root, 'other');
  mkdirSync(other);
  symlinkSync(root, join(other, 'out'));
  const inside = join(other, 'new.txt');
  const asked = [inside, join(root, 'new.txt'), join(other, 'out', 'new.txt')].map((path) => ask('edit', path));
  const write = { do: 'write', path: inside, content: 'written' };
  const given = await run([...asked, write, { do: 'heard' }], { options: { directories: [other] } });
  expect(given.results.slice(0, 3).map(({ output }) => output)).toEqual(['allow_once', 'reject_once', 'reject_once']);
  expect(readFileSync(inside, 'utf8')).toBe('written');
  expect(given.end.outcome.kind === 'completed' && JSON.parse(given.end.outcome.text)[1]).toEqual({
    ...{ servers: [], directories: [other] },
  });
  expect((await run([ask('edit', inside)])).results[0]?.output).toBe('reject_once');
});
