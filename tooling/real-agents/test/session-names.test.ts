import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createHost } from '@pawl/agent';
import type { Host, Provider, SessionRef } from '@pawl/provider';
import { claude } from '@pawl/provider-claude';
import { codex } from '@pawl/provider-codex';
import { opencode } from '@pawl/provider-opencode';
import { describe, expect, test } from 'vitest';
import { openCodexStage } from '../src/codex-stage.ts';
import { openCodeModel, openOpenCodeStage } from '../src/opencode-stage.ts';
import { openStage } from '../src/stage.ts';

const run = promisify(execFile);

/** A program of the agent's own, its standard input closed. */
async function called(file: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
  const running = run(file, [...args], { cwd, env: { ...process.env, ...env }, timeout: 60_000 });
  running.child.stdin?.end();
  return (await running).stdout;
}

function hostOf(provider: Pick<Provider, 'environment'>, environment: Readonly<Record<string, string>>) {
  return createHost({ env: { ...process.env, ...environment }, allow: provider.environment });
}
const gone = (provider: string, id: string, cwd: string): SessionRef => ({ provider, id, cwd });

/** What the agent's transcript says. */
async function textsOf(provider: Pick<Provider, 'readSession'>, ref: SessionRef, host: Host): Promise<string[]> {
  const found: string[] = [];
  for await (const message of provider.readSession?.(ref, host) ?? [])
    if (message.type === 'text') found.push(`${message.role}: ${message.text}`);
  return found;
}

// What pawl calls a session is what the agent itself calls it.
describe('Claude Code', { timeout: 120_000 }, () => {
  test('finds a session by the title that pawl gave it, and goes on with it', async () => {
    await using stage = await openStage({ fallback: { text: 'Yes.' } });
    const host = hostOf(claude(), stage.environment);
    const agent = stage.agent();
    const { session } = await agent.run('one');
    if (!session) throw new Error('no session');
    expect(await textsOf(claude(), session, host)).toEqual(['user: one', 'assistant: Yes.']);
    await claude().renameSession?.(session, 'The till of the shop', host);
    const listed = await claude().listSessions?.({ cwd: stage.folder }, host);
    expect(listed).toMatchObject([{ ref: { id: session.id }, title: 'The till of the shop' }]);
    const args = ['-p', 'two', '--resume', 'The till of the shop', '--output-format', 'json'];
    const answer = JSON.parse(await called('claude', args, stage.folder, stage.environment));
    expect(answer).toMatchObject({ is_error: false, session_id: session.id });
    expect(await claude().listSessions?.({ cwd: stage.folder }, host)).toMatchObject([
      { title: 'The till of the shop' },
    ]);
  });

  test('has the tags in its transcript as its own SDK writes them, also behind a line that was cut off', async () => {
    await using stage = await openStage({ fallback: { text: 'Yes.' } });
    const host = hostOf(claude(), stage.environment);
    const agent = stage.agent();
    const { session } = await agent.run('one');
    if (!session) throw new Error('no session');
    const projects = join(stage.home, '.claude/projects');
    const [name = ''] = readdirSync(projects, { recursive: true, encoding: 'utf8' }).filter((each) =>
      each.endsWith(`${session.id}.jsonl`),
    );
    const transcript = join(projects, name);
    writeFileSync(transcript, '{"type":"user","half', { flag: 'a' });
    await claude().tagSession?.(session, ['till', 'shop'], host);
    const last = readFileSync(transcript, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    expect(JSON.parse(last)).toEqual({ type: 'tag', tag: 'till, shop', sessionId: session.id });
    const again = await stage.agent().resume(session).run('two');
    expect(again.outcome).toMatchObject({ kind: 'completed' });
    expect(again.session?.id).toBe(session.id);
    const none = gone('claude', '00000000-0000-4000-8000-000000000000', stage.folder);
    await expect(claude().renameSession?.(none, 'x', host)).rejects.toMatchObject({ code: 'session-not-found' });
  });
});

test('Codex goes on with a session by the name that pawl gave it', { timeout: 120_000 }, async () => {
  await using stage = await openCodexStage({ fallback: { text: 'Yes.' } });
  const { session } = await stage.agent().run('one');
  if (!session) throw new Error('no session');
  expect(await textsOf(codex(), session, stage.host)).toEqual(['user: one', 'assistant: Yes.']);
  await codex().renameSession?.(session, 'till-of-the-shop', stage.host);
  const args = ['exec', '--skip-git-repo-check', 'resume', '--json', 'till-of-the-shop', 'two'];
  const lines = (await called('codex', args, stage.folder, stage.environment)).split('\n');
  expect(lines.filter((line) => line.includes('thread.started')).map((line) => JSON.parse(line).thread_id)).toEqual([
    session.id,
  ]);
  const none = gone('codex', '01900000-0000-7000-8000-000000000000', stage.folder);
  await expect(codex().renameSession?.(none, 'x', stage.host)).rejects.toMatchObject({ code: 'session-not-found' });
});

test('OpenCode lists a session under the title that pawl gave it', { timeout: 240_000 }, async () => {
  await using stage = await openOpenCodeStage({ fallback: { text: 'Yes.' } });
  const host = hostOf(opencode(), stage.environment);
  const { session } = await stage.agent({ model: openCodeModel }).run('one');
  if (!session) throw new Error('no session');
  await opencode().renameSession?.(session, 'The till', host);
  const args = ['session', 'list', '--format', 'json'];
  expect(JSON.parse(await called('opencode', args, stage.folder, stage.environment))).toMatchObject([
    { id: session.id, title: 'The till' },
  ]);
  expect(stage.processes()).toEqual([]);
  const none = gone('opencode', 'ses_0000000000000000000000', stage.folder);
  await expect(opencode().renameSession?.(none, 'x', host)).rejects.toMatchObject({ code: 'session-not-found' });
});
