import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHost } from '@pawl/agent';
import { chatAssistantTexts, chatUserTexts } from '@pawl/fake-models';
import { opencode } from '@pawl/provider-opencode';
import { describe, expect, test } from 'vitest';
import { openCodeModel as model, openOpenCodeStage } from '../src/opencode-stage.ts';

// The sessions of the real OpenCode, through its adapter and the agent library.
describe('a conversation', { timeout: 240_000 }, () => {
  test('goes on, is resumed, continued, listed, exported and forked; the original stays as it was', async () => {
    await using stage = await openOpenCodeStage({ fallback: (_, index) => ({ text: `Answer ${index}.` }) });
    const host = createHost({ env: { ...process.env, ...stage.environment }, allow: opencode().environment });
    const exported = async (ref: Parameters<NonNullable<ReturnType<typeof opencode>['exportSession']>>[0]) => {
      const lines: string[] = [];
      for await (const line of opencode().exportSession?.(ref, host) ?? []) lines.push(line);
      return lines.join('\n');
    };
    const agent = stage.agent({ model });
    const first = await agent.run('one');
    const ref = JSON.parse(JSON.stringify(first.session));
    expect(ref).toMatchObject({ provider: 'opencode', cwd: stage.folder });

    const second = await stage.agent({ model }).resume(ref).run('two');
    expect(second.session?.id).toBe(ref.id);
    expect(second.usage).toEqual(first.usage);
    expect(chatUserTexts(stage.turns()[1] ?? {})).toEqual(['one', 'two']);
    expect(chatAssistantTexts(stage.turns()[1] ?? {})).toEqual(['Answer 0.']);

    const before = await exported(ref);
    expect(before).toContain('Answer 1.');
    const copy = await agent.fork().run('aside');
    expect(chatUserTexts(stage.turns()[2] ?? {})).toEqual(['one', 'two', 'aside']);
    expect(copy.usage).toEqual(first.usage);
    const early = await agent.fork(ref, { at: first.messageId ?? '' }).run('early');
    expect(chatUserTexts(stage.turns()[3] ?? {})).toEqual(['one', 'early']);
    const other = join(stage.folder, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'here.txt'), 'x');
    const away = await stage.agent({ model, cwd: other }).fork(ref).run('away');
    expect(chatUserTexts(stage.turns()[4] ?? {})).toEqual(['one', 'two', 'away']);
    expect(away.session?.cwd).toBe(other);
    expect(new Set([ref.id, copy.session?.id, early.session?.id, away.session?.id]).size).toBe(4);
    expect(await exported(ref)).toBe(before);

    await agent.run('three');
    expect(chatUserTexts(stage.turns()[5] ?? {})).toEqual(['one', 'two', 'three']);
    const continued = await stage.agent({ model }).continueLatest().run('four');
    expect(continued.session?.id).toBe(ref.id);
    const listed = await opencode().listSessions?.({ cwd: stage.folder }, host);
    expect(listed?.map(({ ref: { id } }) => id)).toEqual([ref.id, early.session?.id, copy.session?.id]);
    expect(listed?.[0]?.title).toBe('one');
  });

  test('that is ephemeral leaves nothing, neither in the store nor in the folder', async () => {
    await using stage = await openOpenCodeStage({ fallback: { text: 'Yes.' } });
    const agent = stage.agent({ model }).ephemeral();
    expect((await agent.run('one')).session).toBeUndefined();
    await agent.run('two');
    expect(chatUserTexts(stage.turns()[1] ?? {})).toEqual(['two']);
    const missing = { kind: 'failed', error: { code: 'session-not-found', retryable: false } };
    expect((await stage.agent({ model }).continueLatest().run('go on')).outcome).toMatchObject(missing);
    expect(readdirSync(stage.folder)).toEqual([]);
  });

  test('that does not exist, or is of another folder, is a typed failure; a chosen id is refused by name', async () => {
    await using stage = await openOpenCodeStage({ fallback: { text: 'Yes.' } });
    const missing = { kind: 'failed', error: { code: 'session-not-found', retryable: false } };
    const ref = { provider: 'opencode', id: 'ses_nosuch', cwd: stage.folder };
    expect((await stage.agent({ model }).resume(ref).run('go on')).outcome).toMatchObject(missing);
    expect((await stage.agent({ model }).fork(ref).run('go on')).outcome).toMatchObject(missing);
    // As a turn told it: the CLI itself has to say so.
    const told = { ...ref, token: { folder: stage.folder } };
    expect((await stage.agent({ model }).resume(told).run('go on')).outcome).toMatchObject(missing);
    expect(stage.model.requests).toEqual([]);
    const { session } = await stage.agent({ model }).run('one');
    const other = join(stage.folder, 'other');
    mkdirSync(other);
    if (!session) throw new Error('no session');
    const elsewhere = stage.agent({ model, cwd: other }).resume(session);
    expect((await elsewhere.run('two')).outcome).toMatchObject(missing);
    expect(stage.turns()).toHaveLength(1);
    const host = createHost({ env: stage.environment, allow: [] });
    const request = { cwd: stage.folder, access: 'edit' as const, options: { binary: 'opencode', args: [] } };
    const chosen = opencode().open({ ...request, start: { kind: 'new', id: 'mine' } }, host);
    await expect(chosen).rejects.toMatchObject({ code: 'unsupported' });
  });
});
