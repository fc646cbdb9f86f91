import { readdirSync, readFileSync } from 'node:fs';
import { createRedactor, openStore } from '@pawl/session-store';
import { samplePlan, started, warned } from '@pawl/session-store/testing';
import { expect, test } from 'vitest';
import { useFolder } from './fixtures/folder.ts';

const folder = useFolder();
const secret = 'hunter2-hunter2';
const token = `sk-ant-${'api03-0123456789abcdefghij'}`;

test('no secret reaches the disk, whichever door it takes', async () => {
  const store = folder.closing(openStore({ file: folder.path('pawl.db'), redact: createRedactor([secret]) }));
  const plan = samplePlan({ spec: `Use ${token}.`, repository: `/home/${secret}` });
  await store.runs.append('r1', 0, [started('r1', 1, { ...plan, inputs: { [secret]: `x ${secret}` } }), warned(token)]);
  await store.runs.append('r1', 2, [{ type: 'abort-requested', at: 1, reason: `because ${secret}` }]);
  const ref = { provider: 'claude', id: 'n1', cwd: '/work' };
  const { id } = await store.sessions.record({ ref, at: 1, usage: {}, title: token, tags: [secret] });
  await store.sessions.rename(id, `about ${secret}`);
  await store.sessions.tag(id, token);

  const files = readdirSync(folder.path('.'));
  expect(files).toContain('pawl.db-wal');
  for (const name of files) {
    const bytes = readFileSync(folder.path(name), 'latin1');
    expect(bytes).not.toContain(secret);
    expect(bytes).not.toContain(token.slice(7));
  }
  expect(await store.runs.list()).toMatchObject([{ reason: 'because [redacted]', repository: '/home/[redacted]' }]);
  expect((await store.runs.read('r1'))[0]?.event).toMatchObject({
    plan: { inputs: { '[redacted]': 'x [redacted]' }, spec: { text: 'Use [redacted].' } },
  });
  expect(await store.sessions.get(id)).toMatchObject({ title: 'about [redacted]', tags: ['[redacted]'] });
});
