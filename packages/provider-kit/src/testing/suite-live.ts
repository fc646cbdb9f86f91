import type { Provider, SessionStart } from '@pawl/provider';
import { expect, test } from 'vitest';
import { complaints } from './complaints.ts';
import { collect } from './replay.ts';
import type { LiveSetup } from './setup.ts';
import { endOf } from './suite-recorded.ts';

const patience = 180_000;

/** With the real CLI: its model must answer any prompt with some text. */
export function testLive(provider: Provider, { host, options, cwd, model }: LiveSetup): void {
  const can = provider.capabilities.sessions;

  async function run(start: SessionStart, prompt: string) {
    const request = { cwd, options, start, access: provider.capabilities.access[0] ?? 'read-only' };
    const session = await provider.open({ ...request, ...(model === undefined ? {} : { model }) }, host);
    const events = await collect(session.turn({ prompt }));
    await session.close();
    expect(complaints(events)).toEqual([]);
    return endOf(events);
  }

  async function completed(start: SessionStart, prompt: string) {
    const end = await run(start, prompt);
    expect(end.outcome.kind).toBe('completed');
    expect(end.session ?? start.kind === 'ephemeral').toBeTruthy();
    return end.session;
  }

  test('is found, with a version', async () => {
    expect(await provider.probe(host, options)).toMatchObject({ found: true });
  });

  test('a session is started, listed, exported, resumed and forked', { timeout: patience }, async () => {
    const ref = await completed({ kind: 'new' }, 'Say pawl-one.');
    if (!ref) throw new Error('the first turn told no session');
    if (can.includes('list')) {
      const listed = await provider.listSessions?.({ cwd }, host);
      expect(listed?.map((session) => session.ref.id)).toContain(ref.id);
    }
    if (can.includes('export') && provider.exportSession) {
      const lines: string[] = [];
      for await (const line of provider.exportSession(ref, host)) lines.push(line);
      expect(lines.join('\n')).toContain('pawl-one');
    }
    if (can.includes('resume')) expect((await completed({ kind: 'resume', ref }, 'Say pawl-two.'))?.id).toBe(ref.id);
    if (can.includes('fork')) expect((await completed({ kind: 'fork', ref }, 'Say pawl-three.'))?.id).not.toBe(ref.id);
  });

  test('an ephemeral session leaves nothing to list', { timeout: patience }, async () => {
    if (!can.includes('ephemeral')) return;
    const before = await provider.listSessions?.({ cwd }, host);
    await completed({ kind: 'ephemeral' }, 'Say pawl-four.');
    expect(await provider.listSessions?.({ cwd }, host)).toEqual(before);
  });
}
