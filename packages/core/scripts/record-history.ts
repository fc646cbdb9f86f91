// node scripts/record-history.ts <release>: writes what this version makes of the cases, once; it is kept for ever.
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { eventVersion } from '../src/index.ts';
import { historyCases } from '../test/history-cases.ts';
import { summaryOf } from '../test/history-summary.ts';

const [release] = process.argv.slice(2);
if (!release || !/^\d+\.\d+\.\d+$/.test(release)) throw new Error('name the release: record-history.ts 0.2.0');
const folder = new URL(`../histories/${release}/`, import.meta.url);
if (existsSync(folder)) throw new Error(`${release} has been recorded: its histories are not written again`);
await mkdir(folder, { recursive: true });
for (const [name, played] of Object.entries(historyCases)) {
  const { events, state } = played();
  const lines = events.map((event) => JSON.stringify({ version: eventVersion, event }));
  await writeFile(new URL(`${name}.jsonl`, folder), `${lines.join('\n')}\n`);
  await writeFile(new URL(`${name}.json`, folder), `${JSON.stringify(summaryOf(state), null, 2)}\n`);
}
