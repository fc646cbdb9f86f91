import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processHost, testProvider } from '@pawl/provider-kit/testing';
import { afterAll } from 'vitest';
import parrot from '../src/index.js';

// The real program on a PATH of its own, in a home of its own.
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'parrot-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
symlinkSync(fileURLToPath(new URL('../bin/parrot.mjs', import.meta.url)), join(folder, 'parrot'));
const env = { PATH: [folder, process.env.PATH].join(delimiter), PARROT_HOME: join(folder, 'home') };

testProvider('parrot', {
  provider: parrot,
  recordings: new URL('../recordings/', import.meta.url),
  cases: {
    'writes-a-file': { kind: 'completed' },
    'is-denied': { kind: 'completed' },
    'at-its-limit': { kind: 'limited' },
    'unknown-session': { kind: 'failed', code: 'session-not-found', retryable: false },
    'unknown-model': { kind: 'failed', code: 'model-not-found', retryable: false },
    'wrong-key': { kind: 'failed', code: 'not-signed-in', retryable: false },
  },
  readme: new URL('../README.md', import.meta.url),
  fake: { options: (file) => ({ binary: file }), recording: 'writes-a-file' },
  live: { host: processHost(env), options: { binary: 'parrot' }, cwd: folder },
});
