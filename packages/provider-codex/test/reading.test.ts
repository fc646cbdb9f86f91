import type { Host } from '@pawl/provider';
import codex from '@pawl/provider-codex';
import { fakeHost } from '@pawl/provider-kit/testing';
import { expect, test } from 'vitest';

const id = '01a1f855-86ea-7b53-896a-a83558fec421';
const day = `/home/me/.codex/sessions/${new Date(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toISOString().slice(0, 10).replaceAll('-', '/')}`;
const name = `rollout-2026-11-20T10-00-00-${id}.jsonl`;
const timestamp = '2026-11-20T10:00:00.000Z';
const at = Date.parse(timestamp);

async function read(...lines: readonly (object | string)[]) {
  const text = lines
    .map((line) => (typeof line === 'string' ? line : JSON.stringify({ timestamp, ...line })))
    .join('\n');
  const host = fakeHost(() => ({}), {
    env: { HOME: '/home/me' },
    folders: { [day]: [name] },
    files: { [`${day}/${name}`]: text },
  });
  const found = [];
  for await (const message of codex.readSession?.({ provider: 'codex', id, cwd: '/work' }, host) ?? [])
    found.push(message);
  return found;
}
const item = (payload: object) => ({ type: 'response_item', payload });

test('what was said and done comes in the form that every agent has, without what Codex adds', async () => {
  expect(
    await read(
      { type: 'session_meta', payload: { id, cwd: '/work' } },
      item({ type: 'message', role: 'user', content: [{ type: 'input_text', text: '<environment_context>' }] }),
      { type: 'event_msg', payload: { type: 'user_message', message: 'Fix it' } },
      item({ type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] }),
      item({ type: 'function_call', name: 'exec_command', call_id: 'c1', arguments: '{"cmd":"ls"}' }),
      item({ type: 'function_call_output', call_id: 'c1', output: 'a' }),
      item({ type: 'custom_tool_call', name: 'apply_patch', call_id: 'c2', input: '*** Begin Patch' }),
      { type: 'compacted', payload: { message: 'short' } },
      item({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Done.' }] }),
      '{"timestamp":"2026-11-20T10:00:00.000Z","type":"respon',
    ),
  ).toEqual([
    { role: 'user', type: 'text', text: 'Fix it', at },
    { role: 'assistant', type: 'reasoning', text: 'Hm.', at },
    {
      role: 'assistant',
      type: 'tool-call',
      call: 'c1',
      kind: 'execute',
      name: 'exec_command',
      input: { cmd: 'ls' },
      at,
    },
    { role: 'tool', type: 'tool-result', call: 'c1', status: 'ok', output: 'a', at },
    {
      role: 'assistant',
      type: 'tool-call',
      call: 'c2',
      kind: 'edit',
      name: 'apply_patch',
      input: '*** Begin Patch',
      at,
    },
    { role: 'system', type: 'compaction', trigger: 'auto', at },
    { role: 'assistant', type: 'text', text: 'Done.', at },
  ]);
});

test('no more of a rollout is read than is asked for: its first line, and as much as the page', async () => {
  const meta = JSON.stringify({ timestamp, type: 'session_meta', payload: { id, cwd: '/work' } });
  const said = JSON.stringify({ timestamp, type: 'event_msg', payload: { type: 'user_message', message: 'Hello' } });
  let read = 0;
  const host: Host = {
    ...fakeHost(() => ({}), { env: { HOME: '/home/me' }, folders: { [day]: [name] } }),
    async *readLines() {
      for (let line = meta; read < 1000; line = said) {
        read += 1;
        yield line;
      }
    },
  };
  let found = 0;
  for await (const _ of codex.readSession?.({ provider: 'codex', id, cwd: '/work' }, host) ?? []) {
    found += 1;
    if (found === 20) break;
  }
  expect([found, read]).toEqual([20, 22]);
});
