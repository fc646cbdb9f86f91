import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgent } from '@pawl/agent';
import { describe, expect, test } from 'vitest';
import { everyAgent } from '../src/every-agent.ts';
import { openPawl } from '../src/pawl.ts';

// Sessions that the real agents made without pawl's store, read by pawl's command line.
describe.each(Object.entries(everyAgent))(
  'a session of %s',
  { timeout: 480_000 },
  (name, { provider, model, open }) => {
    test('what it said and did is read from its own store, in order', async () => {
      const root = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-reading-')));
      const fake = await open();
      try {
        const home = join(root, 'home');
        mkdirSync(home);
        fake.prepare(home);
        const env = { ...fake.environment, HOME: home };
        const { pawl, repository } = await openPawl({ folder: root, environment: env });
        const agent = createAgent(provider, { cwd: repository, env, ...(model === undefined ? {} : { model }) });
        await agent.run('How does the till add up?');
        const { session, outcome } = await agent.run('Thank you.');
        expect(outcome).toMatchObject({ kind: 'completed' });
        const id = session?.id ?? '';
        const listed = JSON.parse((await pawl('sessions', '--all', '--json', '--agent', name)).stdout);
        expect(listed.outside).toMatchObject([{ ref: { provider: name, id } }]);
        const read = await pawl('sessions', 'messages', id, '--json');
        expect(read.code, read.stderr).toBe(0);
        const messages = read.stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
        expect(messages.map(({ seq, role, type, text }) => [seq, role, type, text.trim()])).toEqual([
          [1, 'user', 'text', 'How does the till add up?'],
          [2, 'assistant', 'text', 'Answer 0.'],
          [3, 'user', 'text', 'Thank you.'],
          [4, 'assistant', 'text', 'Answer 1.'],
        ]);
        expect(messages.every(({ at }) => Math.abs(Date.now() - at) < 10 * 60_000)).toBe(true);
        expect((await pawl('sessions', 'search', 'till')).stdout).toContain('How does the till add up?');
      } finally {
        await fake.close();
        rmSync(root, { recursive: true, force: true, maxRetries: 5 });
      }
    });
  },
);
