// pnpm test:agents [vitest arguments]: the real CLIs in front of fake models.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { binFolder, realClis } from './src/clis.ts';
import { plainEnvironment, quiet } from './src/environment.ts';
import { installClis } from './src/install.ts';
import { findIsolation } from './src/namespace.ts';

const deadlineMs = 30 * 60_000;

installClis(realClis);

const isolation = findIsolation();
if (isolation.missing === undefined) console.error('network: loopback only');
else console.error(`network: not cut off (${isolation.missing}); the agents keep off it by their settings alone`);

const home = mkdtempSync(join(tmpdir(), 'pawl-agents-home-'));
const plain = plainEnvironment(process.env);
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const config = join(import.meta.dirname, 'vitest.config.ts');
const command = [
  ...isolation.prefix,
  process.execPath,
  ...[vitest, 'run', '--config', config, '--root', import.meta.dirname, ...process.argv.slice(2)],
];
const [file = '', ...args] = command;
const child = spawn(file, args, {
  stdio: ['ignore', 'inherit', 'inherit'],
  env: {
    ...plain,
    ...quiet,
    HOME: home,
    PATH: [binFolder, dirname(process.execPath), plain.PATH ?? '/usr/bin:/bin'].join(delimiter),
    PAWL_LOOPBACK_ONLY: isolation.missing === undefined ? '1' : '0',
  },
});
const stop = () => child.kill('SIGTERM');
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
const late = setTimeout(() => {
  console.error(`the suite did not end within ${deadlineMs / 60_000} minutes`);
  stop();
}, deadlineMs);
child.on('error', (error) => console.error(error.message));
child.on('close', (code) => {
  clearTimeout(late);
  rmSync(home, { recursive: true, force: true });
  process.exitCode = code ?? 1;
});
