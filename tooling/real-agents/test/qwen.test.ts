import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHost } from '@pawl/agent';
import {
  type ChatHttpError,
  type ChatTurn,
  chatAssistantTexts,
  chatToolResults,
  chatUserTexts,
  type OpenAiChatOptions,
} from '@pawl/fake-models';
import type { AgentEvent } from '@pawl/provider';
import { qwen } from '@pawl/provider-qwen';
import { describe, expect, test } from 'vitest';
import { qwenCli } from '../src/clis.ts';
import { openQwenStage as openStage } from '../src/qwen-stage.ts';

// The real Qwen Code, started by its launcher, through its adapter and the agent library.
const write = (path: string, content = 'written\n') => ({ name: 'write_file', input: { file_path: path, content } });
const shell = (command: string) => ({ name: 'run_shell_command', input: { command, is_background: false } });
const yes: OpenAiChatOptions = { fallback: { text: 'Yes.' } };
/** At once: its own tries take more than a minute, unless the server says when. */
const refusing = (error: Omit<ChatHttpError, 'headers'>): OpenAiChatOptions => ({
  fallback: { refuse: { ...error, headers: { 'retry-after-ms': '5' } } },
});
const said = (request: Parameters<typeof chatUserTexts>[0] | undefined) =>
  chatUserTexts(request ?? {}).map((text) => text.trim());
const chatsOf = (home: string) => {
  const projects = join(home, '.qwen', 'projects');
  const names = readdirSync(projects, { recursive: true }).map(String);
  return names
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => ({ name, text: readFileSync(join(projects, name), 'utf8') }));
};

test('the pinned version is what the probe finds, signed in by its key', async () => {
  await using stage = await openStage();
  const host = createHost({ env: { ...process.env, ...stage.environment }, allow: qwen().environment });
  expect(await qwen().probe(host, { binary: 'qwen', args: [] })).toMatchObject({
    ...{ found: true, version: qwenCli.version, known: true, signedIn: true },
  });
});

describe('a turn', () => {
  test('writes a real file, runs a command and tells text, reasoning, session, model and tokens', async () => {
    await using stage = await openStage();
    const usage = { input: 1_000, cacheRead: 600, output: 30 };
    stage.model.push({ reasoning: 'Hm.', text: 'I write.', tools: [write(join(stage.folder, 'a.txt'))], usage });
    stage.model.push({ tools: [shell('cat a.txt')], usage }, { text: 'I wrote it.', usage });
    const events: AgentEvent[] = [];
    const result = await stage.agent().run('write a.txt', { onEvent: (event) => void events.push(event) });
    expect(result).toMatchObject({
      outcome: { kind: 'completed', text: 'I wrote it.' },
      ...{ model: 'fake-model', cost: { state: 'unknown' }, turns: 3, unknownLines: 0 },
      usage: { inputTokens: 3_000, cachedInputTokens: 1_800, outputTokens: 90 },
    });
    expect(await readFile(join(stage.folder, 'a.txt'), 'utf8')).toBe('written\n');
    expect(chatToolResults(stage.turns()[2] ?? {})).toEqual([expect.stringContaining('written')]);
    const live = events.flatMap((event) => (event.type === 'usage-update' ? (event.usage.turns ?? 0) : []));
    expect(live).toEqual([1, 2, 3]);
    const told = new Set(events.map(({ type }) => type));
    expect(
      ['reasoning-delta', 'text-delta', 'tool-call', 'tool-result'].every((type) => told.has(type as 'text-delta')),
    ).toBe(true);
    // Nothing behind our back: no memory was written by a request of its own.
    expect(stage.model.requests.map(({ kind }) => kind)).toEqual(['turn', 'turn', 'turn']);
    expect(stage.processes()).toEqual([]);
  });

  test('takes a prompt of a megabyte, as it is, also one that looks like a command or names files', async () => {
    // Without this the CLI takes the model for a small one, and refuses before it asks it.
    await using stage = await openStage(yes, { model: { generationConfig: { contextWindowSize: 1_000_000 } } });
    const prompt = `/stats @a-name @types/node ${'x'.repeat(1_000_000)} "end"`;
    expect((await stage.agent().run(prompt)).outcome).toEqual({ kind: 'completed', text: 'Yes.' });
    expect(said(stage.turns()[0]).join('')).toContain(prompt);
    await using small = await openStage(yes);
    expect((await small.agent().run(prompt)).outcome).toMatchObject({
      error: { code: 'context-too-long', retryable: false },
    });
    expect(small.turns()).toEqual([]);
  });

  test('gives structured output by a schema, or its text where the model gave nothing else', async () => {
    await using stage = await openStage();
    const answer = { name: 'pawl', teeth: 12 };
    stage.model.push({ text: 'Hm.', tools: [{ name: 'structured_output', input: { name: 1 } }] });
    stage.model.push({ tools: [{ name: 'structured_output', input: answer }] }, { text: '{"name":"in text"}' });
    const properties = { name: { type: 'string' }, teeth: { type: 'integer' } };
    const outputSchema = { type: 'object', properties, required: ['name', 'teeth'] };
    const agent = stage.agent({ access: 'read-only' });
    expect(await agent.run('describe it', { outputSchema })).toMatchObject({
      outcome: { kind: 'completed' },
      json: answer,
    });
    const second = await agent.run('again', { outputSchema });
    expect(second.outcome).toEqual({ kind: 'completed', text: '{"name":"in text"}' });
  });

  test('with read-only access reads, and cannot write, whatever the user allows', async () => {
    const attempt = (folder: string): ChatTurn[] => [
      { tools: [shell('cat read.txt | wc -c'), shell('echo x > no.txt'), shell('touch no.txt')] },
      {
        tools: [
          write(join(folder, 'no.txt')),
          { name: 'agent', input: { description: 'x', prompt: 'write', subagent_type: 'general-purpose' } },
        ],
      },
      { text: 'I could not.' },
    ];
    for (const { settings, expected } of [
      { settings: {}, expected: ['ok', 'denied', 'denied', 'denied', 'denied'] },
      {
        settings: { permissions: { allow: ['Bash', 'Edit', 'Write', 'Agent'] } },
        expected: ['denied', 'denied', 'denied', 'denied', 'denied'],
      },
    ]) {
      await using stage = await openStage({}, settings);
      writeFileSync(join(stage.folder, 'read.txt'), 'to be read');
      stage.model.push(...attempt(stage.folder));
      const events: AgentEvent[] = [];
      await stage.agent({ access: 'read-only' }).run('go', { onEvent: (event) => void events.push(event) });
      expect(events.flatMap((event) => (event.type === 'tool-result' ? event.status : []))).toEqual(expected);
      expect(readdirSync(stage.folder)).toEqual(['read.txt']);
    }
  });

  test('with edit access its file tools stay in the folder', async () => {
    await using stage = await openStage();
    stage.model.push(
      { tools: [write(join(stage.home, 'outside.txt')), write(join(stage.folder, 'inside.txt'))] },
      { text: 'Done.' },
    );
    await stage.agent({ access: 'edit' }).run('go');
    expect(readdirSync(stage.folder)).toEqual(['inside.txt']);
    expect(readdirSync(stage.home)).not.toContain('outside.txt');
  });

  test('a limit of turns is kept by the CLI', async () => {
    await using stage = await openStage({ fallback: { text: 'So far.', tools: [shell('ls')] } });
    const { outcome } = await stage.agent().run('loop', { limits: { turns: 2 } });
    expect(outcome).toEqual({ kind: 'limited', limit: 'turns', by: 'agent', text: 'So far.' });
    expect(stage.turns()).toHaveLength(2);
  });
});

describe('a conversation', () => {
  test('goes on, is resumed, continued, listed, exported and forked; the original stays as it was', async () => {
    await using stage = await openStage({ fallback: (_, index) => ({ text: `Answer ${index}.` }) });
    const agent = stage.agent();
    const first = await agent.run('one');
    const ref = JSON.parse(JSON.stringify(first.session));
    expect(ref).toMatchObject({ provider: 'qwen', cwd: stage.folder });

    const second = await stage.agent().resume(ref).run('two');
    expect(second.session?.id).toBe(ref.id);
    expect(second.usage).toEqual(first.usage);
    expect(said(stage.turns()[1])).toEqual(['one', 'two']);
    expect(chatAssistantTexts(stage.turns()[1] ?? {})).toContain('Answer 0.');

    const before = chatsOf(stage.home);
    const copy = await agent.fork().run('aside');
    expect(copy.outcome.kind).toBe('completed');
    expect(copy.session?.id).not.toBe(ref.id);
    expect(said(stage.turns()[2])).toEqual(['one', 'two', 'aside']);
    // A fork starts at its parent's figures; they are not counted again.
    expect(copy.usage).toEqual(first.usage);
    expect(chatsOf(stage.home)).toEqual(expect.arrayContaining(before));

    await agent.run('three');
    expect(said(stage.turns()[3])).toEqual(['one', 'two', 'three']);
    const continued = await stage.agent().continueLatest().run('four');
    expect(continued.session?.id).toBe(ref.id);
    expect(said(stage.turns()[4])).toEqual(['one', 'two', 'three', 'four']);

    const host = createHost({ env: stage.environment, allow: ['HOME'] });
    const listed = await qwen().listSessions?.({ cwd: stage.folder }, host);
    expect(listed?.map(({ ref: { id }, title }) => [id, title])).toEqual([
      [ref.id, 'one'],
      [copy.session?.id, 'one'],
    ]);
    const lines: string[] = [];
    for await (const line of qwen().exportSession?.(ref, host) ?? []) lines.push(line);
    expect(lines.join('\n')).toContain('Answer 4.');
    expect(readdirSync(stage.folder)).toEqual([]);
  }, 60_000);

  test('that is ephemeral leaves none, and cannot be gone on with', async () => {
    await using stage = await openStage(yes);
    const agent = stage.agent().ephemeral();
    expect((await agent.run('one')).session).toBeUndefined();
    await agent.run('two');
    expect(said(stage.turns()[1])).toEqual(['two']);
    const host = createHost({ env: stage.environment, allow: ['HOME'] });
    expect(await qwen().listSessions?.({ cwd: stage.folder }, host)).toEqual([]);
  });

  test('that does not exist is a typed failure and never a new one; fork-at is refused by name', async () => {
    await using stage = await openStage(yes);
    const ref = { provider: 'qwen', id: '99999999-2222-4333-8444-555555555555', cwd: stage.folder };
    const missing = { kind: 'failed', error: { code: 'session-not-found', retryable: false } };
    expect((await stage.agent().resume(ref).run('go on')).outcome).toMatchObject(missing);
    expect((await stage.agent().fork(ref).run('go on')).outcome).toMatchObject(missing);
    expect((await stage.agent().continueLatest().run('go on')).outcome).toMatchObject(missing);
    expect((await stage.agent().fork(ref, { at: 'm' }).run('x')).outcome).toMatchObject({
      error: { code: 'unsupported' },
    });
    expect(stage.model.requests).toEqual([]);
  });
});

describe.concurrent('a failure is the typed outcome that it is', () => {
  test.each<[string, Omit<ChatHttpError, 'headers'>, object]>([
    [
      'a wrong key',
      { status: 401, message: 'Incorrect API key provided.' },
      { code: 'not-signed-in', retryable: false },
    ],
    [
      'an unknown model',
      { status: 404, message: 'The model x does not exist' },
      { code: 'model-not-found', retryable: false },
    ],
    [
      'no credit',
      { status: 429, message: 'You exceeded your current quota.', code: 'insufficient_quota' },
      { code: 'quota-exhausted', retryable: false },
    ],
    ['a server that is too busy', { status: 503, message: 'busy' }, { code: 'overloaded', retryable: true }],
  ])('%s', async (_, refuse, error) => {
    await using stage = await openStage(refusing(refuse));
    expect((await stage.agent().run('hi')).outcome).toMatchObject({ kind: 'failed', error });
    expect(stage.processes()).toEqual([]);
  });

  test('a stream that is cut is tried again by the CLI, an answer that is too long too: that one is told', async () => {
    await using stage = await openStage();
    stage.model.push({ text: 'part one, part two', chunkSize: 9, stopAfterFirstDelta: 'cut' });
    stage.model.push({ text: 'Too long', finishReason: 'length' }, { text: 'Whole.' });
    const events: AgentEvent[] = [];
    const { outcome } = await stage.agent().run('hi', { onEvent: (event) => void events.push(event) });
    expect(outcome).toMatchObject({ kind: 'completed', text: expect.stringContaining('Whole.') });
    expect(events.map(({ type }) => type)).toContain('retry-notice');
    expect(stage.turns()).toHaveLength(3);
  });

  test('no key', async () => {
    await using stage = await openStage(yes);
    const env = { ...stage.environment, OPENAI_API_KEY: '', OPENAI_BASE_URL: '', OPENAI_MODEL: '' };
    const { outcome } = await stage.agent({ env }).run('hi');
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'not-signed-in', retryable: false } });
  });
});

describe('stopped, nothing is left', () => {
  const hanging: ChatTurn = { text: 'never ends, never ends', chunkSize: 5, stopAfterFirstDelta: 'hang' };

  test('in the middle of a text; the launcher goes with the program that it started', async () => {
    await using stage = await openStage({ fallback: hanging });
    const agent = stage.agent();
    const running = agent.run('hi', { onEvent: (event) => void (event.type === 'text-delta' && agent.abort()) });
    expect((await running).outcome).toEqual({ kind: 'cancelled' });
    expect(stage.processes()).toEqual([]);
  });

  test('by the deadline between two events', async () => {
    await using stage = await openStage({ fallback: hanging });
    const { outcome } = await stage.agent().run('hi', { idleMs: 2_000 });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'timeout' } });
    expect(stage.processes()).toEqual([]);
  });
});
