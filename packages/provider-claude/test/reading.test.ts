import type { Host } from '@pawl/provider';
import claude from '@pawl/provider-claude';
import { fakeHost } from '@pawl/provider-kit/testing';
import { expect, test } from 'vitest';

const id = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
const folder = '/home/me/.claude/projects/-work';
const timestamp = '2026-11-20T10:00:00.000Z';
const at = Date.parse(timestamp);

async function read(...lines: readonly (object | string)[]) {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const host = fakeHost(() => ({}), {
    env: { HOME: '/home/me' },
    folders: { '/home/me/.claude/projects': ['-work'], [folder]: [`${id}.jsonl`] },
    files: { [`${folder}/${id}.jsonl`]: text },
  });
  const found = [];
  for await (const message of claude.readSession?.({ provider: 'claude', id, cwd: '/work' }, host) ?? [])
    found.push(message);
  return found;
}

test('what was said and done comes in the form that every agent has', async () => {
  const call = { type: 'tool_use', id: 'c1', name: 'Bash', input: { command: 'ls' } };
  const result = { type: 'tool_result', tool_use_id: 'c1', is_error: true, content: [{ type: 'text', text: 'no' }] };
  expect(
    await read(
      { type: 'queue-operation' },
      { type: 'user', uuid: 'u1', timestamp, message: { content: 'Fix it' } },
      { type: 'user', isMeta: true, message: { content: 'of the CLI' } },
      { type: 'assistant', isSidechain: true, message: { content: [{ type: 'text', text: 'of a sub-agent' }] } },
      { type: 'assistant', uuid: 'a1', timestamp, message: { content: [{ type: 'thinking', thinking: 'Hm.' }, call] } },
      { type: 'user', uuid: 'u2', timestamp, message: { content: [result] } },
      {
        type: 'system',
        subtype: 'compact_boundary',
        timestamp,
        compactMetadata: { trigger: 'manual', preTokens: 900 },
      },
      { type: 'assistant', uuid: 'a2', timestamp, message: { content: [{ type: 'text', text: 'Done.' }] } },
    ),
  ).toEqual([
    { role: 'user', type: 'text', text: 'Fix it', at, id: 'u1' },
    { role: 'assistant', type: 'reasoning', text: 'Hm.', at, id: 'a1' },
    {
      ...{ role: 'assistant', type: 'tool-call', call: 'c1', kind: 'execute', name: 'Bash', at, id: 'a1' },
      input: { command: 'ls' },
    },
    { role: 'tool', type: 'tool-result', call: 'c1', status: 'error', output: 'no', at, id: 'u2' },
    { role: 'system', type: 'compaction', trigger: 'manual', tokensBefore: 900, at },
    { role: 'assistant', type: 'text', text: 'Done.', at, id: 'a2' },
  ]);
});

test('of a transcript that is half written the rest is read', async () => {
  const whole = { type: 'user', message: { content: 'Hello' } };
  expect(await read(whole, '{"type":"assistant","mess', whole, 'null', '[]', '{"type":"user","message":7}')).toEqual([
    { role: 'user', type: 'text', text: 'Hello' },
    { role: 'user', type: 'text', text: 'Hello' },
  ]);
});

test('no more of a transcript is read than is asked for', async () => {
  const line = JSON.stringify({ type: 'user', uuid: 'u1', timestamp, message: { content: 'Hello' } });
  let read = 0;
  const host: Host = {
    ...fakeHost(() => ({}), {
      env: { HOME: '/home/me' },
      folders: { '/home/me/.claude/projects': ['-work'], [folder]: [`${id}.jsonl`] },
    }),
    async *readLines() {
      for (; read < 1000; ) {
        read += 1;
        yield line;
      }
    },
  };
  let found = 0;
  for await (const _ of claude.readSession?.({ provider: 'claude', id, cwd: '/work' }, host) ?? []) {
    found += 1;
    if (found === 20) break;
  }
  expect([found, read]).toEqual([20, 20]);
});
