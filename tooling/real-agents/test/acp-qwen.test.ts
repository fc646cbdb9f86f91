import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHost } from '@pawl/agent';
import { chatAssistantTexts, chatUserTexts } from '@pawl/fake-models';
import type { AgentEvent } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { acpProvider, openQwenAcpStage, tryAccess } from '../src/acp-stage.ts';
import { qwenCli } from '../src/clis.ts';

// The real Qwen as an ACP agent, through the provider and the agent library.
const options = { profile: 'qwen' as const, args: ['--auth-type', 'openai'] };
const write = (path: string) => ({ name: 'write_file', input: { file_path: path, content: 'written\n' } });
const shell = (command: string) => ({ name: 'run_shell_command', input: { command, is_background: false } });
const usage = { input: 1_000, cacheRead: 600, output: 30, reasoning: 7 };
const yes = { fallback: { text: 'Yes.', usage } };
const said = (request: Parameters<typeof chatUserTexts>[0] | undefined) =>
  chatUserTexts(request ?? {}).map((text) => text.trim());

test('is found in its pinned version, and writes a real file', { timeout: 90_000 }, async () => {
  await using stage = await openQwenAcpStage();
  const host = createHost({ env: { ...process.env, ...stage.environment }, allow: acpProvider.environment });
  const validated = await acpProvider.options['~standard'].validate(options);
  if (validated.issues) throw new Error(JSON.stringify(validated.issues));
  expect(await acpProvider.probe(host, validated.value)).toMatchObject({
    ...{ found: true, version: qwenCli.version, known: true },
    capabilities: { sessions: ['resume', 'continue'] },
  });
  stage.model.push({ reasoning: 'A file.', text: 'I write.', tools: [write(join(stage.folder, 'a.txt'))], usage });
  stage.model.push({ tools: [shell('cat a.txt')], usage }, { text: 'I wrote it.', usage });
  const events: AgentEvent[] = [];
  const result = await stage.agent({ options }).run('write a.txt', { onEvent: (event) => void events.push(event) });
  expect(result.usage).toEqual({
    inputTokens: 3_000,
    cachedInputTokens: 1_800,
    outputTokens: 90,
    reasoningTokens: 21,
    turns: 3,
  });
  expect(result).toMatchObject({ outcome: { kind: 'completed', text: 'I wrote it.' }, unknownLines: 0 });
  expect(await readFile(join(stage.folder, 'a.txt'), 'utf8')).toBe('written\n');
  expect(events.flatMap((event) => (event.type === 'tool-result' ? event.status : []))).toEqual(['ok', 'ok']);
  expect(stage.processes()).toEqual([]);
});

test('goes on with its past, by its id and as the newest', { timeout: 90_000 }, async () => {
  await using stage = await openQwenAcpStage(yes);
  const agent = stage.agent({ options });
  const first = await agent.run('The word is plum.');
  const second = await agent.run('Which word?');
  expect(second).toMatchObject({ outcome: { kind: 'completed', text: 'Yes.' }, session: { id: first.session?.id } });
  expect(said(stage.turns().at(-1))).toEqual(expect.arrayContaining(['The word is plum.', 'Which word?']));
  expect(chatAssistantTexts(stage.turns().at(-1) ?? {})).toContain('Yes.');
  const third = await stage.agent({ options }).continueLatest().run('And again?');
  expect(third.session?.id).toBe(first.session?.id);
  expect(said(stage.turns().at(-1))).toContain('Which word?');
});

describe('access', { timeout: 60_000 }, () => {
  test('read-only writes nothing', async () => {
    await using stage = await openQwenAcpStage();
    stage.model.push(
      { tools: [write(join(stage.folder, 'a.txt'))] },
      { tools: [shell('touch a.txt')] },
      { text: 'Done.' },
    );
    const tried = await tryAccess(stage, options, 'read-only');
    expect(tried.inside).toBe(false);
    expect(tried.statuses).not.toContain('ok');
  });

  test('edit writes in the folder, and through no link out of it', async () => {
    await using stage = await openQwenAcpStage();
    stage.model.push(
      { tools: [write(join(stage.folder, 'a.txt'))] },
      { tools: [write(join(stage.folder, 'out/outside.txt'))] },
      { text: 'Done.' },
    );
    const tried = await tryAccess(stage, options, 'edit');
    expect(tried).toMatchObject({ inside: true, outside: false, statuses: ['ok', 'denied'] });
  });

  test('full writes where it is told', async () => {
    await using stage = await openQwenAcpStage();
    stage.model.push(
      { tools: [write(join(stage.folder, 'a.txt'))] },
      { tools: [shell('touch out/outside.txt')] },
      { text: 'Done.' },
    );
    const tried = await tryAccess(stage, options, 'full');
    expect(tried).toMatchObject({ kind: 'completed', inside: true, outside: true, statuses: ['ok', 'ok'] });
  });
});
