import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRooms } from './rooms.ts';
import { checkCycles } from './rules/cycles.ts';
import { checkImports } from './rules/imports.ts';
import { checkManifests } from './rules/manifests.ts';
import { checkPurity } from './rules/purity.ts';
import { checkWeb } from './rules/web.ts';
import { readTree } from './tree.ts';

/** Holds the tree against the table of rooms in its ARCHITECTURE.md: one sentence for each violation. */
export function checkBoundaries(root: string): readonly string[] {
  const rooms = readRooms(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'));
  const packages = readTree(root);
  return [
    ...checkManifests(packages, rooms),
    ...checkImports(packages, rooms),
    ...checkPurity(packages, rooms),
    ...checkWeb(packages),
    ...checkCycles(packages),
  ];
}
