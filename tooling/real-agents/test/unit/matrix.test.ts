import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { matrixPage } from '../../src/matrix/page.ts';
import { readRows, verbs } from '../../src/matrix/row.ts';
import { pageFile, untried } from '../../src/matrix/untried.ts';

test('the page is what the live runs told (pnpm matrix writes it)', () => {
  expect(readFileSync(pageFile, 'utf8')).toBe(matrixPage(readRows(), untried));
});

test('every row answers every verb, in one of two words', () => {
  const rows = readRows();
  expect(rows.length).toBeGreaterThan(8);
  for (const { cells } of rows) {
    expect(Object.keys(cells)).toEqual(verbs);
    expect(Object.values(cells).filter((cell) => cell !== 'works' && cell !== 'refused by name')).toEqual([]);
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
