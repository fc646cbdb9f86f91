import { readFileSync } from 'node:fs';
import type { Host, SessionRef, TranscriptMessage } from '@pawl/provider';
import { fakeHost } from '@pawl/provider-kit/testing';
import opencode from '@pawl/provider-opencode';
import { describe, expect, test } from 'vitest';

const ref: SessionRef = { provider: 'opencode', id: 'ses_1', cwd: '/work' };

async function read(host: Host, most = Number.POSITIVE_INFINITY): Promise<readonly TranscriptMessage[]> {
  const found: TranscriptMessage[] = [];
  for await (const message of opencode.readSession?.(ref, host) ?? []) {
    found.push(message);
    if (found.length === most) break;
  }
  return found;
}
const exported = (value: unknown) => fakeHost(() => ({ stdout: `${JSON.stringify(value, null, 2)}\n` }));
const part = (type: string, more: object) => ({ type, id: 'prt', ...more });
const tool = (callID: string, state: object) => part('tool', { tool: 'bash', callID, state: { input: {}, ...state } });

test('what was said and done comes in the form that every agent has, without what OpenCode adds', async () => {
  const info = (role: string, id: string) => ({ role, id, time: { created: 5 } });
  const calls = [
    tool('c1', { status: 'completed', output: 'a', title: 'List' }),
    tool('c2', { status: 'error', error: 'no' }),
    tool('c3', { status: 'running' }),
  ];
  const messages = [
    {
      info: info('user', 'm1'),
      parts: [part('text', { text: 'Fix\n    },\nit' }), part('text', { text: 'its own', synthetic: true })],
    },
    {
      info: info('assistant', 'm2'),
      parts: [part('step-start', {}), part('reasoning', { text: 'Hm.' }), part('text', { text: 'I will.' }), ...calls],
    },
    { info: info('user', 'm3'), parts: [part('compaction', { auto: true })] },
  ];
  const common = { at: 5, id: 'm2' };
  const call = (own: string) => ({
    role: 'assistant',
    type: 'tool-call',
    call: own,
    kind: 'execute',
    name: 'bash',
    input: {},
    ...common,
  });
  expect(await read(exported({ info: { id: 'ses_1' }, messages }))).toEqual([
    { role: 'user', type: 'text', text: 'Fix\n    },\nit', at: 5, id: 'm1' },
    { role: 'assistant', type: 'reasoning', text: 'Hm.', ...common },
    { role: 'assistant', type: 'text', text: 'I will.', ...common },
    { ...call('c1'), title: 'List' },
    { role: 'tool', type: 'tool-result', call: 'c1', status: 'ok', output: 'a', ...common },
    call('c2'),
    { role: 'tool', type: 'tool-result', call: 'c2', status: 'error', output: 'no', ...common },
    call('c3'),
    { role: 'system', type: 'compaction', trigger: 'auto', at: 5, id: 'm3' },
  ]);
});

describe('the export', () => {
  test('that OpenCode itself made is read', async () => {
    const url = new URL('../recordings/own-tools/export.json', import.meta.url);
    const messages = await read(fakeHost(() => ({ stdout: readFileSync(url, 'utf8') })));
    expect(messages.map((message) => [message.role, message.type])).toMatchInlineSnapshot(`
      [
        [
          "user",
          "text",
        ],
        [
          "assistant",
          "reasoning",
        ],
        [
          "assistant",
          "text",
        ],
        [
          "assistant",
          "tool-call",
        ],
        [
          "tool",
          "tool-result",
        ],
        [
          "assistant",
          "text",
        ],
      ]
    `);
  });

  test('is read no further than is asked for', async () => {
    const messages = Array.from({ length: 50 }, (_, index) => ({
      info: { role: 'user', id: `m${index}`, time: { created: 5 } },
      parts: [part('text', { text: `${index}` })],
    }));
    let lines = 0;
    let stopped = 0;
    const host: Host = {
      ...exported({ info: {}, messages }),
      spawn: () => ({
        lines: (async function* () {
          for (const text of JSON.stringify({ info: {}, messages }, null, 2).split('\n')) {
            lines += 1;
            yield { line: lines, text };
          }
        })(),
        exit: Promise.resolve({ code: 0, signal: undefined, stderrTail: '' }),
        stop: async () => {
          stopped += 1;
        },
      }),
    };
    expect(await read(host, 2)).toHaveLength(2);
    expect([lines < 60, stopped]).toEqual([true, 1]);
  });

  test.each([
    [
      'an unknown session',
      { stderr: 'Session not found', exit: { code: 1, stderrTail: 'Session not found' } },
      'session-not-found',
    ],
    ['something that is no export', { stdout: 'hello\n' }, 'protocol'],
    ['no program', { exit: { code: 127 } }, 'not-installed'],
  ])('of %s is refused by name', async (_, run, code) => {
    await expect(read(fakeHost(() => run))).rejects.toMatchObject({ code });
  });
});
