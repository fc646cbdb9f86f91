import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChatHttpError, type ChatTurn, chatUserTexts } from '@pawl/fake-models';
import { describe, expect, test } from 'vitest';
import { openCodeModel as model, openOpenCodeStage } from '../src/opencode-stage.ts';

// The real OpenCode, refused, cut off and stopped.
const bash = (command: string) => ({ name: 'bash', input: { command, description: 'run' } });
/** Otherwise its six tries take 70 seconds. */
const soon = { headers: { 'retry-after-ms': '20' } };

describe('a failure is the typed outcome that it is', { timeout: 180_000 }, () => {
  test.each<[string, ChatHttpError, object]>([
    ['a wrong key', { status: 401, message: 'Incorrect API key' }, { code: 'not-signed-in', retryable: false }],
    [
      'a rate limit, with its wait',
      { status: 429, message: 'Slow down', ...soon },
      { code: 'rate-limited', retryable: true, retryAfterMs: 20 },
    ],
    ['a server that fails', { status: 500, message: 'oops', ...soon }, { code: 'internal', retryable: true }],
  ])('%s', async (_, refuse, error) => {
    await using stage = await openOpenCodeStage({ fallback: { refuse } });
    expect((await stage.agent({ model }).run('hi')).outcome).toMatchObject({ kind: 'failed', error });
    expect(stage.processes()).toEqual([]);
  });

  test('a stream that is cut is begun anew by itself', async () => {
    const cut: ChatTurn = { text: 'part one, part two', chunkSize: 9, stopAfterFirstDelta: 'cut' };
    await using stage = await openOpenCodeStage({ turns: [cut], fallback: { text: 'Yes.' } });
    const { outcome, usage } = await stage.agent({ model }).run('hi');
    expect(outcome).toEqual({ kind: 'completed', text: 'Yes.' });
    expect(usage.turns).toBe(1);
    expect(stage.turns()).toHaveLength(2);
  });

  test('two at once in one folder do not meet', async () => {
    await using stage = await openOpenCodeStage({
      fallback: (request) => ({ text: `To ${chatUserTexts(request)}`, delayMs: 300 }),
    });
    // Two that set up the store of a new home at once do meet.
    await stage.agent({ model }).run('first');
    const results = await Promise.all(['one', 'two'].map((prompt) => stage.agent({ model }).run(prompt)));
    expect(results.map(({ outcome }) => outcome)).toEqual(
      ['one', 'two'].map((prompt) => ({ kind: 'completed', text: `To ${prompt}` })),
    );
    expect(new Set(results.map(({ session }) => session?.id)).size).toBe(2);
  });
});

describe('stopped, nothing is left', { timeout: 180_000 }, () => {
  const hanging: ChatTurn = { text: 'never ends, never ends', chunkSize: 5, stopAfterFirstDelta: 'hang' };

  test('in the middle of an answer, by the caller and by a deadline', async () => {
    await using stage = await openOpenCodeStage({ fallback: hanging });
    const agent = stage.agent({ model });
    const running = agent.run('hi');
    await stage.model.waitForTurns(1, 90_000);
    await agent.abort();
    expect((await running).outcome).toEqual({ kind: 'cancelled' });
    expect(stage.processes()).toEqual([]);
    const late = await stage.agent({ model }).run('hi', { firstEventMs: 20_000, idleMs: 3_000 });
    expect(late.outcome).toMatchObject({ kind: 'failed', error: { code: 'timeout' } });
    expect(stage.processes()).toEqual([]);
  });

  test('in the middle of a command that ignores every signal and has left the tree; the session goes on', async () => {
    await using stage = await openOpenCodeStage();
    const started = join(stage.folder, 'started');
    stage.model.push({
      text: 'I run.',
      tools: [bash(`trap "" TERM INT HUP; echo x > ${started}; sleep 300; touch late`)],
    });
    const agent = stage.agent({ model });
    const running = agent.run('hi');
    await expect.poll(() => readFile(started, 'utf8').catch(() => ''), { timeout: 90_000 }).toBe('x\n');
    expect(stage.processes().some(({ command }) => command.startsWith('sleep'))).toBe(true);
    await agent.abort();
    const { outcome, session } = await running;
    expect(outcome).toEqual({ kind: 'cancelled' });
    expect(stage.processes()).toEqual([]);
    expect(readdirSync(stage.folder)).toEqual(['started']);
    if (!session) throw new Error('no session');
    stage.model.push({ text: 'Going on.' });
    expect((await agent.run('go on')).outcome).toEqual({ kind: 'completed', text: 'Going on.' });
    expect(chatUserTexts(stage.turns().at(-1) ?? {})).toEqual(['hi', 'go on']);
  });

  test('while it waits for another try', async () => {
    await using stage = await openOpenCodeStage({ fallback: { refuse: { status: 500, message: 'oops' } } });
    const agent = stage.agent({ model });
    const running = agent.run('hi');
    await stage.model.waitForTurns(1, 90_000);
    await agent.abort();
    expect((await running).outcome).toEqual({ kind: 'cancelled' });
    expect(stage.processes()).toEqual([]);
  });
});
