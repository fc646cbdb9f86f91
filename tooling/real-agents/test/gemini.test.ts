import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type GeminiError,
  type GeminiOptions,
  type GeminiTurn,
  geminiModelTexts,
  geminiToolResults,
  geminiUserTexts,
} from '@pawl/fake-models';
import type { AgentEvent } from '@pawl/provider';
import { gemini } from '@pawl/provider-gemini';
import { describe, expect, test } from 'vitest';
import { geminiCli } from '../src/clis.ts';
import { openGeminiStage as openStage } from '../src/gemini-stage.ts';

// The real Gemini CLI through its adapter and the agent library.
const model = 'gemini-2.5-flash';
const write = (path: string, content = 'written\n') => ({ name: 'write_file', args: { file_path: path, content } });
const shell = (command: string) => ({ name: 'run_shell_command', args: { command } });
const yes: GeminiOptions = { fallback: { text: 'Yes.' } };
const refusing = (error: GeminiError): GeminiOptions => ({ fallback: { refuse: error } });
const chatsOf = (home: string) => {
  const projects = join(home, '.gemini', 'tmp');
  return readdirSync(projects, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => ({ name, text: readFileSync(join(projects, name), 'utf8') }));
};

test('the pinned version is what the probe finds, signed in by its key', async () => {
  await using stage = await openStage();
  const { createHost } = await import('@pawl/agent');
  const host = createHost({ env: { ...process.env, ...stage.environment }, allow: gemini().environment });
  expect(await gemini().probe(host, { binary: 'gemini', args: [] })).toMatchObject({
    ...{ found: true, version: geminiCli.version, known: true, signedIn: true },
  });
});

describe('a turn', () => {
  test('writes a real file, runs a command and tells text, session, model and tokens', async () => {
    await using stage = await openStage();
    const usage = { input: 1_000, cached: 600, output: 30, thoughts: 7 };
    stage.model.push({ text: 'I write.', calls: [write('a.txt')], usage });
    stage.model.push({ calls: [shell('cat a.txt')], usage }, { text: 'I wrote it.', usage });
    const events: AgentEvent[] = [];
    const result = await stage.agent({ model }).run('write a.txt', { onEvent: (event) => void events.push(event) });
    expect(result).toMatchObject({
      outcome: { kind: 'completed', text: 'I wrote it.' },
      ...{ model, cost: { state: 'unknown' }, turns: 3, unknownLines: 0 },
      usage: { inputTokens: 3_000, cachedInputTokens: 1_800, outputTokens: 111, reasoningTokens: 21 },
    });
    expect(await readFile(join(stage.folder, 'a.txt'), 'utf8')).toBe('written\n');
    expect(geminiToolResults(stage.turns()[2] ?? {}).map(({ text }) => text)).toEqual([
      expect.stringContaining('written'),
    ]);
    const live = events.flatMap((event) => (event.type === 'usage-update' ? (event.usage.turns ?? 0) : []));
    expect(live).toEqual([1, 2, 3, 3]);
    expect(stage.processes()).toEqual([]);
  });

  test('takes a prompt of a megabyte, as it is, also one that looks like a command or names files', async () => {
    // The CLI repeats the prompt on its output, and loses what nobody has read of it when it ends.
    await using stage = await openStage({ fallback: { text: 'Yes.', delayMs: 1_500 } });
    const prompt = `/stats @a-name @types/node ${'x'.repeat(1_000_000)} "end"`;
    expect((await stage.agent({ model }).run(prompt)).outcome).toEqual({ kind: 'completed', text: 'Yes.' });
    expect(geminiUserTexts(stage.turns()[0] ?? {}).join('')).toBe(`\n${prompt}`);
  });

  test('with read-only access reads, and cannot write: not by a tool, a command, nor by a plan of its own', async () => {
    await using stage = await openStage();
    writeFileSync(join(stage.folder, 'read.txt'), 'to be read');
    // The user allows everything.
    mkdirSync(join(stage.home, '.gemini', 'policies'));
    const generous = '[[rule]]\ntoolName = "*"\ndecision = "allow"\npriority = 999\n';
    writeFileSync(join(stage.home, '.gemini', 'policies', 'all.toml'), generous);
    stage.model.push(
      { calls: [shell('cat read.txt'), shell('echo x > no.txt'), write('no.txt')] },
      { calls: [{ name: 'enter_plan_mode', args: { reason: 'to get out' } }] },
      { calls: [{ name: 'exit_plan_mode', args: { plan_filename: 'plan.md' } }] },
      { calls: [write('no.txt'), shell('touch no.txt')] },
      { text: 'I could not.' },
    );
    const events: AgentEvent[] = [];
    await stage.agent({ model, access: 'read-only' }).run('go', { onEvent: (event) => void events.push(event) });
    const results = events.flatMap((event) => (event.type === 'tool-result' ? event.status : []));
    expect(results).toEqual(['ok', ...Array.from({ length: 6 }, () => 'denied')]);
    expect(readdirSync(stage.folder)).toEqual(['read.txt']);
  });

  test('by another model than the one asked for is no answer', async () => {
    await using stage = await openStage({ fallback: { text: 'Yes.', model: 'gemini-2.5-pro' } });
    expect((await stage.agent({ model }).run('hi')).outcome).toMatchObject({ error: { code: 'wrong-model' } });
    // An alias that the CLI resolves is fine.
    await using plain = await openStage(yes);
    const result = await plain.agent({ model: 'flash' }).run('hi');
    expect(result.outcome.kind).toBe('completed');
    expect(result.model).toMatch(/^gemini-.*flash/);
  });
});

describe('a conversation', () => {
  test('goes on, is resumed, continued, listed, exported and forked; the original stays as it was', async () => {
    await using stage = await openStage({ fallback: (_, index) => ({ text: `Answer ${index}.` }) });
    const agent = stage.agent({ model });
    const first = await agent.run('one');
    const ref = JSON.parse(JSON.stringify(first.session));
    expect(ref).toMatchObject({ provider: 'gemini', cwd: stage.folder });

    const second = await stage.agent({ model }).resume(ref).run('two');
    expect(second.session?.id).toBe(ref.id);
    expect(second.usage).toEqual(first.usage);
    expect(geminiUserTexts(stage.turns()[1] ?? {})).toEqual(['one', 'two']);
    expect(geminiModelTexts(stage.turns()[1] ?? {})).toEqual(['Answer 0.']);

    // In a later minute there is a second file, with nothing said in it: it is given a word so that it stays.
    const before = chatsOf(stage.home).filter(({ text }) => text.includes('Answer 0.'));
    expect(before).toHaveLength(1);
    const copy = await agent.fork().run('aside');
    expect(copy.outcome.kind).toBe('completed');
    expect(copy.session?.id).not.toBe(ref.id);
    expect(geminiUserTexts(stage.turns()[2] ?? {})).toEqual(['one', 'two', 'aside']);
    expect(copy.usage).toEqual(first.usage);
    expect(chatsOf(stage.home)).toEqual(expect.arrayContaining(before));

    // The fork was started last; the one used last is the original.
    await agent.run('three');
    expect(geminiUserTexts(stage.turns()[3] ?? {})).toEqual(['one', 'two', 'three']);
    const continued = await stage.agent({ model }).continueLatest().run('four');
    expect(continued.session?.id).toBe(ref.id);
    expect(geminiUserTexts(stage.turns()[4] ?? {})).toEqual(['one', 'two', 'three', 'four']);

    const { createHost } = await import('@pawl/agent');
    const host = createHost({ env: stage.environment, allow: ['HOME'] });
    const listed = await gemini().listSessions?.({ cwd: stage.folder }, host);
    expect(listed?.map(({ ref: { id }, title }) => [id, title])).toEqual([
      [ref.id, 'one'],
      [copy.session?.id, 'one'],
    ]);
    const lines: string[] = [];
    for await (const line of gemini().exportSession?.(ref, host) ?? []) lines.push(line);
    expect(lines.join('\n')).toContain('Answer 4.');
    // Nobody was asked for a title.
    expect(stage.model.requests.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'turn'));
  }, 60_000);

  // With settings of an administrator ours do not count, as for everybody who has not installed it as root.
  test.each([{}, { GEMINI_CLI_SYSTEM_SETTINGS_PATH: '/opt/none.json' }])(
    'is not lost when others start after it was resumed, as the CLI’s own clean-up would have it',
    async (administrator) => {
      await using stage = await openStage(yes, {}, administrator);
      const { session } = await stage.agent({ model }).run('one');
      // What resuming in a later minute leaves behind: a second file of the same beginning, with nothing in it.
      const [chat] = chatsOf(stage.home);
      const [header = ''] = (chat?.text ?? '').split('\n');
      const name = (chat?.name ?? '').replace(/session-\d{4}-/, 'session-1999-');
      writeFileSync(join(stage.home, '.gemini', 'tmp', name), `${header}\n`);
      await stage.agent({ model }).run('another one');
      await stage.agent({ model }).run('and another');
      if (!session) throw new Error('no session');
      const resumed = await stage.agent({ model }).resume(session).run('two');
      expect(resumed.outcome.kind).toBe('completed');
      expect(geminiUserTexts(stage.turns().at(-1) ?? {})).toEqual(['one', 'two']);
    },
  );

  test('that does not exist is a typed failure and never a new one; ephemeral and fork-at are refused by name', async () => {
    await using stage = await openStage(yes);
    const ref = { provider: 'gemini', id: '99999999-2222-4333-8444-555555555555', cwd: stage.folder };
    const missing = { kind: 'failed', error: { code: 'session-not-found', retryable: false } };
    expect((await stage.agent().resume(ref).run('go on')).outcome).toMatchObject(missing);
    expect((await stage.agent().fork(ref).run('go on')).outcome).toMatchObject(missing);
    expect((await stage.agent().continueLatest().run('go on')).outcome).toMatchObject(missing);
    const unsupported = { kind: 'failed', error: { code: 'unsupported' } };
    expect((await stage.agent().ephemeral().run('x')).outcome).toMatchObject(unsupported);
    expect((await stage.agent().fork(ref, { at: 'm' }).run('x')).outcome).toMatchObject(unsupported);
    expect(stage.model.requests).toEqual([]);
  });

  test('whose first request failed begins anew; one that had answers goes on', async () => {
    await using stage = await openStage({
      turns: [{ refuse: { code: 401, message: 'no' } }, { text: 'Yes.' }, { refuse: { code: 401, message: 'no' } }],
      ...yes,
    });
    const agent = stage.agent({ model });
    expect((await agent.run('one')).session).toBeUndefined();
    expect((await agent.run('two')).outcome.kind).toBe('completed');
    expect((await agent.run('three')).outcome.kind).toBe('failed');
    expect((await agent.run('four')).outcome.kind).toBe('completed');
    expect(geminiUserTexts(stage.turns().at(-1) ?? {})).toEqual(['two', 'four']);
  });
});

describe.concurrent('a failure is the typed outcome that it is', () => {
  const once = { maxAttempts: 1 };
  test.each<[string, GeminiError, object]>([
    [
      'a wrong key',
      { code: 401, message: 'API key not valid.' },
      { code: 'not-signed-in', retryable: false, exitCode: 145 },
    ],
    ['an unknown model', { code: 404, message: 'no such model' }, { code: 'model-not-found', retryable: false }],
    [
      'a rate limit, with its wait',
      { code: 429, message: 'Slow. Please retry in 9s.' },
      { code: 'rate-limited', retryable: true, retryAfterMs: 9_000 },
    ],
  ])('%s', async (_, refuse, error) => {
    await using stage = await openStage(refusing(refuse), once);
    expect((await stage.agent({ model }).run('hi')).outcome).toMatchObject({ kind: 'failed', error });
    expect(stage.processes()).toEqual([]);
  });

  test('no key', async () => {
    await using stage = await openStage(yes);
    const { outcome } = await stage.agent({ model, env: { ...stage.environment, GEMINI_API_KEY: '' } }).run('hi');
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'not-signed-in', retryable: false } });
  });
});

describe('stopped, nothing is left', () => {
  const hanging: GeminiTurn = { text: 'never ends, never ends', chunkSize: 5, stopAfterFirstChunk: 'hang' };

  test('by the deadline between two events', async () => {
    await using stage = await openStage({ fallback: hanging });
    const { outcome } = await stage.agent({ model }).run('hi', { idleMs: 2_000 });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'timeout' } });
    expect(stage.processes()).toEqual([]);
  });
});
