import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenRequest, SessionStart, TurnEnd } from '@pawl/provider';
import { processHost } from '@pawl/provider-kit/testing';
import script, { type ScriptOptions } from '@pawl/provider-script';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pawl-script-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script that is written down here. */
async function run(
  source: string,
  over: Partial<OpenRequest<ScriptOptions>> = {},
  prompt = 'the prompt',
): Promise<TurnEnd> {
  const file = join(folder, 'agent.mjs');
  writeFileSync(file, source);
  const options = { command: [process.execPath, file] };
  const session = await script.open(
    { cwd: folder, access: 'edit', start: { kind: 'new' }, options, ...over },
    processHost(),
  );
  try {
    return await session.turn({ prompt, idleMs: 20_000 }).ended;
  } finally {
    await session.close();
  }
}

const text = ({ outcome }: TurnEnd) => (outcome.kind === 'completed' ? outcome.text : JSON.stringify(outcome));

test('the prompt comes on standard input, whole, whatever its length', async () => {
  const source = `let n = 0, last = ''; for await (const c of process.stdin) { n += c.length; last = String(c).slice(-3); } console.log(n, last);`;
  expect(text(await run(source, {}, `${'x'.repeat(3_000_000)}end`))).toBe('3000003 end');
});

test('a script that does not read its prompt ends all the same', async () => {
  expect(text(await run(`console.log('hi'); process.exit(0)`, {}, 'x'.repeat(3_000_000)))).toBe('hi');
});

test('it works in the folder it is given, with the environment of the caller', async () => {
  const end = await run(
    `console.log(process.cwd() === process.argv[1].replace(/.agent.mjs$/, ''), process.env.PAWL_STEP)`,
    {
      env: { PAWL_STEP: 'build/tests' },
    },
  );
  expect(text(end)).toMatch(/build\/tests$/);
});

test('a session goes on under the same id, a fork under another', async () => {
  const source = `console.log(process.env.PAWL_SESSION_ID, process.env.PAWL_SESSION_START)`;
  const first = await run(source);
  const ref = first.session;
  if (!ref) throw new Error('no session');
  expect(text(first)).toBe(`${ref.id} new`);
  expect(ref.id).toMatch(/^[0-9a-f-]{36}$/);
  const again = (start: SessionStart) => run(source, { start });
  expect(text(await again({ kind: 'resume', ref }))).toBe(`${ref.id} resume`);
  const fork = await again({ kind: 'fork', ref });
  expect(text(fork)).toBe(`${fork.session?.id} fork`);
  expect(fork.session?.id).not.toBe(ref.id);
  expect((await run(source)).session?.id).not.toBe(ref.id);
});

test('usage adds up; what no line told stays unknown', async () => {
  const end = await run(
    `for (const n of [1, 2]) console.log(JSON.stringify({ type: 'usage', inputTokens: n, costUsd: n / 10 }))`,
  );
  expect(end.usage).toEqual({ inputTokens: 3, costUsd: 0.1 + 0.2 });
});

test('a usage line may say how full the context window is; that does not add up', async () => {
  const file = join(folder, 'context.mjs');
  const line = (tokens: number) => JSON.stringify({ type: 'usage', contextTokens: tokens, contextWindow: 1000 });
  writeFileSync(file, `console.log(${JSON.stringify(`${line(300)}\n${line(500)}`)})`);
  const options = { command: [process.execPath, file] };
  const request = { cwd: folder, access: 'edit', start: { kind: 'new' }, options } as const;
  const session = await script.open(request, processHost());
  const contexts = [];
  for await (const event of session.turn({ prompt: '', idleMs: 20_000 }))
    if (event.type === 'usage-update') contexts.push(event.context);
  await session.close();
  expect(contexts).toEqual([
    { tokens: 300, window: 1000 },
    { tokens: 500, window: 1000 },
  ]);
});

describe('failures', () => {
  test('the end of standard error is kept', async () => {
    const { outcome } = await run(`console.error('why it failed'); process.exit(4)`);
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'crashed', exitCode: 4 } });
    expect(JSON.stringify(outcome)).toContain('why it failed');
  });

  test.each([
    [{ code: 'overloaded' }, true],
    [{ code: 'network', retryAfterMs: 900 }, true],
    [{ code: 'quota-exhausted' }, false],
    [{ code: 'quota-exhausted', retryAfterMs: 900 }, true],
    [{ code: 'not-signed-in' }, false],
  ])('it says itself why: %o', async (told, retryable) => {
    const line = JSON.stringify({ type: 'failure', message: 'so it is', ...told });
    const { outcome } = await run(`console.log(${JSON.stringify(line)}); process.exit(1)`);
    expect(outcome).toMatchObject({ kind: 'failed', error: { ...told, message: 'so it is', retryable } });
  });

  test('a failure of a code that it may not tell is text, and one that ends well has not failed', async () => {
    const failing = (code: string) => `console.log('{"type":"failure","code":"${code}"}');`;
    const { outcome } = await run(`${failing('constructor')} process.exit(1)`);
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'crashed' } });
    expect((await run(failing('network'))).outcome).toMatchObject({ kind: 'completed' });
  });

  test('"continue" is refused by name', async () => {
    const opened = script.open(
      { cwd: folder, access: 'edit', start: { kind: 'continue' }, options: { command: ['x'] } },
      processHost(),
    );
    await expect(opened).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('continue') });
  });

  test('a long talk keeps its end, in bounded memory', async () => {
    const end = await run(`for (let i = 0; i < 400_000; i++) process.stdout.write('line ' + i + '\\n')`);
    expect(text(end)).toMatch(/line 399999$/);
    expect(text(end).length).toBeLessThanOrEqual(1_048_576);
  });
});
