// node --conditions=@pawl/source apps/cli/scripts/write-reference.ts: docs/cli.md and the manual page, from the program.
import { mkdirSync, writeFileSync } from 'node:fs';
import { reference } from '../src/help/written.ts';

for (const [path, text] of Object.entries(reference())) {
  const place = new URL(`../../../${path}`, import.meta.url);
  mkdirSync(new URL('.', place), { recursive: true });
  writeFileSync(place, text);
}
