import gemini from '@pawl/provider-gemini';
import { fakeHost, keptLines, readKept } from '@pawl/provider-kit/testing';
import { expect, test } from 'vitest';

const id = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
const chats = '/home/me/.gemini/tmp/work/chats';
const name = `session-2026-11-20T09-31-${id.slice(0, 8)}.jsonl`;
const timestamp = '2026-11-20T10:00:00.000Z';
const at = Date.parse(timestamp);

async function read(...lines: readonly (object | string)[]) {
  const header = { sessionId: id, kind: 'main', lastUpdated: timestamp };
  const text = [header, ...lines].map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const host = fakeHost(() => ({}), {
    env: { HOME: '/home/me' },
    folders: { [chats]: [name] },
    files: {
      '/home/me/.gemini/projects.json': JSON.stringify({ projects: { '/work': 'work' } }),
      [`${chats}/${name}`]: text,
    },
  });
  const found = [];
  for await (const message of gemini.readSession?.({ provider: 'gemini', id, cwd: '/work' }, host) ?? [])
    found.push(message);
  return found;
}
const user = (own: string, text: string) => ({ id: own, type: 'user', timestamp, content: [{ text }] });
const said = (own: string, text: string) => ({ role: 'assistant', type: 'text', text, at, id: own });
const answer = (call: string, response: object) => [{ functionResponse: { id: call, name: 'x', response } }];

test('a message that is written again when its tools have answered is told once', async () => {
  const begun = {
    id: 'g1',
    type: 'gemini',
    timestamp,
    content: 'I will.',
    thoughts: [{ subject: 'Hm', description: 'hm' }],
  };
  const calls = [
    { id: 'c1', name: 'read_file', args: { file_path: 'a' }, status: 'success', result: answer('c1', { output: 'A' }) },
    { id: 'c2', name: 'replace', args: {}, status: 'error', result: answer('c2', { error: 'no such file' }) },
    { id: 'c3', name: 'glob', args: {}, status: 'cancelled' },
  ];
  expect(
    await read(
      { $set: { messages: [{ ...user('u0', '<session_context>\nof the CLI</session_context>') }] } },
      user('u1', 'Do it.'),
      begun,
      { ...begun, toolCalls: calls },
      { $set: { lastUpdated: timestamp } },
      {
        id: 'u2',
        type: 'user',
        timestamp,
        content: [...answer('c1', { output: 'A' }), ...answer('c4', { error: 'no' })],
      },
      { id: 'i1', type: 'info', timestamp, content: 'of the CLI' },
      { id: 'g2', type: 'gemini', timestamp, content: 'Done.' },
    ),
  ).toEqual([
    { role: 'user', type: 'text', text: 'Do it.', at, id: 'u1' },
    { role: 'assistant', type: 'reasoning', text: 'Hm: hm', at, id: 'g1' },
    said('g1', 'I will.'),
    {
      role: 'assistant',
      type: 'tool-call',
      call: 'c1',
      kind: 'read',
      name: 'read_file',
      input: { file_path: 'a' },
      at,
      id: 'g1',
    },
    { role: 'tool', type: 'tool-result', call: 'c1', status: 'ok', output: 'A', at, id: 'g1' },
    { role: 'assistant', type: 'tool-call', call: 'c2', kind: 'edit', name: 'replace', input: {}, at, id: 'g1' },
    { role: 'tool', type: 'tool-result', call: 'c2', status: 'error', output: 'no such file', at, id: 'g1' },
    { role: 'assistant', type: 'tool-call', call: 'c3', kind: 'search', name: 'glob', input: {}, at, id: 'g1' },
    { role: 'tool', type: 'tool-result', call: 'c4', status: 'error', output: 'no', at, id: 'u2' },
    said('g2', 'Done.'),
  ]);
});

test('a history that is written whole again, and what was taken back, is told once', async () => {
  const first = [user('u1', 'One.'), { id: 'g1', type: 'gemini', timestamp, content: 'Yes.' }];
  const found = await read(
    ...first,
    { $set: { messages: [...first, user('u2', 'Two.')] } },
    { $rewindTo: 'u2' },
    user('u3', 'Three.'),
  );
  expect(found.map((message) => ('text' in message ? message.text : message.type))).toEqual([
    'One.',
    'Yes.',
    'Two.',
    'Three.',
  ]);
});

test('of a transcript that is half written the rest is read', async () => {
  const found = await read(user('u1', 'Hello'), '{"id":"g1","type":"gem', 'null', '[]', user('u2', 'Again'));
  expect(found).toMatchObject([{ text: 'Hello' }, { text: 'Again' }]);
});

test('what the CLI itself kept is read, and no further than is asked for', async () => {
  const lines = keptLines(new URL('../recordings/kept/', import.meta.url));
  const own: string = JSON.parse(lines[0] ?? '').sessionId;
  const host = fakeHost(() => ({}), {
    env: { HOME: '/home/me' },
    folders: { [chats]: [`session-2026-11-20T09-31-${own.slice(0, 8)}.jsonl`] },
    files: {
      '/home/me/.gemini/projects.json': JSON.stringify({ projects: { '/work': 'work' } }),
      [`${chats}/session-2026-11-20T09-31-${own.slice(0, 8)}.jsonl`]: lines.join('\n'),
    },
  });
  const session = { provider: 'gemini', id: own, cwd: '/work' };
  const { messages, told, linesForFirst } = await readKept(gemini, session, host, lines);
  expect(told).toEqual([
    'user text hi',
    'assistant reasoning Let me think.',
    'assistant text I will write it.',
    'assistant tool-call edit write_file',
    'tool tool-result ok Successfully created',
    'assistant tool-call execute run_shell_command',
    'tool tool-result ok <untrusted_context>\n',
    'assistant tool-call read read_file',
    'tool tool-result ok hello\n',
    'assistant text All done, in a sentence that comes in more than one piece.',
    'user text hi',
    'assistant reasoning Once more.',
    'assistant text I look.',
    'assistant tool-call edit write_file',
    'tool tool-result error Path not in workspac',
    'assistant tool-call execute run_shell_command',
    'tool tool-result ok <untrusted_context>\n',
    'assistant tool-call read read_file',
    'tool tool-result error File not found: /tmp',
    'assistant text All done, in a sentence that comes in more than one piece.',
  ]);
  expect(messages.every(({ at, id: named }) => at !== undefined && named !== undefined)).toBe(true);
  expect(linesForFirst).toBeLessThan(lines.length / 2);
});
