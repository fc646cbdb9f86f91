// pnpm matrix: writes docs/providers/matrix.md from what the last accepted live runs told.
import { writeFileSync } from 'node:fs';
import { matrixPage } from './src/matrix/page.ts';
import { readRows } from './src/matrix/row.ts';
import { pageFile, untried } from './src/matrix/untried.ts';

writeFileSync(pageFile, matrixPage(readRows(), untried));
