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
  const found = [join(folder, 'test', `${file}.test.ts`), join(folder, 'src/testing', `${file}.ts`)].find(existsSync);
  return found === undefined ? '' : readFileSync(found, 'utf8');
}

test('the page of traps names tests', () => expect(shown.length).toBeGreaterThan(40));

test.each(shown)('there is a test: %s', (entry) => {
  const [place = '', title = ''] = entry.split(' › ');
  expect(textOf(place)).toContain(title);
});
