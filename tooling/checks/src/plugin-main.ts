// pnpm plugin:check: the example of a third party's adapter, from the tarballs that users would get and outside of the workspace.
import { join } from 'node:path';
import { checkPlugin } from './plugin/check.ts';

const problem = checkPlugin(join(import.meta.dirname, '../../..'));
if (problem === undefined) console.error('examples/provider-plugin: built, tested and used by pawl from tarballs');
else {
  console.error(`examples/provider-plugin: ${problem}`);
  process.exitCode = 1;
}
