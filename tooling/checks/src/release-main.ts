// pnpm release:check: what users would get of each published package, checked as a tarball.
import { join } from 'node:path';
import { checkRelease } from './release/release.ts';

const released = await checkRelease(join(import.meta.dirname, '../../..'));
for (const { name, violations } of released) {
  console.error(violations.length === 0 ? `${name}: fit to publish` : `${name}:`);
  for (const violation of violations) console.error(`  ${violation}`);
}
if (released.length === 0) console.error('release: no published package found');
if (released.length === 0 || released.some(({ violations }) => violations.length > 0)) process.exitCode = 1;
