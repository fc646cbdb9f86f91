// pnpm boundaries: holds the packages against the table of rooms in ARCHITECTURE.md.
import { join } from 'node:path';
import { checkBoundaries } from './boundaries.ts';

const violations = checkBoundaries(join(import.meta.dirname, '../../..'));
for (const violation of violations) console.error(violation);
console.error(violations.length === 0 ? 'boundaries: kept' : `boundaries: ${violations.length} violations`);
if (violations.length > 0) process.exitCode = 1;
