import { evolve, initial } from '@pawl/core';
import { expect, test } from 'vitest';
import { startRun } from '../src/index.ts';
import { World } from './fakes.ts';
import { code, planOf } from './plans.ts';

test('what an agent did is in the log with the end of its turn, and changes nothing else of the run', async () => {
  const world = new World({
    script: async ({ tell }) => {
      await tell({ type: 'tool-call', id: '1', kind: 'edit', name: 'Write', input: { path: 'a' } });
      await tell({ type: 'tool-result', id: '1', status: 'ok', output: 'a text of the agent' });
      await tell({ type: 'usage-update', usage: { inputTokens: 10, turns: 1 }, context: { tokens: 70, window: 100 } });
      return {};
    },
  });
  await startRun('r1', planOf(world.repository.base, [code('impl')]), world.ports());
  const events = world.log();
  const reports = events.flatMap((event) =>
    event.type === 'effect-settled' && event.outcome.kind === 'agent-ended' ? [event.outcome.report] : [],
  );
  expect(reports).toHaveLength(1);
  expect(reports[0]?.activity).toMatchObject({
    answers: { coding: 1 },
    calls: { edit: 1 },
    context: { tokens: 70, window: 100, told: true },
  });
  expect(reports[0]?.activity).toHaveProperty('firstEditMs');
  expect(JSON.stringify(events)).not.toContain('a text of the agent');

  const without = JSON.parse(
    JSON.stringify(events, (key, value: unknown) => (key === 'activity' ? undefined : value)),
  ) as typeof events;
  const end = (log: typeof events) => {
    const { steps: _, ...state } = log.reduce(evolve, initial);
    return state;
  };
  expect(end(without)).toEqual(end(events));
});
