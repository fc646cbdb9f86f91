import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHost } from '@pawl/agent';
import { chatToolNames, chatToolResults, chatUserTexts } from '@pawl/fake-models';
import type { AgentEvent } from '@pawl/provider';
import { opencode } from '@pawl/provider-opencode';
import { describe, expect, test } from 'vitest';
import { opencodeCli } from '../src/clis.ts';
import { openCodeModel as model, openOpenCodeStage } from '../src/opencode-stage.ts';

// The real OpenCode through its adapter and the agent library.
const write = (filePath: string) => ({ name: 'write', input: { filePath, content: 'written\n' } });
const bash = (command: string) => ({ name: 'bash', input: { command, description: 'run' } });
const usage = { input: 1_000, cacheRead: 600, output: 30, reasoning: 7 };
const statuses = (events: readonly AgentEvent[]) =>
  events.flatMap((event) => (event.type === 'tool-result' ? event.status : [])).sort();

describe('a turn', { timeout: 180_000 }, () => {
  test('writes a real file, tells text, session, tokens and cost; a prompt of a megabyte', async () => {
    await using stage = await openOpenCodeStage();
    const host = createHost({ env: { ...process.env, ...stage.environment }, allow: opencode().environment });
    expect(await opencode().probe(host, { binary: 'opencode', args: [] })).toMatchObject({
      ...{ found: true, version: opencodeCli.version, known: true },
    });
    stage.model.push({ reasoning: 'I think.', text: 'I write.', tools: [write('a.txt')], usage });
    stage.model.push({ tools: [bash('cat a.txt')], usage }, { text: 'I wrote it.', usage });
    const result = await stage.agent({ model }).run('write "a.txt"');
    expect(result).toMatchObject({
      outcome: { kind: 'completed', text: 'I wrote it.' },
      ...{ cost: { state: 'measured' }, turns: 3, unknownLines: 0 },
      usage: { inputTokens: 3_000, cachedInputTokens: 1_800, outputTokens: 90, reasoningTokens: 21 },
    });
    expect(await readFile(join(stage.folder, 'a.txt'), 'utf8')).toBe('written\n');
    expect(chatToolResults(stage.turns()[2] ?? {})).toEqual(['written\n']);
    expect(stage.processes()).toEqual([]);

    const prompt = `--auto /help @a.txt ${'x'.repeat(1_000_000)} "end" $HOME\n`;
    stage.model.push({ text: 'Long.' });
    expect((await stage.agent({ model }).run(prompt)).outcome).toEqual({ kind: 'completed', text: 'Long.' });
    expect(chatUserTexts(stage.turns()[3] ?? {})).toEqual([prompt]);
    // Nobody was asked for a title.
    expect(new Set(stage.model.requests.map(({ kind }) => kind))).toEqual(new Set(['turn']));
  });

  test('keeps to its access word, whatever the folder and the user allow', async () => {
    const permission = { '*': 'allow', bash: 'allow', external_directory: 'allow' };
    await using stage = await openOpenCodeStage({}, { permission });
    writeFileSync(join(stage.folder, 'read.txt'), 'to be read');
    writeFileSync(
      join(stage.folder, 'opencode.json'),
      JSON.stringify({ permission, agent: { build: { permission } } }),
    );
    mkdirSync(join(stage.folder, '.opencode', 'plugin'), { recursive: true });
    const plugin =
      "import { writeFileSync } from 'node:fs';\n" +
      `export const Ran = async () => { writeFileSync(${JSON.stringify(join(stage.home, 'ran.txt'))}, 'x'); return {}; };\n`;
    writeFileSync(join(stage.folder, '.opencode', 'plugin', 'ran.ts'), plugin);
    const outside = join(stage.home, 'outside.txt');
    const tools = [{ name: 'read', input: { filePath: 'read.txt' } }, bash('echo x > no.txt'), write('no.txt')];
    stage.model.push({ tools }, { text: 'I could not.' });
    const read: AgentEvent[] = [];
    const reading = stage.agent({ model, access: 'read-only' });
    await reading.run('go', { onEvent: (event) => void read.push(event) });
    expect(chatToolNames(stage.turns()[0] ?? {})).toEqual(
      expect.not.arrayContaining(['bash', 'edit', 'write', 'task']),
    );
    expect(statuses(read)).toEqual(['error', 'error', 'ok']);
    expect(existsSync(join(stage.folder, 'no.txt'))).toBe(false);
    expect(existsSync(join(stage.home, 'ran.txt'))).toBe(false);
    // A plug-in has OpenCode look for its dependencies, and here is no registry.
    rmSync(join(stage.folder, '.opencode'), { recursive: true });

    stage.model.push({ tools: [write(outside), bash(`touch ${outside}`), write('inside.txt')] }, { text: 'Done.' });
    const edited: AgentEvent[] = [];
    await stage.agent({ model }).run('go', { onEvent: (event) => void edited.push(event) });
    expect(statuses(edited)).toEqual(['denied', 'denied', 'ok']);
    expect(existsSync(outside)).toBe(false);

    stage.model.push({ tools: [write(outside)] }, { text: 'Done.' });
    await stage.agent({ model, access: 'full' }).run('go');
    expect(await readFile(outside, 'utf8')).toBe('written\n');
  });

  test('a limit of turns is kept by pawl; a question ends a turn by name; an unknown model is not found', async () => {
    await using stage = await openOpenCodeStage({ fallback: { tools: [bash('ls')] } }, { permission: { bash: 'ask' } });
    const outcome = async (over: object, limits = {}) =>
      (await stage.agent({ model, ...over }).run('go', { limits })).outcome;
    expect(await outcome({})).toMatchObject({
      error: { code: 'unsupported', message: expect.stringContaining('bash') },
    });
    const limited = await outcome({ access: 'full' }, { turns: 2 });
    expect(limited).toMatchObject({ kind: 'limited', limit: 'turns', by: 'pawl' });
    expect(await outcome({ model: 'fake/none' })).toMatchObject({ error: { code: 'model-not-found' } });
    expect(stage.processes()).toEqual([]);
  });
});
