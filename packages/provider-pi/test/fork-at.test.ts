import type { Command } from '@pawl/provider';
import type { Launch } from '@pawl/provider-kit';
import { fakeHost } from '@pawl/provider-kit/testing';
import type { PiOptions } from '@pawl/provider-pi';
import { describe, expect, test } from 'vitest';
import { forkAt } from '../src/fork-at.ts';

const folder = '/home/me/.pi/agent/sessions/--work--';
const source = `${folder}/1_source.jsonl`;
const launch: Launch<PiOptions> = {
  cwd: '/work',
  options: { binary: 'pi', args: [] },
  access: 'edit',
  start: { kind: 'new' },
  prompt: 'x',
  limits: {},
  env: { HOME: '/home/me' },
  freshId: 'unused',
};

interface Entry {
  readonly type: string;
  readonly id: string;
  readonly parentId?: string;
  readonly message?: object;
}
const said = (id: string, parentId: string, role: string, timestamp = 0): Entry => ({
  ...{ type: 'message', id, parentId },
  message: { role, timestamp, content: [] },
});
const story: readonly Entry[] = [
  { type: 'model_change', id: 'm' },
  said('s', 'm', 'system'),
  said('u1', 's', 'user', 1),
  said('a1', 'u1', 'assistant', 2),
  said('t1', 'a1', 'toolResult', 3),
  said('a2', 't1', 'assistant', 4),
  { type: 'thinking_level_change', id: 'l', parentId: 'a2' },
  said('u2', 'l', 'user', 5),
  said('a3', 'u2', 'assistant', 6),
];
const transcript = (head: object, entries: readonly Entry[]) =>
  [{ type: 'session', ...head }, ...entries].map((entry) => JSON.stringify(entry)).join('\n');

/** A Pi that forks: what it makes appears in the folder. */
function forking(made: Readonly<Record<string, string>>, entries = story, others: Record<string, string> = {}) {
  const files: Record<string, string> = {
    [source]: transcript({ id: 'source', cwd: '/work' }, entries),
    ...others,
  };
  const names = () => Object.keys(files).map((path) => path.slice(folder.length + 1));
  const host = fakeHost(() => {
    Object.assign(files, made);
    return {};
  });
  return {
    host: {
      ...host,
      readFile: async (path: string) => files[path] ?? Promise.reject(new Error(`no file ${path}`)),
      listFolder: async (path: string) => (path === folder ? names() : []),
    },
    commands: host.commands as readonly Command[],
  };
}
const copy = (id: string, upTo: string, parentSession = source) => ({
  [`${folder}/2_${id}.jsonl`]: transcript(
    { id, parentSession },
    story.slice(0, story.findIndex((entry) => entry.id === upTo) + 1),
  ),
});
const cut = (at: string, id = 'source') => ({ id, cwd: '/work', at });

describe('a fork at a message', () => {
  test('is made before the prompt that follows, and found by where it comes from and ends', async () => {
    const made = { ...copy('stranger', 'a2', '/elsewhere.jsonl'), ...copy('longer', 'u2'), ...copy('copy-1', 'l') };
    const { host, commands } = forking(made);
    expect(await forkAt(launch, cut('4'), host)).toEqual({ copy: 'copy-1' });
    expect(commands).toHaveLength(1);
    expect(commands[0]?.args.join(' ')).toBe('--mode rpc --session source --no-approve --no-mcp');
    expect(commands[0]?.env).toMatchObject({ HOME: '/home/me', PI_OFFLINE: '1' });
    expect(JSON.parse(commands[0]?.stdin ?? '')).toEqual({ type: 'fork', entryId: 'u2' });
  });

  test('takes the id of an entry for the message, too', async () => {
    const { host } = forking(copy('copy-2', 'a2'));
    expect(await forkAt(launch, cut('a2'), host)).toEqual({ copy: 'copy-2' });
  });

  test('twice at the same place gives two copies', async () => {
    const { host } = forking({ ...copy('copy-3', 'a2'), ...copy('copy-4', 'a2') });
    const empty = forking({ ...copy('copy-3', 'a2'), ...copy('copy-4', 'a2') });
    const both = [await forkAt(launch, cut('4'), host), await forkAt(launch, cut('4'), empty.host)];
    expect(both).toEqual([{ copy: 'copy-3' }, { copy: 'copy-4' }]);
  });

  test('behind the last message is a plain fork; nothing is started for it', async () => {
    const { host, commands } = forking({});
    expect(await forkAt(launch, cut('6'), host)).toEqual({});
    expect(commands).toEqual([]);
  });

  test('counts the branch that the session is on, not one that was left', async () => {
    const left = [...story.slice(0, 6), said('x1', 'a2', 'assistant', 9), ...story.slice(6)];
    const { host } = forking(copy('copy-5', 'a2'), left);
    expect(await forkAt(launch, cut('4'), host)).toEqual({ copy: 'copy-5' });
    await expect(forkAt(launch, cut('9'), host)).rejects.toMatchObject({ code: 'session-not-found' });
  });

  test.each([
    ['a session that is not there', cut('4', 'never'), 'session-not-found'],
    ['a message that is not there', cut('77'), 'session-not-found'],
    ['a message in the middle of a turn', cut('2'), 'unsupported'],
  ])('%s', async (_, where, code) => {
    const { host, commands } = forking({});
    await expect(forkAt(launch, where, host)).rejects.toMatchObject({ code });
    expect(commands).toEqual([]);
  });

  test('a session of another folder is refused by name', async () => {
    const other = '/home/me/.pi/agent/sessions/--other--';
    const { host } = forking({});
    const listFolder = async (path: string) => {
      if (path.endsWith('/sessions')) return ['--other--'];
      return path === other ? ['1_source.jsonl'] : [];
    };
    const where = { id: 'source', cwd: '/other', at: '4' };
    await expect(forkAt(launch, where, { ...host, listFolder })).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('a Pi that makes no copy: a failure, and never the source itself', async () => {
    const { host } = forking({});
    await expect(forkAt(launch, cut('4'), host)).rejects.toMatchObject({ code: 'internal' });
  });

  test('a transcript that cannot be read, or that is a circle', async () => {
    const { host } = forking({});
    const readFile = () => Promise.reject(new Error('too large'));
    await expect(forkAt(launch, cut('4'), { ...host, readFile })).rejects.toMatchObject({ code: 'internal' });
    const circle = [said('p', 'q', 'user', 1), said('q', 'p', 'assistant', 2)];
    await expect(forkAt(launch, cut('7'), forking({}, circle).host)).rejects.toMatchObject({
      code: 'session-not-found',
    });
  });
});
