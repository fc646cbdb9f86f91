import { fakeHost, keptLines, readKept } from '@pawl/provider-kit/testing';
import pi from '@pawl/provider-pi';
import { expect, test } from 'vitest';

const id = '01a1f8f5-9f99-718c-81f8-b918371d76ca';
const folder = '/home/me/.pi/agent/sessions/--work--';
const name = `2026-11-20T10-00-00-000Z_${id}.jsonl`;

async function read(...lines: readonly (object | string)[]) {
  const header = { type: 'session', id, cwd: '/work' };
  const text = [header, ...lines].map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const host = fakeHost(() => ({}), {
    env: { HOME: '/home/me' },
    folders: { [folder]: [name] },
    files: { [`${folder}/${name}`]: text },
  });
  const found = [];
  for await (const message of pi.readSession?.({ provider: 'pi', id, cwd: '/work' }, host) ?? []) found.push(message);
  return found;
}
const entry = (own: string, message: object) => ({ type: 'message', id: own, message });
const text = (words: string) => [{ type: 'text', text: words }];

test('what was said and done comes in the form that every agent has', async () => {
  const call = { type: 'toolCall', id: 'c1', name: 'bash', arguments: { command: 'ls' } };
  const thinking = { type: 'thinking', thinking: 'Hm.' };
  expect(
    await read(
      { type: 'model_change', id: 'e0' },
      entry('e1', { role: 'system', content: text('of Pi'), timestamp: 1 }),
      entry('e2', { role: 'user', content: text('Fix it'), timestamp: 2 }),
      entry('e3', { role: 'assistant', content: [thinking, ...text('I will.'), call], timestamp: 3 }),
      entry('e4', { role: 'toolResult', toolCallId: 'c1', content: text('no'), isError: true, timestamp: 4 }),
      { type: 'compaction', id: 'e5', timestamp: '2026-11-20T10:00:00.000Z', tokensBefore: 900, summary: 'short' },
      entry('e6', { role: 'user', content: 'Again', timestamp: 6 }),
      '{"type":"message","id":"e7","mess',
      entry('e8', { role: 'assistant', content: text('Done.'), timestamp: 8 }),
    ),
  ).toEqual([
    { role: 'user', type: 'text', text: 'Fix it', at: 2, id: '2' },
    { role: 'assistant', type: 'reasoning', text: 'Hm.', at: 3, id: '3' },
    { role: 'assistant', type: 'text', text: 'I will.', at: 3, id: '3' },
    {
      ...{ role: 'assistant', type: 'tool-call', call: 'c1', kind: 'execute', name: 'bash', at: 3, id: '3' },
      input: { command: 'ls' },
    },
    { role: 'tool', type: 'tool-result', call: 'c1', status: 'error', output: 'no', at: 4, id: '4' },
    {
      ...{ role: 'system', type: 'compaction', trigger: 'auto', tokensBefore: 900, id: 'e5' },
      at: Date.parse('2026-11-20T10:00:00.000Z'),
    },
    { role: 'user', type: 'text', text: 'Again', at: 6, id: '6' },
    { role: 'assistant', type: 'text', text: 'Done.', at: 8, id: '8' },
  ]);
});

test('what the CLI itself kept is read, and no further than is asked for', async () => {
  const lines = keptLines(new URL('../recordings/own-fork-at/', import.meta.url));
  const own: string = JSON.parse(lines[0] ?? '').id;
  const host = fakeHost(() => ({}), {
    env: { HOME: '/home/me' },
    folders: { [folder]: [`2026-11-20T10-00-00-000Z_${own}.jsonl`] },
  });
  const session = { provider: 'pi', id: own, cwd: '/work' };
  const { messages, told, linesForFirst } = await readKept(pi, session, host, lines);
  expect(told).toEqual([
    'user text hi',
    'assistant reasoning Let me think.',
    'assistant text I will write it.',
    'assistant tool-call edit write',
    'tool tool-result ok Successfully wrote t',
    'assistant text All done, in a sentence that comes in more than one piece.',
    'user text hi',
    'assistant text All done, in a sentence that comes in more than one piece.',
    'user text hi',
    'assistant text All done, in a sentence that comes in more than one piece.',
  ]);
  expect(messages.every(({ at, id: named }) => at !== undefined && named !== undefined)).toBe(true);
  expect(linesForFirst).toBeLessThan(lines.length / 2);
});
