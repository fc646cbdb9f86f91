import type { ChatHttpError, ChatTurn } from '@pawl/fake-models';
import { describe, expect, test } from 'vitest';
import { openCodeModel as model, openOpenCodeStage } from '../src/opencode-stage.ts';

// The real OpenCode, refused, cut off and stopped.
/** Otherwise its six tries take 70 seconds. */
const soon = { headers: { 'retry-after-ms': '20' } };

describe('a failure is the typed outcome that it is', { timeout: 180_000 }, () => {
  test.each<[string, ChatHttpError, object]>([
    [
      'a rate limit, with its wait',
      { status: 429, message: 'Slow down', ...soon },
      { code: 'rate-limited', retryable: true, retryAfterMs: 20 },
    ],
  ])('%s', async (_, refuse, error) => {
    await using stage = await openOpenCodeStage({ fallback: { refuse } });
    expect((await stage.agent({ model }).run('hi')).outcome).toMatchObject({ kind: 'failed', error });
    expect(stage.processes()).toEqual([]);
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
});
