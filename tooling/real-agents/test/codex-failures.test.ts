import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ResponsesHttpError, ResponsesTurn } from '@pawl/fake-models';
import { describe, expect, test } from 'vitest';
import { clisFolder } from '../src/clis.ts';
import { eventsOf, oneAnswer, raise, said, yes } from '../src/codex-script.ts';
import { type CodexStage, openCodexStage, shell } from '../src/codex-stage.ts';

describe('a failure is the typed outcome that it is', () => {
  const limit = { status: 429, type: 'usage_limit_reached', message: 'limit', more: { plan_type: 'plus' } };
  const inTwoHours = { ...limit, more: { plan_type: 'plus', resets_at: Math.floor(Date.now() / 1_000) + 7_200 } };
  test.each<[string, ResponsesHttpError, object]>([
    ['a used up plan', limit, { code: 'quota-exhausted', retryable: false }],
    [
      'a used up plan that says when it ends',
      inTwoHours,
      {
        code: 'quota-exhausted',
        retryable: true,
        retryAfterMs: expect.toSatisfy((ms) => Math.abs(ms - 7_200_000) < 180_000),
      },
    ],
    ['no credit', { status: 429, type: 'insufficient_quota', message: 'pay' }, { code: 'quota-exhausted' }],
    [
      'a busy server',
      { status: 503, code: 'server_is_overloaded', message: 'busy' },
      { code: 'overloaded', retryable: true },
    ],
    [
      'an unknown model',
      { status: 404, code: 'model_not_found', message: 'The model `x` does not exist' },
      { code: 'model-not-found', retryable: false },
    ],
    [
      'a bad request',
      { status: 400, message: 'nonsense' },
      { code: 'internal', retryable: false, message: 'nonsense.' },
    ],
  ])('%s', async (_, refuse, error) => {
    await using stage = await openCodexStage({ fallback: { refuse } });
    const { outcome } = await stage.agent().run('hi');
    expect(outcome).toMatchObject({ kind: 'failed', error });
    expect(stage.processes()).toEqual([]);
  });

  test('a cut stream: tried again and told, and in the end a failure of the network', async () => {
    const cut: ResponsesTurn = { text: 'half a sentence', stopAfterFirstDelta: 'cut' };
    await using stage = await openCodexStage({ turns: [cut], ...yes });
    const events = await eventsOf(stage.agent().stream('hi'));
    expect(events.filter(({ type }) => type === 'retry-notice')).toMatchObject([{ attempt: 1 }]);
    expect(events.at(-1)).toMatchObject({ outcome: { kind: 'completed', text: 'Yes.' } });
    stage.model.push(cut, cut);
    expect((await stage.agent().run('hi')).outcome).toMatchObject({ error: { code: 'network', retryable: true } });
  });

  test('a context that is full, an answer that is too long, and a refusal', async () => {
    await using stage = await openCodexStage();
    const failing = (code: string): ResponsesTurn => ({ text: 'x', stopAfterFirstDelta: { code, message: code } });
    stage.model.push(failing('context_length_exceeded'), { text: 'half', incomplete: 'max_output_tokens' });
    stage.model.push(failing('cyber_policy'));
    expect((await stage.agent().run('1')).outcome).toMatchObject({ error: { code: 'context-too-long' } });
    expect((await stage.agent().run('2')).outcome).toMatchObject({
      kind: 'limited',
      limit: 'output-tokens',
      text: 'half',
    });
    expect((await stage.agent().run('3')).outcome).toMatchObject({ kind: 'refused' });
  });

  test('no key, a configuration that is wrong, a flag that is not known, a CLI that is not there', async () => {
    await using stage = await openCodexStage(yes);
    const outcomeOf = async (options: Parameters<CodexStage['agent']>[0]) =>
      (await stage.agent(options).run('hi')).outcome;
    const env = { HOME: stage.home };
    expect(await outcomeOf({ env })).toMatchObject({ error: { code: 'not-signed-in', retryable: false } });
    const args = (...words: string[]) => ({ options: { args: words } });
    expect(await outcomeOf(args('--no-such-flag'))).toMatchObject({ error: { code: 'protocol' } });
    const chat = args('-c', 'model_providers.fake.wire_api="chat"');
    expect(await outcomeOf(chat)).toMatchObject({
      error: { code: 'bad-option', message: expect.stringContaining('wire_api') },
    });
    expect(await outcomeOf({ options: { binary: join(stage.folder, 'none') } })).toMatchObject({
      error: { code: 'not-installed', retryable: false },
    });
    expect(stage.model.requests).toEqual([]);
  });

  test('no network: Codex would wait for ever', async () => {
    await using stage = await openCodexStage({ baseUrl: 'http://127.0.0.1:1/v1' });
    const events = await eventsOf(stage.agent().stream('hi'));
    expect(events.filter(({ type }) => type === 'retry-notice').length).toBe(3);
    expect(events.at(-1)).toMatchObject({ outcome: { error: { code: 'network', retryable: true } } });
    expect(stage.processes()).toEqual([]);
  });
});

describe('a stop leaves no process', () => {
  const hang: ResponsesTurn = { text: 'never ends', stopAfterFirstDelta: 'hang' };

  async function stopped(
    stage: CodexStage,
    begun: () => Promise<void>,
    options: Parameters<CodexStage['agent']>[0] = {},
  ) {
    const agent = stage.agent(options);
    const running = agent.run('hi');
    await begun();
    await agent.abort();
    expect((await running).outcome).toEqual({ kind: 'cancelled' });
    expect(stage.processes()).toEqual([]);
    return running;
  }

  test('during text; the session goes on afterwards', async () => {
    await using stage = await openCodexStage({ turns: [hang], ...yes });
    const { session = raise() } = await stopped(stage, () => stage.model.waitForTurns(1, 20_000));
    const next = await stage.agent().resume(session).run('go on');
    expect(next).toMatchObject({ outcome: { text: 'Yes.' }, session: { id: session.id } });
    expect(said(stage, -1)).toEqual(['hi', 'go on']);
  });

  test.each(['edit', 'full'] as const)('during a command that ignores every signal, with access %s', async (access) => {
    await using stage = await openCodexStage();
    const started = join(stage.folder, 'started');
    const git = (...args: string[]) => execFileSync('git', args, { cwd: stage.folder, encoding: 'utf8' });
    git('init', '--quiet');
    stage.model.push(shell(`trap "" TERM INT HUP; echo x > started; sleep 300 & setsid sleep 300; wait`));
    await stopped(stage, () => expect.poll(() => existsSync(started), { timeout: 20_000 }).toBe(true), { access });
    // Its sandbox leaves empty folders behind, of which git sees nothing.
    expect(git('status', '--porcelain')).toBe('?? started\n');
  });

  test('under the script that npm links, on a Node on which it stays the parent', async () => {
    await using stage = await openCodexStage({ fallback: hang });
    const script = 'data:text/javascript,process.execve=undefined';
    const env = { ...stage.environment, NODE_OPTIONS: `--import=${script}` };
    const binary = join(clisFolder, 'node_modules/@openai/codex/bin/codex.js');
    const begun = async () => {
      await stage.model.waitForTurns(1, 20_000);
      const parents = stage.processes().filter(({ name }) => name === 'node' || name === 'MainThread');
      expect([parents.length, stage.processes().some(({ name }) => name === 'codex')]).toEqual([1, true]);
    };
    await stopped(stage, begun, { env, options: { binary } });
  });

  test('killed from outside it has crashed, and what it used is still known', async () => {
    await using stage = await openCodexStage({ turns: [shell('true'), hang] });
    const running = stage.agent().run('hi');
    await stage.model.waitForTurns(2, 20_000);
    for (const { pid, name } of stage.processes()) if (name === 'codex') process.kill(pid, 'SIGKILL');
    expect(await running).toMatchObject({ outcome: { kind: 'failed', error: { code: 'crashed' } }, usage: oneAnswer });
  });
});
