import codex from '@pawl/provider-codex';
import { fakeHost } from '@pawl/provider-kit/testing';
import { expect, test } from 'vitest';

const ref = { provider: 'codex', id: '01900000-0000-7000-8000-000000000000', cwd: '/work' };
const server = (...answers: readonly object[]) =>
  fakeHost(() => ({ stdout: answers.map((answer) => `${JSON.stringify(answer)}\n`).join('') }));

test('is asked for over its server, once that is there', async () => {
  const host = server({ id: 1, result: {} }, { method: 'thread/name/updated' }, { id: 2, result: {} });
  await codex.renameSession?.(ref, 'The till', host);
  expect(host.commands).toMatchObject([{ file: 'codex', args: ['app-server'] }]);
  const asked = host.commands[0]?.stdin
    ?.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).method);
  expect(asked).toEqual(['initialize', 'initialized', 'thread/name/set']);
  expect(host.commands[0]?.stdin).toContain(
    '"params":{"threadId":"01900000-0000-7000-8000-000000000000","name":"The till"}',
  );
});

test.each([
  [
    [
      { id: 1, result: {} },
      { id: 2, error: { message: 'no such thread' } },
    ],
    'session-not-found',
    'no such thread',
  ],
  [[], 'internal', 'is codex on PATH?'],
])('%j is refused as %s', async (answers, code, why) => {
  await expect(codex.renameSession?.(ref, 'x', server(...answers))).rejects.toMatchObject({
    code,
    message: expect.stringContaining(why),
  });
});
