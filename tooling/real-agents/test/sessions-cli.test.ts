import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { userTexts } from '@pawl/fake-models';
import { expect, test } from 'vitest';
import { openCodexStage } from '../src/codex-stage.ts';
import { openPawl } from '../src/pawl.ts';
import { openStage } from '../src/stage.ts';

// The command line in front of sessions that the real agents made by themselves.
test('Claude Code’s own session is found, named, gone on with and opened by its command', {
  timeout: 240_000,
}, async () => {
  await using stage = await openStage({ fallback: (_, index) => ({ text: `Answer ${index}.` }) });
  const { pawl, repository } = await openPawl(stage);
  const { session } = await stage.agent({ cwd: repository }).run('one');
  const listed = JSON.parse((await pawl('sessions', '--all', '--agent', 'claude', '--json')).stdout);
  expect(listed).toMatchObject({
    sessions: [],
    outside: [{ title: 'one', ref: { provider: 'claude', id: session?.id } }],
  });

  const short = session?.id.slice(0, 13) ?? '';
  expect(await pawl('sessions', 'rename', short, 'The till')).toMatchObject({ code: 0 });
  expect(await pawl('sessions', 'tag', short, 'till')).toMatchObject({ code: 0 });
  const resumed = await pawl('sessions', 'resume', short, 'two');
  expect(resumed).toMatchObject({ code: 0, stdout: 'Answer 1.\n' });
  const asked = stage.model.requests.flatMap(({ kind, body }) => (kind === 'turn' && body ? [body] : []));
  expect(
    userTexts(asked.at(-1) ?? {})
      .slice(-2)
      .join('\n'),
  ).toContain('two');
  expect(JSON.stringify(asked.at(-1))).toContain('Answer 0.');

  const [row] = JSON.parse((await pawl('sessions', '--json')).stdout).sessions;
  expect(row).toMatchObject({
    ...{ title: 'The till', tags: ['till'], turns: 1, ref: { id: session?.id } },
    cost: { state: 'measured', usd: expect.any(Number) },
  });
  expect((await pawl('sessions', 'messages', row.short)).stdout).toContain('Answer 1.');

  const { words, cwd } = JSON.parse((await pawl('sessions', 'resume', row.short, '--json')).stdout);
  const [file, ...args] = words as readonly [string, ...string[]];
  const env = { ...process.env, ...stage.environment };
  const child = spawn(file, [...args, '-p', '--output-format', 'json'], { cwd, env, timeout: 60_000 });
  child.stdin.end('three');
  const answer = JSON.parse(await text(child.stdout));
  expect(answer).toMatchObject({ session_id: session?.id, result: 'Answer 2.' });
});

test('a session of Codex is found, and named where it is kept', { timeout: 240_000 }, async () => {
  await using stage = await openCodexStage({ fallback: { text: 'Yes.' } });
  const { pawl, repository } = await openPawl(stage);
  const { session } = await stage.agent({ cwd: repository }).run('one');
  const listed = JSON.parse((await pawl('sessions', '--all', '--json', '--agent', 'codex')).stdout);
  expect(listed.outside).toMatchObject([{ title: 'one', ref: { provider: 'codex', id: session?.id } }]);
  const renamed = await pawl('sessions', 'rename', session?.id ?? '', 'till-of-the-shop');
  expect(renamed).toMatchObject({ code: 0, stderr: expect.stringContaining('also where its agent keeps it') });
});
