import { type Effect, initial, type RunState } from '@pawl/core';
import { expect, test } from 'vitest';
import type { Lane } from '../src/index.ts';
import { refuseTampering } from '../src/tampering.ts';

const lane = { verify: async () => [{ kind: 'config', words: 'The setting has changed' }] } as unknown as Lane;
const effect = (type: Effect['type'], step: string, at: string): Effect =>
  ({ type, step, lane: at, id: `${step}#1/${type} ${at}`, attempt: 1 }) as unknown as Effect;
const checkpoint = effect('checkpoint', 'both/a', 'both/a');

const stateWith = (setup: string | undefined, ...effects: readonly Effect[]): RunState => ({
  ...initial,
  plan: { ...initial.plan, settings: { ...initial.plan.settings, ...(setup !== undefined && { setup }) } },
  open: Object.fromEntries([checkpoint, ...effects].map((each) => [each.id, each])),
});

test('a change of what all lanes share names who else was at work', async () => {
  const state = stateWith(
    'npm ci',
    effect('run-agent', 'both/b', 'both/b'),
    effect('run-gate', 'both/c', 'both/c'),
    effect('open-worktree', 'both', 'both/d'),
    effect('ask', 'both/e', 'both/e'),
  );
  await expect(refuseTampering(lane, checkpoint, state)).rejects.toMatchObject({
    code: 'git-changed',
    message:
      'The setting has changed. Look at it before you use git here: an agent may have done it: that of both/a, or what was at work beside it (the agent of both/b, a gate of both/c, the setup of both/d). If it was you, resume the run.',
  });
});

test('where nobody else was, or nothing is set up, nobody else is named', async () => {
  const state = stateWith(undefined, effect('open-worktree', 'both', 'both/d'), effect('run-gate', 'both/a', 'both/a'));
  await expect(refuseTampering(lane, checkpoint, state)).rejects.toThrow(/an agent may have done it\. If it was you/);
});
