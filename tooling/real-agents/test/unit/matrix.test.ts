import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileNames } from '@pawl/provider-acp';
import { expect, test } from 'vitest';
import { matrixPage } from '../../src/matrix/page.ts';
import { columns, readRows, rowName } from '../../src/matrix/row.ts';
import { pageFile, untried } from '../../src/matrix/untried.ts';

test('the page is what the live runs told (pnpm matrix writes it)', () => {
  expect(readFileSync(pageFile, 'utf8')).toBe(matrixPage(readRows(), untried));
});

test('every agent that can be installed has a row, and every row a test', () => {
  const packages = readdirSync(join(import.meta.dirname, '../../../../packages'));
  const untriedOrNone = ['kit', 'script', 'acp', ...untried.map(({ agent }) => agent)];
  const providers = packages.flatMap((name) => /^provider-(.+)$/.exec(name)?.[1] ?? []);
  const own = providers.filter((id) => !untriedOrNone.includes(id));
  const profiles = profileNames.map((profile) => `acp (${profile})`);
  expect(readRows().map(({ agent }) => agent)).toEqual([...profiles, ...own].sort());
  const tests = readdirSync(join(import.meta.dirname, '../matrix'));
  expect(tests.sort()).toEqual([...profiles, ...own].map((agent) => `${rowName(agent)}.test.ts`).sort());
});

test('every row answers every column', () => {
  for (const { cells } of readRows()) {
    expect(Object.keys(cells)).toEqual(columns);
    for (const cell of Object.values(cells)) expect(['works', 'refused by name']).toContain(cell);
  }
});

test('a cell and the capability behind it say the same', () => {
  const behind = {
    fork: 'fork',
    'fork at a message': 'fork-at',
    ephemeral: 'ephemeral',
    list: 'list',
    export: 'export',
  } as const;
  for (const { agent, cells, capabilities } of readRows()) {
    for (const verb of ['resume', 'continue'] as const)
      expect([agent, verb, cells[verb]]).toEqual([
        agent,
        verb,
        capabilities.sessions.includes(verb) ? 'works' : 'refused by name',
      ]);
    for (const [verb, word] of Object.entries(behind) as [keyof typeof behind, (typeof behind)[keyof typeof behind]][])
      expect([agent, verb, cells[verb]]).toEqual([
        agent,
        verb,
        capabilities.sessions.includes(word) ? 'works' : 'refused by name',
      ]);
  }
});
