import { readFileSync } from 'node:fs';
import type { Provider } from '@pawl/provider';
import { expect, test } from 'vitest';

/** The README tells what the adapter can do in rows like `| access | read-only, edit |`. */
export function testReadme(provider: Provider, readme: URL): void {
  test.each(Object.entries(provider.capabilities))('its row of %s is what the adapter lists', (name, words) => {
    const text = readFileSync(readme, 'utf8');
    const row = text.split('\n').find((line) => line.startsWith(`| ${name} |`));
    const told = row?.split('|')[2]?.replaceAll('`', '').trim();
    expect(told).toBe(words.length === 0 ? 'none' : words.join(', '));
  });
}
