import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MessagesRequest, type Turn, toolResults, userTexts } from '@pawl/fake-models';
import { describe, expect, test } from 'vitest';
import { openStage } from '../src/stage.ts';

// Claude Code through its adapter and the agent library.
const writes = (path: string, content: string): Turn => ({
  tools: [{ name: 'Write', input: { file_path: path, content } }],
});
const said = (request: MessagesRequest | undefined) => userTexts(request ?? {});
const turnsOf = (stage: Awaited<ReturnType<typeof openStage>>) =>
  stage.model.requests.filter((request) => request.kind === 'turn');

describe('a turn', () => {
  test('writes a real file and tells text, session, model, tokens and cost', async () => {
    await using stage = await openStage();
    stage.model.push(writes(join(stage.folder, 'a.txt'), 'written\n'), { text: 'I wrote it.' });
    const result = await stage.agent({ model: 'claude-haiku-4-5' }).run('write a.txt');
    expect(result).toMatchObject({
      outcome: { kind: 'completed', text: 'I wrote it.' },
      model: 'claude-haiku-4-5',
      cost: { state: 'measured' },
      turns: 2,
      usage: { outputTokens: 68, inputTokens: 2 * 15_812, cachedInputTokens: 30_000, cacheWriteTokens: 1_600 },
      unknownLines: 0,
    });
    expect(result.session?.id).toBe(turnsOf(stage)[0]?.headers['x-claude-code-session-id']);
    expect(await readFile(join(stage.folder, 'a.txt'), 'utf8')).toBe('written\n');
    expect(stage.processes()).toEqual([]);
  });

  test('takes a prompt of a megabyte', async () => {
    await using stage = await openStage({ turns: [{ text: 'Long.' }] });
    const prompt = `begin ${'x'.repeat(1_000_000)} end`;
    expect((await stage.agent().run(prompt)).outcome).toEqual({ kind: 'completed', text: 'Long.' });
    expect(said(turnsOf(stage)[0]?.body).join('\n')).toContain(prompt);
  });

  test('gives structured output by a schema', async () => {
    const answer = { name: 'pawl', teeth: 12 };
    const tools = [{ name: 'StructuredOutput', input: answer }];
    await using stage = await openStage({ turns: [{ tools }, { text: 'Done.' }] });
    const properties = { name: { type: 'string' }, teeth: { type: 'integer' } };
    const outputSchema = { type: 'object', properties, required: ['name', 'teeth'] };
    const result = await stage.agent({ access: 'read-only' }).run('describe it', { outputSchema });
    expect(result).toMatchObject({ outcome: { kind: 'completed' }, json: answer });
  });

  test('with read-only access, a model that writes all the same is refused by the CLI', async () => {
    await using stage = await openStage();
    const path = join(stage.folder, 'no.txt');
    const shell = { name: 'Bash', input: { command: `echo x > ${path}`, description: 'write' } };
    stage.model.push({ tools: [shell] }, writes(path, 'no'), { text: 'I could not.' });
    const result = await stage.agent({ access: 'read-only' }).run('write it anyway');
    expect(result.outcome.kind).toBe('completed');
    const answers = turnsOf(stage).flatMap(({ body }) => toolResults(body ?? {}));
    expect(answers.map((answer) => answer.error)).toEqual([true, true]);
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });
});

describe('a conversation', () => {
  test('goes on, and is forked, with another system prompt than it began with', async () => {
    await using stage = await openStage({ fallback: { text: 'Yes.' } });
    const agent = (word: string) => stage.agent({ options: { args: ['--append-system-prompt', word] } });
    const { session } = await agent('pawl-first').run('one');
    if (!session) throw new Error('no session');
    await agent('pawl-second').resume(session).run('two');
    await agent('pawl-third').fork(session).run('three');
    const heard = turnsOf(stage).map(({ body }) => JSON.stringify(body).match(/pawl-(?:first|second|third)/g));
    expect(heard).toEqual([['pawl-first'], ['pawl-second'], ['pawl-third']]);
  });

  test('goes on: the model sees what was said before, in the same session', async () => {
    await using stage = await openStage({ turns: [{ text: 'First answer.' }, { text: 'Second answer.' }] });
    const agent = stage.agent();
    const first = await agent.run('first question');
    const second = await agent.run('second question');
    expect(second.session?.id).toBe(first.session?.id);
    const [, resumed] = turnsOf(stage);
    expect(said(resumed?.body)).toEqual(['first question', 'second question']);
    expect(JSON.stringify(resumed?.body?.messages)).toContain('First answer.');
  });

  test('is resumed by its reference in another agent; its cost is that of the turn alone', async () => {
    await using stage = await openStage({ fallback: { text: 'Yes.' } });
    const first = await stage.agent().run('one');
    const ref = JSON.parse(JSON.stringify(first.session));
    const second = await stage.agent().resume(ref).run('two');
    expect(second.session?.id).toBe(ref.id);
    expect(second.usage).toEqual(first.usage);
    expect(said(turnsOf(stage).at(-1)?.body)).toEqual(['one', 'two']);
  });
});

describe('a failure is the typed outcome that it is', () => {
  const refusals: readonly [string, Turn['refuse'] & object, object][] = [
    [
      'an overloaded model',
      { status: 529, type: 'overloaded_error', message: 'Overloaded' },
      { code: 'overloaded', retryable: true },
    ],
    [
      'an unknown model',
      { status: 404, type: 'not_found_error', message: 'model: nope' },
      { code: 'model-not-found', retryable: false },
    ],
  ] as const;
  test.each(refusals)('%s', async (_, refuse, error) => {
    await using stage = await openStage({ fallback: { refuse } });
    const { outcome } = await stage.agent().run('hi');
    expect(outcome).toMatchObject({ kind: 'failed', error });
    expect(stage.processes()).toEqual([]);
  });

  test('a killed CLI', async () => {
    await using stage = await openStage({ fallback: { text: 'never ends', stopAfterFirstDelta: 'hang' } });
    const running = stage.agent().run('hi');
    await stage.model.waitForTurns(1, 20_000);
    process.kill(await stage.agentProcess(), 'SIGKILL');
    expect((await running).outcome).toMatchObject({ kind: 'failed', error: { code: 'crashed' } });
  });

  test('a hang, by the deadline between two events; nothing is left running', async () => {
    await using stage = await openStage({ fallback: { text: 'never ends', stopAfterFirstDelta: 'hang' } });
    const { outcome } = await stage.agent().run('hi', { idleMs: 2_000 });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'timeout' } });
    expect(stage.processes()).toEqual([]);
  });

  test('a flood of text, of which a bounded part is kept', async () => {
    const text = 'flood '.repeat(4_000_000);
    await using stage = await openStage({ fallback: { text, chunkSize: 200_000 } });
    const { outcome, text: kept } = await stage.agent().run('hi');
    // The line that holds the result is longer than any line may be; whether the CLI gets it out before it exits is its own.
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: expect.stringMatching(/^(protocol|crashed)$/) } });
    expect(kept.length).toBeLessThan(10_000_000);
    expect(stage.processes()).toEqual([]);
  });

  test('a limit of turns that the CLI keeps', async () => {
    await using stage = await openStage();
    const path = join(stage.folder, 'a.txt');
    await writeFile(path, 'x');
    const read: Turn = { tools: [{ name: 'Read', input: { file_path: path } }] };
    stage.model.push(read, read, read, { text: 'Done.' });
    const { outcome } = await stage.agent().run('hi', { limits: { turns: 1 } });
    expect(outcome).toMatchObject({ kind: 'limited', limit: 'turns' });
  });

  test('a CLI that is not installed', async () => {
    await using stage = await openStage();
    const options = { binary: join(stage.folder, 'no-such-claude') };
    const { outcome } = await stage.agent({ options }).run('hi');
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'not-installed', retryable: false } });
  });
});
