import { createHost } from '@pawl/agent';
import { describe, expect, test } from 'vitest';
import type { LiveAgent } from './live-agent.ts';
import { type Cell, type Column, columns, type Row, readRow, situationNames, writeRow } from './row.ts';
import { situations } from './situations.ts';
import { tryOutput } from './try-output.ts';
import { trialOf, trySessions, tryTurn } from './try-verbs.ts';

/**
 * Fills the agent's row of the matrix from live runs and compares it with the one of the repository; `UPDATE_MATRIX=1`
 * writes it instead, and `pnpm matrix` then the page.
 */
export function testRow<Turn>(live: LiveAgent<Turn>): void {
  const cells: Partial<Record<Column, Cell>> = {};
  describe(live.name, { timeout: 300_000 }, () => {
    test('its sessions', async () => {
      await using stage = await live.open();
      Object.assign(cells, await trySessions(trialOf(live, stage)));
    });

    test('its turns and its output', async () => {
      await using stage = await live.open();
      Object.assign(cells, await tryTurn(trialOf(live, stage)));
      Object.assign(cells, { 'structured output': await tryOutput(live, stage) });
    });

    test.each(situationNames)('%s', async (name) => {
      cells[name] = await situations[name](live);
    });

    test('the row is complete, and is the one of the repository', async () => {
      const row = { ...(await probed(live)), cells: inOrder(cells) };
      if (process.env.UPDATE_MATRIX === '1') writeRow(row);
      else expect(row).toEqual(readRow(live.name));
    });
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
    columns.map((column) => {
      const cell = cells[column];
      if (cell === undefined) throw new Error(`${column}: no test has filled its cell`);
      return [column, cell];
    }),
  ) as Row['cells'];
}
