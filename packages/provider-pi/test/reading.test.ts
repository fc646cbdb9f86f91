import { readFileSync } from 'node:fs';
import type { Host, TranscriptMessage } from '@pawl/provider';
import { fakeHost } from '@pawl/provider-kit/testing';
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
  const url = new URL('../recordings/own-fork-at/context.json', import.meta.url);
  const files: Record<string, string> = JSON.parse(readFileSync(url, 'utf8')).files;
  const [, text = ''] = Object.entries(files).find(([path]) => path.endsWith('.jsonl')) ?? [];
  const lines = text.trimEnd().split('\n');
  const own: string = JSON.parse(lines[0] ?? '').id;
  let read = 0;
  const host: Host = {
    ...fakeHost(() => ({}), {
      env: { HOME: '/home/me' },
      folders: { [folder]: [`2026-11-20T10-00-00-000Z_${own}.jsonl`] },
    }),
    async *readLines() {
      for (const line of lines) {
        read += 1;
        yield line;
      }
    },
  };
  const found: TranscriptMessage[] = [];
  for await (const message of pi.readSession?.({ provider: 'pi', id: own, cwd: '/work' }, host) ?? [])
    found.push(message);
  expect(found.map(brief)).toEqual([
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
  expect(found.every(({ at, id: named }) => at !== undefined && named !== undefined)).toBe(true);
  read = 0;
  for await (const _ of pi.readSession?.({ provider: 'pi', id: own, cwd: '/work' }, host) ?? []) break;
  expect(read).toBeLessThan(lines.length / 2);
});

/** Who, what, and of it the beginning. */
function brief(message: TranscriptMessage): string {
  const { role, type } = message;
  if (message.type === 'tool-call') return `${role} ${type} ${message.kind} ${message.name}`;
  if (message.type === 'tool-result') return `${role} ${type} ${message.status} ${String(message.output).slice(0, 20)}`;
  return `${role} ${type} ${'text' in message ? message.text : ''}`;
}
