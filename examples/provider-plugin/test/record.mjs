// npm run record: what the real program prints, byte for byte. Then `UPDATE_EXPECTED=1 npm test`, and read each expected.json.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/parrot.mjs', import.meta.url));
const cases = {
  'writes-a-file': { args: ['run'], prompt: 'write a.txt: hello\n' },
  'is-denied': { args: ['run', '--read-only'], prompt: 'write a.txt: hello\n' },
  'at-its-limit': { args: ['run', '--max-turns', '1'], prompt: 'write a.txt: one\nwrite b.txt: two\n' },
  'unknown-session': { args: ['run', '--resume', 'nobody'], prompt: 'Go on.' },
  'unknown-model': { args: ['run', '--model', 'dodo'], prompt: 'Hello.' },
  'wrong-key': { args: ['run'], prompt: 'Hello.', env: { PARROT_KEY: 'wrong' } },
};

for (const [name, { args, prompt, env = {} }] of Object.entries(cases)) {
  const cwd = mkdtempSync(join(tmpdir(), 'parrot-'));
  const run = spawnSync(process.execPath, [program, ...args], {
    cwd,
    input: prompt,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, PARROT_HOME: join(cwd, 'home'), ...env },
  });
  const folder = fileURLToPath(new URL(`../recordings/${name}/`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'argv.txt'), `parrot ${args.join(' ')}\n`);
  writeFileSync(join(folder, 'stdout.ndjson'), run.stdout);
  writeFileSync(join(folder, 'stderr.txt'), run.stderr);
  writeFileSync(join(folder, 'exit.txt'), `${run.status}\n`);
  rmSync(cwd, { recursive: true });
}
