import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { everyAgent } from '../src/every-agent.ts';
import { openTwoHomes, take } from '../src/two-homes.ts';

// Sessions of the real CLIs, taken to another home and another folder.
describe.each(Object.entries(everyAgent))('a session of %s', { timeout: 480_000 }, (name, agent) => {
  test('goes on in another home and folder, and as a copy in another folder; the original stays', async () => {
    await using homes = await openTwoHomes(agent);
    const { here, there, model } = homes;
    const begun = here.agent();
    const first = await begun.run('one');
    const ref = (await begun.run('two')).session;
    if (!ref) throw new Error('the turn told no session');

    const taken = await take(agent, ref, here, there);
    expect(taken).toMatchObject({ provider: name, id: ref.id, cwd: there.folder });
    const gone = await there.agent().resume(taken).run('three');
    expect(gone).toMatchObject({ outcome: { kind: 'completed' }, session: { id: ref.id, cwd: there.folder } });
    expect(model.said().at(-1)).toEqual(['one', 'two', 'three']);
    const listed = await agent.provider.listSessions?.({ cwd: there.folder }, there.host);
    expect(listed?.map(({ ref: { id } }) => id)).toEqual([ref.id]);
    // Where it is already nothing is written over it.
    await expect(take(agent, ref, here, there)).rejects.toThrow(/already/);

    const cut = agent.provider.capabilities.sessions.includes('fork-at');
    const other = homes.otherFolder();
    const at = cut && first.messageId !== undefined ? { at: first.messageId } : {};
    const copy = await take(agent, ref, here, other, { copy: randomUUID(), ...at });
    const aside = await other.agent().resume(copy).run('aside');
    expect(aside).toMatchObject({ outcome: { kind: 'completed' }, session: { id: copy.id, cwd: other.folder } });
    expect(copy.id).not.toBe(ref.id);
    expect(model.said().at(-1)).toEqual(cut ? ['one', 'aside'] : ['one', 'two', 'aside']);
    if (cut) {
      const nowhere = take(agent, ref, here, other, { copy: randomUUID(), at: randomUUID() });
      await expect(nowhere).rejects.toMatchObject({ code: 'session-not-found' });
      // Behind any message that its transcript names, a prompt that was not answered too.
      const asked: string[] = [];
      for await (const { role, id } of agent.provider.readSession?.(ref, here.host) ?? [])
        if (role === 'user' && id !== undefined) asked.push(id);
      const third = homes.otherFolder();
      const inner = await take(agent, ref, here, third, { copy: randomUUID(), ...(asked[1] && { at: asked[1] }) });
      expect(await third.agent().resume(inner).run('more')).toMatchObject({ outcome: { kind: 'completed' } });
      expect(model.said().at(-1)?.join(' ').split(/\s+/)).toEqual(['one', 'two', 'more']);
    }
    await here.agent().resume(ref).run('here');
    expect(model.said().at(-1)).toEqual(['one', 'two', 'here']);
  });
});

test('a fork of Codex, which points into its source, takes it along', async () => {
  const agent = everyAgent.codex;
  if (!agent) throw new Error('there is no Codex');
  await using homes = await openTwoHomes(agent);
  const { here, there, model } = homes;
  const begun = here.agent();
  await begun.run('one');
  const fork = (await begun.fork().run('aside')).session;
  if (!fork) throw new Error('the turn told no session');
  const taken = await take(agent, fork, here, there);
  const gone = await there.agent().resume(taken).run('two');
  expect(gone.outcome).toMatchObject({ kind: 'completed' });
  expect(model.said().at(-1)).toEqual(['one', 'aside', 'two']);
  // Its source can follow, and is what it was.
  expect(await here.agent().resume(fork).run('here')).toMatchObject({ outcome: { kind: 'completed' } });
}, 120_000);
