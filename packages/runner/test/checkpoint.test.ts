import { expect, test } from 'vitest';
import { startRun } from '../src/index.ts';
import type { SessionCheckpoint } from '../src/ports.ts';
import { sampleWorld } from './sample-run.ts';

test('of every attempt are told with where the conversation stood', async () => {
  const { world, plan } = sampleWorld();
  const told: SessionCheckpoint[] = [];
  const checkpointed = async (made: SessionCheckpoint) => void told.push(made);
  await startRun('r1', plan, { ...world.ports(), checkpointed });
  // One for each turn, and no checkpoint of git more than without: they are those of the attempts.
  expect(told.map(({ key, messageId }) => `${key} ${messageId}`)).toEqual([
    'r1/decompose#1/checkpoint undefined',
    'r1/decompose/auth/impl#1/checkpoint auth-1',
    'r1/decompose/auth/impl#2/checkpoint auth-2',
    'r1/decompose/mail/impl#1/checkpoint mail-1',
    'r1/decompose/mail/impl#2/checkpoint mail-2',
    'r1/decompose/mail/impl#3/checkpoint mail-3',
    'r1/review#1/checkpoint undefined',
  ]);
  expect(told.map(({ ref }) => ref)).toEqual(world.asked.map(({ session }) => session));
  const made = world
    .log()
    .flatMap((event) =>
      event.type === 'effect-settled' && event.outcome.kind === 'checkpoint-made'
        ? [event.outcome.checkpoint.commit]
        : [],
    );
  expect(made).toEqual(expect.arrayContaining(told.map(({ commit }) => commit)));
  expect(told[1]).toMatchObject({ repository: '/repository', run: 'r1', lane: 'main', base: plan.base.commit });
});
