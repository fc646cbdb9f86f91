import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const page = readFileSync(join(root, 'docs/providers/traps.md'), 'utf8');
const shown = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes(' › '))
  .map((line) => line.split(' | ').at(-1)?.replace(/ \|$/, '') ?? '');

/** Where a test may lie that the page names as `room/file`. */
function textOf(place: string): string {
  const [room = '', file = ''] = place.split('/');
  const folder = room === 'real-agents' ? join(root, 'tooling', room) : join(root, 'packages', room);
  const places = [`test/${file}.test.ts`, `src/testing/${file}.ts`, `src/matrix/${file}.ts`];
  const found = places.map((path) => join(folder, path)).find(existsSync);
  return found === undefined ? '' : readFileSync(found, 'utf8');
}

test('the page of traps names tests, and each adapter of a CLI has some', () => {
  expect(shown.length).toBeGreaterThan(100);
  const agents = ['acp', 'claude', 'codex', 'cursor', 'gemini', 'opencode', 'pi', 'qwen'];
  const without = agents.filter((agent) => shown.filter((entry) => entry.startsWith(`provider-${agent}/`)).length < 3);
  expect(without).toEqual([]);
});

test.each(shown)('there is a test: %s', (entry) => {
  const [place = '', title = ''] = entry.split(' › ');
  const text = textOf(place);
  // In quotes: a word of the file is no test.
  expect(["'", '"', '`'].some((quote) => text.includes(`${quote}${title}`))).toBe(true);
});
