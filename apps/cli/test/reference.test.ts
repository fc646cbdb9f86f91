import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { overview } from '../src/help/overview.ts';
import { reference } from '../src/help/written.ts';
import { withCommands } from '../src/program.ts';

const again = 'node --conditions=@pawl/source apps/cli/scripts/write-reference.ts';

test.each(Object.entries(reference()))(`%s is what the program says (${again})`, (path, text) => {
  expect(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')).toBe(text);
});

test('the first help names every command and fits a screen', () => {
  const program = withCommands(() => async () => undefined);
  const text = overview(program, 80);
  for (const command of program.commands) expect(text).toMatch(new RegExp(`(^|\\s)${command.name()}(\\s|$)`, 'm'));
  expect(text.split('\n').length).toBeLessThanOrEqual(24);
  for (const width of [40, 80, 120])
    for (const line of overview(program, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
});
