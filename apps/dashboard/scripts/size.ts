// Part of the build: what a browser loads before it shows the first page must stay small.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const budgetBytes = 150_000;
const folder = join(import.meta.dirname, '../dist/web');
const page = readFileSync(join(folder, 'index.html'), 'utf8');
const named = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
const bytes = [page, ...named.map((name) => readFileSync(join(folder, name), 'utf8'))]
  .map((text) => gzipSync(text).length)
  .reduce((sum, size) => sum + size, 0);
if (named.length === 0 || bytes > budgetBytes) {
  console.error(
    `the first page is ${bytes} bytes gzipped (${named.join(', ')}); its budget is ${budgetBytes}: load more on demand`,
  );
  process.exitCode = 1;
}
