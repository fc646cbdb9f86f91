import { testSessionStore } from '@pawl/session-store/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findPrograms, type Server, startServer } from './fixtures/server.ts';
import { testOpening } from './opening.ts';

const programs = findPrograms();
const required = process.env.PAWL_REQUIRE_POSTGRES === '1';

if (programs === undefined && !required) {
  describe('PostgreSQL', () => {
    test.skip('there is no server here: install the package postgresql', () => undefined);
  });
} else {
  let server: Server | undefined;
  let places = 0;
  beforeAll(async () => {
    expect(programs, 'PAWL_REQUIRE_POSTGRES=1, and there is no server: install the package postgresql').toBeDefined();
    server = await startServer(programs ?? '');
  }, 120_000);
  afterAll(() => server?.stop());
  const place = () => {
    places += 1;
    return { url: server?.url ?? '', schema: `pawl_${places}` };
  };

  testSessionStore('PostgreSQL', {
    module: new URL('./fixtures/open-postgres.ts', import.meta.url),
    place: async () => JSON.stringify(place()),
  });
  describe('PostgreSQL', () => testOpening(place));
}
