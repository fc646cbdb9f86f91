import { describe } from 'vitest';
import type { ProviderTests } from './setup.ts';
import { testContract } from './suite-contract.ts';
import { testFake } from './suite-fake.ts';
import { testLive } from './suite-live.ts';
import { testReadme } from './suite-readme.ts';
import { testRecorded } from './suite-recorded.ts';

/**
 * The conformance suite of an adapter, for vitest: its shape and refusals, its recordings, fake programs in place of its
 * CLI, and on demand the CLI itself. `UPDATE_EXPECTED=1` writes each `expected.json` anew instead of comparing it.
 */
export function testProvider(name: string, setup: ProviderTests): void {
  describe(name, () => {
    describe('contract', () => testContract(setup));
    describe('recorded', () => testRecorded(setup));
    const { fake, live, readme } = setup;
    if (readme) describe('readme', () => testReadme(setup.provider, readme));
    if (fake) describe('fake program', () => testFake(setup, fake));
    if (live) describe('live', () => testLive(setup.provider, live));
  });
}
