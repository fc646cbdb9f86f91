import { createHost } from '@pawl/agent';
import { expect, test } from 'vitest';
import type { LiveAgent } from './live-agent.ts';
import { type Row, readRow, verbs, writeRow } from './row.ts';
import { tryOutput } from './try-output.ts';
import { trialOf, trySessions, tryTurn } from './try-verbs.ts';

/**
 * Fills the agent's row of the matrix from live runs and compares it with the one of the repository; `UPDATE_MATRIX=1`
 * writes it instead, and `pnpm matrix` then the page.
 */
export function testRow<Turn>(live: LiveAgent<Turn>): void {
  test(`the row of ${live.name}, each cell from a live run`, { timeout: 600_000 }, async () => {
    const cells = {};
    {
      await using stage = await live.open();
      Object.assign(cells, await trySessions(trialOf(live, stage)));
    }
    {
      await using stage = await live.open();
      Object.assign(cells, await tryTurn(trialOf(live, stage)));
      Object.assign(cells, { 'structured output': await tryOutput(live, stage) });
    }
    const row = { ...(await probed(live)), cells: inOrder(cells) };
    if (process.env.UPDATE_MATRIX === '1') writeRow(row);
    else expect(row).toEqual(readRow(live.name));
  });
}

async function probed<Turn>({ name, provider, options, open }: LiveAgent<Turn>): Promise<Omit<Row, 'cells'>> {
  await using stage = await open();
  const host = createHost({ env: process.env, allow: provider.environment, extraEnv: stage.environment });
  const read = await provider.options['~standard'].validate(options ?? {});
  if (read.issues) throw new Error(`${name}: ${read.issues.map(({ message }) => message).join('; ')}`);
  const probe = await provider.probe(host, read.value);
  if (!probe.found) throw new Error(`${name}: ${probe.hint}`);
  expect(probe.known, `${name} ${probe.version} is a version that its adapter was not recorded with`).toBe(true);
  return { agent: name, title: provider.title, capabilities: probe.capabilities };
}

function inOrder(cells: Partial<Row['cells']>): Row['cells'] {
  return Object.fromEntries(
    verbs.map((verb) => {
      const cell = cells[verb];
      if (cell === undefined) throw new Error(`${verb} was not tried`);
      return [verb, cell];
    }),
  ) as Row['cells'];
}
