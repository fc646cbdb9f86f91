import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readRecordings, replay, testProvider, writeExpected } from '@pawl/provider-kit/testing';
import { afterAll, expect, test } from 'vitest';
import { done, event, ready, toy } from './toy.ts';

const folder = mkdtempSync(join(tmpdir(), 'pawl-kit-'));
const url = pathToFileURL(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function recording(name: string, lines: readonly string[], exit = '0', more: Record<string, string> = {}): void {
  const files = {
    'stdout.ndjson': lines.map((line) => `${line}\n`).join(''),
    'exit.txt': `${exit}\n`,
    'argv.txt': 'toy\n',
    ...more,
  };
  mkdirSync(join(folder, name));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text);
}

recording('works', [
  ready('s1'),
  event({ type: 'text-delta', id: 't', delta: 'hello' }),
  event({ type: 'tool-call', id: 'c', kind: 'read', name: 'read', input: null }),
  event({ type: 'tool-result', id: 'c', status: 'ok', output: 'x' }),
  done('hello'),
]);
recording('fails', [ready('s1')], '3', { 'stderr.txt': 'oh\n', 'context.json': '{"request":{"access":"read-only"}}' });

// The suite itself, over an adapter that is right; what it makes of these recordings is told below.
const provider = toy({
  capabilities: { ...toy().capabilities, limits: [], sessions: ['resume', 'fork', 'ephemeral', 'choose-id'] },
  command: ({ options, start, access, model, freshId, cwd, prompt }) => ({
    file: options.file ?? 'toy',
    args: [JSON.stringify(start), access, model ?? '-', freshId],
    cwd,
    stdin: prompt,
  }),
});
for (const { name, ...rest } of readRecordings(url)) {
  writeExpected(url, name, await replay(provider, rest));
}
testProvider('toy', {
  provider,
  recordings: url,
  cases: { works: { kind: 'completed' }, fails: { kind: 'failed', code: 'crashed', retryable: true } },
  fake: { options: (file) => ({ file }), recording: 'works' },
});

test('a recording is read with all that belongs to it', () => {
  const [fails, works] = readRecordings(url);
  expect(fails).toMatchObject({
    name: 'fails',
    exit: { code: 3 },
    stderr: 'oh\n',
    context: { request: { access: 'read-only' } },
  });
  expect(works?.expected?.map(({ type }) => type)).toEqual([
    ...['turn-start', 'session-ready', 'text-start', 'text-delta', 'tool-call', 'tool-result', 'text-end', 'turn-end'],
  ]);
});
