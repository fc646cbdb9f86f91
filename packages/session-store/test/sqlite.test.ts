import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testSessionStore } from '@pawl/session-store/testing';
import { afterAll } from 'vitest';

const folder = await mkdtemp(join(tmpdir(), 'pawl-store-'));
afterAll(() => rm(folder, { recursive: true }));
let places = 0;

testSessionStore('SQLite', {
  module: new URL('./fixtures/open-sqlite.ts', import.meta.url),
  place: async () => {
    places += 1;
    return join(folder, String(places), 'pawl.db');
  },
});
