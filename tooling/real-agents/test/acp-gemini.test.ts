import { existsSync, symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Agent, createHost } from '@pawl/agent';
import { geminiModelTexts, geminiUserTexts } from '@pawl/fake-models';
import type { AgentEvent } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { acpProvider, openGeminiAcpStage } from '../src/acp-stage.ts';
import { geminiCli } from '../src/clis.ts';

// The real Gemini CLI as an ACP agent, through the provider and the agent library.
const options = { profile: 'gemini' as const };
const model = 'gemini-2.5-flash';
const write = (path: string, content = 'written\n') => ({ name: 'write_file', args: { file_path: path, content } });
const shell = (command: string) => ({ name: 'run_shell_command', args: { command } });
const usage = { input: 1_000, cached: 600, output: 30, thoughts: 7 };

test('the pinned version is what the probe finds, with the verbs that it has over ACP', async () => {
  await using stage = await openGeminiAcpStage();
  const host = createHost({ env: { ...process.env, ...stage.environment }, allow: acpProvider.environment });
  const { value } = (await acpProvider.options['~standard'].validate(options)) as { value: never };
  expect(await acpProvider.probe(host, value)).toMatchObject({
    ...{ found: true, version: geminiCli.version, known: true },
    capabilities: { sessions: ['resume'], access: ['read-only', 'edit', 'full'] },
  });
});

describe('a turn', () => {
  test('writes a real file, runs a command and tells text, session, model and tokens', async () => {
    await using stage = await openGeminiAcpStage();
    stage.model.push({ thought: 'A file.', text: 'I write.', calls: [write('a.txt')], usage });
    stage.model.push({ calls: [shell('cat a.txt')], usage }, { text: 'I wrote it.', usage });
    const events: AgentEvent[] = [];
    const result = await stage
      .agent({ model, options })
      .run('write a.txt', { onEvent: (event) => void events.push(event) });
    expect(result).toMatchObject({
      outcome: { kind: 'completed', text: 'I wrote it.' },
      ...{ model, cost: { state: 'unknown' }, unknownLines: 0 },
    });
    expect(result.usage).toEqual({ inputTokens: 3_000, outputTokens: 90, turns: 3 });
    expect(await readFile(join(stage.folder, 'a.txt'), 'utf8')).toBe('written\n');
    expect(events.flatMap((event) => (event.type === 'tool-result' ? event.status : []))).toEqual(['ok', 'ok']);
    expect(stage.processes()).toEqual([]);
  });

  test('takes a prompt of a megabyte, as it is, also one that looks like a command', async () => {
    await using stage = await openGeminiAcpStage({ fallback: { text: 'Yes.' } });
    for (const prompt of [`begin ${'x'.repeat(1_048_576)} end`, '/memory show']) {
      const { outcome } = await stage.agent({ model, options }).run(prompt);
      expect(outcome).toEqual({ kind: 'completed', text: 'Yes.' });
      expect(
        geminiUserTexts(stage.turns().at(-1) ?? {})
          .at(-1)
          ?.replace('Prompt:\n', '')
          .trim(),
      ).toBe(prompt);
    }
  });

  test('gets none of the keys of other agents', async () => {
    await using stage = await openGeminiAcpStage();
    stage.model.push({ calls: [shell('env > seen.txt')] }, { text: 'Done.' });
    const env = { ...process.env, ...stage.environment, ANTHROPIC_API_KEY: 'other', GEMINI_MODEL: 'own' };
    const host = createHost({ env, allow: acpProvider.environment });
    await stage.agent({ model, options, host, access: 'full' }).run('env');
    const seen = await readFile(join(stage.folder, 'seen.txt'), 'utf8');
    expect(seen).toContain('GEMINI_MODEL=own');
    expect(seen).not.toContain('ANTHROPIC_API_KEY');
  });
});

describe('access', () => {
  const tried = async (access: 'read-only' | 'edit' | 'full', calls: readonly object[]) => {
    await using stage = await openGeminiAcpStage();
    const outside = join(stage.home, 'outside.txt');
    symlinkSync(stage.home, join(stage.folder, 'out'));
    for (const call of calls) stage.model.push({ calls: [call as never] });
    stage.model.push({ text: 'Done.' });
    const events: AgentEvent[] = [];
    const { outcome } = await stage
      .agent({ model, options, access })
      .run('go', { onEvent: (event) => void events.push(event) });
    const statuses = events.flatMap((event) => (event.type === 'tool-result' ? event.status : []));
    return {
      kind: outcome.kind,
      statuses,
      inside: existsSync(join(stage.folder, 'a.txt')),
      outside: existsSync(outside),
    };
  };

  test('read-only writes nothing, and a command that it asks for is denied', async () => {
    const { kind, statuses, inside } = await tried('read-only', [write('a.txt'), shell('touch a.txt')]);
    expect({ kind, inside }).toEqual({ kind: 'completed', inside: false });
    expect(statuses).not.toContain('ok');
  });

  test('edit writes in the folder, and through no link out of it', async () => {
    const { inside, outside, statuses } = await tried('edit', [write('a.txt'), write('out/outside.txt')]);
    expect({ inside, outside }).toEqual({ inside: true, outside: false });
    expect(statuses[0]).toBe('ok');
    expect(statuses[1]).not.toBe('ok');
  });

  test('full asks for nothing', async () => {
    const { inside, statuses } = await tried('full', [write('a.txt'), shell('touch b.txt')]);
    expect({ inside, statuses }).toEqual({ inside: true, statuses: ['ok', 'ok'] });
  });
});

test('a session goes on with its past, though its transcript was made in this very minute', {
  timeout: 120_000,
}, async () => {
  await using stage = await openGeminiAcpStage({ fallback: { text: 'Yes.' } });
  const agent = stage.agent({ model, options });
  const first = await agent.run('The word is plum.');
  const second = await agent.run('Which word?');
  expect(second.outcome).toEqual({ kind: 'completed', text: 'Yes.' });
  expect(second.session?.id).toBe(first.session?.id);
  const last = stage.turns().at(-1) ?? {};
  expect(geminiUserTexts(last).map((text) => text.trim())).toEqual(['The word is plum.', 'Which word?']);
  expect(geminiModelTexts(last)).toEqual(['Yes.']);
});

describe('refused by name', () => {
  test.each([
    ['continue', (agent: Agent) => agent.continueLatest()],
    ['fork', (agent: Agent) => agent.fork({ provider: 'acp', id: 'x', cwd: '/' })],
    ['ephemeral', (agent: Agent) => agent.ephemeral()],
  ])('%s', async (_, turned) => {
    await using stage = await openGeminiAcpStage();
    const { outcome } = await turned(stage.agent({ model, options, cwd: stage.folder })).run('go');
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'unsupported' } });
    expect(stage.turns()).toEqual([]);
  });
});

describe('failures of the model', () => {
  test.each([['a closed connection', 'close' as const, { code: 'network', retryable: true }]])(
    '%s',
    async (_, refuse, error) => {
      await using stage = await openGeminiAcpStage({ fallback: { refuse } }, { maxAttempts: 1 });
      const { outcome } = await stage.agent({ model, options }).run('go');
      expect(outcome).toMatchObject({ kind: 'failed', error });
      expect(stage.processes()).toEqual([]);
    },
  );
});
