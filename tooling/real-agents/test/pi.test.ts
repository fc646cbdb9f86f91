import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHost } from '@pawl/agent';
import {
  type ChatHttpError,
  type ChatTurn,
  chatAssistantTexts,
  chatToolNames,
  chatToolResults,
  chatUserTexts,
  type OpenAiChatOptions,
} from '@pawl/fake-models';
import type { AgentEvent } from '@pawl/provider';
import { pi } from '@pawl/provider-pi';
import { describe, expect, test } from 'vitest';
import { piCli } from '../src/clis.ts';
import { piModel as model, openPiStage as openStage } from '../src/pi-stage.ts';

// The real Pi through its adapter and the agent library.
const write = (path: string, content = 'written\n') => ({ name: 'write', input: { path, content } });
const bash = (command: string) => ({ name: 'bash', input: { command } });
const yes: OpenAiChatOptions = { fallback: { text: 'Yes.' } };
const usage = { input: 1_000, cacheRead: 600, output: 30, reasoning: 7 };
/** What the folders below the home hold, by name. */
const sessionsOf = (home: string) => {
  const folder = join(home, '.pi', 'agent', 'sessions');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
};

test('the pinned version is what the probe finds, signed in by a model of its own', async () => {
  await using stage = await openStage();
  const host = createHost({ env: { ...process.env, ...stage.environment }, allow: pi().environment });
  expect(await pi().probe(host, { binary: 'pi', args: [] })).toMatchObject({
    ...{ found: true, version: piCli.version, known: true, signedIn: true },
  });
});

describe('a turn', () => {
  test('writes a real file, runs a command and tells text, session, model, tokens and cost', async () => {
    await using stage = await openStage();
    stage.model.push({ reasoning: 'I think.', text: 'I write.', tools: [write('a.txt')], usage });
    stage.model.push({ tools: [bash('cat a.txt')], usage }, { text: 'I wrote it.', usage });
    const events: AgentEvent[] = [];
    const options = { effort: 'high' };
    const agent = stage.agent({ model, options });
    const result = await agent.run('write a.txt', { onEvent: (event) => void events.push(event) });
    expect(result).toMatchObject({
      outcome: { kind: 'completed', text: 'I wrote it.' },
      ...{ model, cost: { state: 'measured' }, turns: 3, unknownLines: 0 },
      usage: { inputTokens: 3_000, cachedInputTokens: 1_800, outputTokens: 90, reasoningTokens: 21 },
    });
    expect(result.usage.costUsd).toBeCloseTo((3 * (400 + 60 + 300)) / 1e6, 9);
    expect(await readFile(join(stage.folder, 'a.txt'), 'utf8')).toBe('written\n');
    expect(chatToolResults(stage.turns()[2] ?? {})).toEqual(['written\n']);
    expect(stage.turns()[0]?.reasoning_effort).toBe('high');
    const live = events.flatMap((event) => (event.type === 'usage-update' ? (event.usage.turns ?? 0) : []));
    expect(new Set(live)).toEqual(new Set([0, 1, 2, 3]));
    expect(stage.processes()).toEqual([]);
  });

  test('takes a prompt of a megabyte, as it is, also one that looks like a flag, a file or a command', async () => {
    await using stage = await openStage(yes);
    const prompt = `--tools @a.txt /help !ls ${'x'.repeat(1_000_000)} "end" $HOME`;
    expect((await stage.agent({ model }).run(prompt)).outcome).toEqual({ kind: 'completed', text: 'Yes.' });
    expect(chatUserTexts(stage.turns()[0] ?? {})).toEqual([prompt]);
  });

  test('with read-only access has no tool that writes, whatever the user and the folder allow', async () => {
    await using stage = await openStage({}, { defaultTools: ['read', 'bash', 'write'], defaultProjectTrust: 'always' });
    writeFileSync(join(stage.folder, 'read.txt'), 'to be read');
    mkdirSync(join(stage.folder, '.pi', 'extensions'), { recursive: true });
    const extension =
      "import { writeFileSync } from 'node:fs';\nwriteFileSync('ran.txt', 'x');\nexport default () => {};\n";
    writeFileSync(join(stage.folder, '.pi', 'extensions', 'ran.ts'), extension);
    const tools = [{ name: 'read', input: { path: 'read.txt' } }, bash('echo x > no.txt'), write('no.txt')];
    stage.model.push({ tools }, { text: 'I could not.' });
    const events: AgentEvent[] = [];
    const onEvent = (event: AgentEvent) => void events.push(event);
    await stage.agent({ model, access: 'read-only' }).run('go', { onEvent });
    expect(chatToolNames(stage.turns()[0] ?? {})).toEqual(['read', 'grep', 'find', 'ls']);
    const results = events.flatMap((event) => (event.type === 'tool-result' ? event.status : []));
    expect(results.sort()).toEqual(['error', 'error', 'ok']);
    expect(readdirSync(stage.folder).sort()).toEqual(['.pi', 'read.txt']);
  });

  test('with edit access writes in its folder alone; with full access anywhere', async () => {
    await using stage = await openStage();
    const outside = join(stage.home, 'outside.txt');
    symlinkSync(stage.home, join(stage.folder, 'link'));
    const tools = [write(outside), write('link/outside.txt'), write('../outside.txt'), write('inside.txt')];
    stage.model.push({ tools }, { text: 'Done.' });
    const events: AgentEvent[] = [];
    await stage.agent({ model }).run('go', { onEvent: (event) => void events.push(event) });
    const results = events.flatMap((event) => (event.type === 'tool-result' ? event.status : []));
    expect(results.sort()).toEqual(['denied', 'denied', 'denied', 'ok']);
    await expect(readFile(outside)).rejects.toThrow('ENOENT');
    stage.model.push({ tools: [write(outside)] }, { text: 'Done.' });
    await stage.agent({ model, access: 'full' }).run('go');
    expect(await readFile(outside, 'utf8')).toBe('written\n');
  });

  test('by a model that Pi took a piece of a name for is no answer; an unknown one is not found', async () => {
    await using stage = await openStage(yes);
    const code = async (name: string) => (await stage.agent({ model: name }).run('hi')).outcome;
    expect(await code('fake/tex')).toMatchObject({ error: { code: 'wrong-model' } });
    expect(await code('nobody/nothing')).toMatchObject({ error: { code: 'model-not-found', retryable: false } });
  });
});

describe('a conversation', () => {
  test('goes on, is resumed, continued, listed, exported and forked; the original stays as it was', async () => {
    await using stage = await openStage({ fallback: (_, index) => ({ text: `Answer ${index}.` }) });
    const agent = stage.agent({ model });
    const first = await agent.run('one');
    const ref = JSON.parse(JSON.stringify(first.session));
    expect(ref).toMatchObject({ provider: 'pi', cwd: stage.folder });

    const second = await stage.agent({ model }).resume(ref).run('two');
    expect(second.session?.id).toBe(ref.id);
    expect(second.usage).toEqual(first.usage);
    expect(chatUserTexts(stage.turns()[1] ?? {})).toEqual(['one', 'two']);
    expect(chatAssistantTexts(stage.turns()[1] ?? {})).toEqual(['Answer 0.']);

    const before = sessionsOf(stage.home);
    const copy = await agent.fork().run('aside');
    expect(copy.session?.id).not.toBe(ref.id);
    expect(chatUserTexts(stage.turns()[2] ?? {})).toEqual(['one', 'two', 'aside']);
    expect(copy.usage).toEqual(first.usage);

    // Behind the first answer, and behind the last one.
    const early = await stage
      .agent({ model })
      .fork(ref, { at: first.messageId ?? '' })
      .run('early');
    expect(early.outcome.kind).toBe('completed');
    expect(chatUserTexts(stage.turns()[3] ?? {})).toEqual(['one', 'early']);
    const late = await stage
      .agent({ model })
      .fork(ref, { at: second.messageId ?? '' })
      .run('late');
    expect(chatUserTexts(stage.turns()[4] ?? {})).toEqual(['one', 'two', 'late']);
    expect(new Set([ref.id, copy.session?.id, early.session?.id, late.session?.id]).size).toBe(4);
    expect(sessionsOf(stage.home)).toEqual(expect.arrayContaining(before));

    await agent.run('three');
    expect(chatUserTexts(stage.turns()[5] ?? {})).toEqual(['one', 'two', 'three']);
    const continued = await stage.agent({ model }).continueLatest().run('four');
    expect(continued.session?.id).toBe(ref.id);

    const host = createHost({ env: stage.environment, allow: ['HOME'] });
    const listed = await pi().listSessions?.({ cwd: stage.folder }, host);
    expect(listed?.map(({ ref: { id }, title }) => [id, title])).toEqual([
      [ref.id, 'one'],
      ...[late, early, copy].map(({ session }) => [session?.id, 'one']),
    ]);
    const lines: string[] = [];
    for await (const line of pi().exportSession?.(ref, host) ?? []) lines.push(line);
    expect(lines.join('\n')).toContain('Answer 6.');
  });

  test('that is ephemeral leaves nothing and cannot be gone on with; an id may be chosen, once', async () => {
    await using stage = await openStage(yes);
    const ephemeral = stage.agent({ model }).ephemeral();
    expect((await ephemeral.run('one')).session).toBeUndefined();
    await ephemeral.run('two');
    expect(chatUserTexts(stage.turns()[1] ?? {})).toEqual(['two']);
    expect(sessionsOf(stage.home)).toEqual([]);

    const host = createHost({ env: { ...process.env, ...stage.environment }, allow: [] });
    const request = { cwd: stage.folder, options: { binary: 'pi', args: [] }, model, access: 'edit' as const };
    const chosen = async () => {
      const session = await pi().open({ ...request, start: { kind: 'new', id: 'my-own.id' } }, host);
      const { outcome } = await session.turn({ prompt: 'hi' }).ended;
      return { outcome, id: session.ref?.id };
    };
    expect(await chosen()).toMatchObject({ outcome: { kind: 'completed' }, id: 'my-own.id' });
    expect((await chosen()).outcome).toMatchObject({ error: { code: 'bad-option' } });
  });

  test('that has a folder of its own is kept there, and gone on with from there', async () => {
    await using stage = await openStage(yes);
    const folder = join(stage.home, 'own-sessions');
    const agent = () => stage.agent({ model }).withSessionDir(folder);
    const { session } = await agent().run('one');
    if (!session) throw new Error('no session');
    expect(readdirSync(folder, { recursive: true, encoding: 'utf8' }).join()).toContain(session.id);
    expect(sessionsOf(stage.home)).toEqual([]);
    const resumed = await agent().resume(session).run('two');
    expect(resumed.session?.id).toBe(session.id);
    expect(chatUserTexts(stage.turns()[1] ?? {})).toEqual(['one', 'two']);
    // Elsewhere it is not there.
    const missing = { error: { code: 'session-not-found' } };
    expect((await stage.agent({ model }).resume(session).run('three')).outcome).toMatchObject(missing);
  });

  test('that does not exist, or is of another folder, is a typed failure and never a new one', async () => {
    await using stage = await openStage(yes);
    const ref = { provider: 'pi', id: '99999999-2222-4333-8444-555555555555', cwd: stage.folder };
    const missing = { kind: 'failed', error: { code: 'session-not-found', retryable: false } };
    expect((await stage.agent({ model }).resume(ref).run('go on')).outcome).toMatchObject(missing);
    expect((await stage.agent({ model }).fork(ref).run('go on')).outcome).toMatchObject(missing);
    expect((await stage.agent({ model }).continueLatest().run('go on')).outcome).toMatchObject(missing);
    expect(stage.model.requests).toEqual([]);

    const other = join(stage.folder, 'other');
    mkdirSync(other);
    const { session } = await stage.agent({ model }).run('one');
    if (!session) throw new Error('no session');
    const elsewhere = stage.agent({ model, cwd: other });
    expect((await elsewhere.resume(session).run('two')).outcome).toMatchObject(missing);
    // A piece of its id is not its id.
    const piece = { ...session, id: session.id.slice(0, 8) };
    const { outcome } = await stage.agent({ model }).resume(piece).run('two');
    expect(outcome).toMatchObject({ error: { code: 'wrong-session' } });
    const forked = await elsewhere.fork(session).run('aside');
    expect(forked).toMatchObject({ outcome: { kind: 'completed' }, session: { cwd: other } });
    expect(chatUserTexts(stage.turns().at(-1) ?? {})).toContain('aside');
  });
});

describe.concurrent('a failure is the typed outcome that it is, though Pi exits with 0', () => {
  test.each<[string, ChatHttpError, object]>([
    ['a wrong key', { status: 401, message: 'Incorrect API key' }, { code: 'not-signed-in', retryable: false }],
    ['an unknown model', { status: 404, message: 'no such model' }, { code: 'model-not-found', retryable: false }],
    ['a rate limit', { status: 429, message: 'Slow down' }, { code: 'rate-limited', retryable: true }],
    ['an overloaded server', { status: 503, message: 'later' }, { code: 'overloaded', retryable: true }],
  ])('%s', async (_, refuse, error) => {
    await using stage = await openStage({ fallback: { refuse } });
    const events: AgentEvent[] = [];
    const { outcome } = await stage.agent({ model }).run('hi', { onEvent: (event) => void events.push(event) });
    expect(outcome).toMatchObject({ kind: 'failed', error: { ...error, exitCode: 0 } });
    const retries = events.filter((event) => event.type === 'retry-notice');
    expect(retries).toHaveLength('retryable' in error && error.retryable ? 3 : 0);
    expect(stage.processes()).toEqual([]);
  });

  test('a stream that is cut, once and for good', async () => {
    const cut: ChatTurn = { text: 'part one, part two', chunkSize: 9, stopAfterFirstDelta: 'cut' };
    await using once = await openStage({ turns: [cut], ...yes });
    expect((await once.agent({ model }).run('hi')).outcome).toEqual({ kind: 'completed', text: 'Yes.' });
    await using always = await openStage({ fallback: cut });
    const { outcome } = await always.agent({ model }).run('hi');
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'network', retryable: true } });
  });

  test('no account', async () => {
    await using stage = await openStage(yes);
    writeFileSync(join(stage.home, '.pi', 'agent', 'models.json'), '{"providers":{}}');
    const { outcome } = await stage.agent().run('hi');
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'not-signed-in', retryable: false } });
  });
});

describe('stopped, nothing is left', () => {
  const hanging: ChatTurn = { text: 'never ends, never ends', chunkSize: 5, stopAfterFirstDelta: 'hang' };

  test('by the deadline between two events', async () => {
    await using stage = await openStage({ fallback: hanging });
    const { outcome } = await stage.agent({ model }).run('hi', { idleMs: 2_000 });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'timeout' } });
    expect(stage.processes()).toEqual([]);
  });
});
