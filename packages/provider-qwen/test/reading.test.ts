import { fakeHost, keptLines, readKept } from '@pawl/provider-kit/testing';
import qwen from '@pawl/provider-qwen';
import { expect, test } from 'vitest';

const id = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
const chats = '/home/me/.qwen/projects/-work/chats';
const timestamp = '2026-11-20T10:00:00.000Z';
const at = Date.parse(timestamp);

async function read(...lines: readonly (object | string)[]) {
  const text = lines
    .map((line) => (typeof line === 'string' ? line : JSON.stringify({ timestamp, ...line })))
    .join('\n');
  const host = fakeHost(() => ({}), {
    env: { HOME: '/home/me' },
    folders: { [chats]: [`${id}.jsonl`] },
    files: { [`${chats}/${id}.jsonl`]: text },
  });
  const found = [];
  for await (const message of qwen.readSession?.({ provider: 'qwen', id, cwd: '/work' }, host) ?? [])
    found.push(message);
  return found;
}
const line = (type: string, uuid: string, ...parts: readonly object[]) => ({ type, uuid, message: { parts } });

test('what was said and done comes in the form that every agent has, without what the CLI adds', async () => {
  const call = { functionCall: { id: 'c1', name: 'run_shell_command', args: { command: 'ls' } } };
  const given = (response: object) => ({ functionResponse: { id: 'c1', name: 'run_shell_command', response } });
  expect(
    await read(
      { ...line('user', 'u0', { text: 'of the CLI' }), provenance: 'system' },
      line('user', 'u1', { text: '<system-reminder>of the CLI</system-reminder>' }, { text: 'Fix it\n\n' }),
      line('assistant', 'a1', { text: 'Hm.', thought: true }, { text: 'I will.' }, call),
      line('tool_result', 't1', given({ output: 'a' })),
      line('tool_result', 't2', given({ error: 'no such file' })),
      line('tool_result', 't3', given({ error: 'it was denied by permission rules' })),
      { type: 'system', uuid: 's1', subtype: 'ui_telemetry', systemPayload: {} },
      { type: 'system', uuid: 's2', subtype: 'chat_compression' },
      line('assistant', 'a2', { text: 'Done.' }),
      '{"type":"assistant","mess',
    ),
  ).toEqual([
    { role: 'user', type: 'text', text: 'Fix it', at, id: 'u1' },
    { role: 'assistant', type: 'reasoning', text: 'Hm.', at, id: 'a1' },
    { role: 'assistant', type: 'text', text: 'I will.', at, id: 'a1' },
    {
      ...{ role: 'assistant', type: 'tool-call', call: 'c1', kind: 'execute', name: 'run_shell_command' },
      ...{ input: { command: 'ls' }, at, id: 'a1' },
    },
    { role: 'tool', type: 'tool-result', call: 'c1', status: 'ok', output: 'a', at, id: 't1' },
    { role: 'tool', type: 'tool-result', call: 'c1', status: 'error', output: 'no such file', at, id: 't2' },
    {
      ...{ role: 'tool', type: 'tool-result', call: 'c1', status: 'denied', at, id: 't3' },
      output: 'it was denied by permission rules',
    },
    { role: 'system', type: 'compaction', trigger: 'auto', at, id: 's2' },
    { role: 'assistant', type: 'text', text: 'Done.', at, id: 'a2' },
  ]);
});

test('what the CLI itself kept is read, and no further than is asked for', async () => {
  const lines = keptLines(new URL('../recordings/kept/', import.meta.url));
  const own: string = JSON.parse(lines[0] ?? '').sessionId;
  const host = fakeHost(() => ({}), {
    env: { HOME: '/home/me' },
    folders: { [chats]: [`${own}.jsonl`] },
  });
  const session = { provider: 'qwen', id: own, cwd: '/work' };
  const { messages, told, linesForFirst } = await readKept(qwen, session, host, lines);
  expect(told).toEqual([
    'user text hi',
    'assistant reasoning Let me think.',
    'assistant text I will write it.',
    'assistant tool-call edit write_file',
    'tool tool-result ok Successfully created',
    'assistant tool-call execute run_shell_command',
    'assistant tool-call execute run_shell_command',
    'tool tool-result ok Command: cat b.txt\nD',
    'tool tool-result error Command: exit 3\nDire',
    'assistant text All done, in a sentence that comes in more than one piece.',
    'user text hi',
    'assistant reasoning Once more.',
    'assistant text I look.',
    'assistant tool-call edit write_file',
    'assistant tool-call execute run_shell_command',
    'assistant tool-call read read_file',
    'tool tool-result denied Qwen Code requires p',
    'tool tool-result error Command: exit 3\nDire',
    'tool tool-result error File not found: /tmp',
    'assistant text All done, in a sentence that comes in more than one piece.',
  ]);
  expect(messages.every(({ at, id: named }) => at !== undefined && named !== undefined)).toBe(true);
  expect(linesForFirst).toBeLessThan(lines.length / 2);
});
