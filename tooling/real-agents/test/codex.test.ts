import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { responsesAssistantTexts } from '@pawl/fake-models';
import type { AgentEvent } from '@pawl/provider';
import { codex } from '@pawl/provider-codex';
import { describe, expect, test } from 'vitest';
import { answers, eventsOf, mcpServer, oneAnswer, raise, said, yes } from '../src/codex-script.ts';
import { openCodexStage, patch, shell } from '../src/codex-stage.ts';

// Codex through its adapter and the agent library.
describe('a turn', () => {
  test('writes a real file, in a folder that is no repository, and tells tokens as it goes', async () => {
    await using stage = await openCodexStage();
    stage.model.push({ reasoning: 'Hm.', text: 'I write.', ...patch('a.txt', 'written') }, shell('cat a.txt'));
    stage.model.push({ text: 'I wrote it.' });
    const agent = stage.agent();
    const started = performance.now();
    const events = await eventsOf(agent.stream('write a.txt'));
    // Without its setting it would wait five seconds for a network at its end.
    expect(performance.now() - started).toBeLessThan(4_500);
    expect(readFileSync(join(stage.folder, 'a.txt'), 'utf8')).toBe('written\n');
    expect(events.flatMap((event) => (event.type === 'tool-call' ? `${event.kind} ${event.name}` : []))).toEqual([
      'edit file_change',
      'execute command_execution',
    ]);
    expect(events.flatMap((event) => (event.type === 'reasoning-delta' ? event.delta : []))).toEqual(['Hm.']);
    const live = events.flatMap((event) => (event.type === 'usage-update' ? event.usage.turns : []));
    expect(live).toEqual([1, 2, 3]);
    const lastCall = events.findLastIndex((event) => event.type === 'tool-result');
    expect(events.findIndex((event) => event.type === 'usage-update')).toBeLessThan(lastCall);
    expect(events.at(-1)).toMatchObject({
      ...{ outcome: { kind: 'completed', text: 'I wrote it.' }, model: 'gpt-5.5', unknownLines: 0 },
      usage: { inputTokens: 27_000, cachedInputTokens: 18_000, outputTokens: 120, reasoningTokens: 48, turns: 3 },
    });
    expect(stage.processes()).toEqual([]);
  });

  test('takes a prompt of a megabyte, in the model and the effort asked for; a cost is never made up', async () => {
    await using stage = await openCodexStage(yes);
    const prompt = `-begin ${'x'.repeat(1_000_000)} end`;
    const result = await stage.agent({ model: 'gpt-6.1-sol', options: { effort: 'high' } }).run(prompt);
    expect(result).toMatchObject({ outcome: { kind: 'completed', text: 'Yes.' }, model: 'gpt-6.1-sol' });
    expect(result.cost).toEqual({ state: 'unknown' });
    expect(said(stage, 0)).toEqual([prompt]);
    expect(stage.model.requests[0]?.body).toMatchObject({ model: 'gpt-6.1-sol', reasoning: { effort: 'high' } });
  });

  test('gives structured output by a schema, made strict and back', async () => {
    await using stage = await openCodexStage({ turns: [{ text: '{"name":"pawl","teeth":null}' }, { text: 'No.' }] });
    const properties = { name: { type: 'string' }, teeth: { type: 'integer' } };
    const outputSchema = { type: 'object', properties, required: ['name'] };
    const kept = await stage.agent({ access: 'read-only' }).run('describe it', { outputSchema });
    expect(kept).toMatchObject({ outcome: { kind: 'completed' }, json: { name: 'pawl' } });
    expect(stage.model.requests[0]?.body?.text?.format).toMatchObject({
      ...{ type: 'json_schema', strict: true },
      schema: { required: ['name', 'teeth'], additionalProperties: false },
    });
    // The CLI does not look at the answer.
    const broken = await stage.agent().run('again', { outputSchema });
    expect([broken.text, broken.json]).toEqual(['No.', undefined]);
  });

  test('a compaction, which Codex does not print', async () => {
    await using stage = await openCodexStage();
    stage.model.push({ ...shell('true'), usage: { input: 250_000 } }, { text: 'Summary.' }, { text: 'Done.' });
    const events = await eventsOf(stage.agent().stream('much'));
    expect(events.filter(({ type }) => type === 'compaction')).toMatchObject([{ trigger: 'auto' }]);
    expect(events.at(-1)).toMatchObject({ outcome: { text: 'Done.' }, usage: { turns: 3, inputTokens: 268_000 } });
  });

  test('a command that the model does not wait for is ended, and so told', async () => {
    await using stage = await openCodexStage();
    stage.model.push(shell('sleep 300', { yield_time_ms: 250 }), { text: 'Not waited.' });
    const events = await eventsOf(stage.agent({ access: 'full' }).stream('go'));
    expect(events.filter(({ type }) => type === 'tool-result')).toMatchObject([{ status: 'error' }]);
    expect(stage.processes()).toEqual([]);
  });
});

describe('access', () => {
  const denied = (events: readonly AgentEvent[]) =>
    events.flatMap((event) => (event.type === 'tool-result' ? event.status : []));

  test('read-only: nothing is written, whatever the user allows otherwise, and every refusal is told', async () => {
    await using stage = await openCodexStage();
    mkdirSync(join(stage.home, '.codex', 'rules'));
    const rule = 'prefix_rule(pattern=["touch"], decision="allow")\n';
    writeFileSync(join(stage.home, '.codex', 'rules', 'default.rules'), rule);
    const server = join(stage.folder, 'server.mjs');
    writeFileSync(server, mcpServer(join(stage.folder, 'by-server')));
    stage.configure(`
[mcp_servers.notes]
command = "${process.execPath}"
args = ["${server}"]
default_tools_approval_mode = "approve"
`);
    const write = { tools: [{ name: 'write', namespace: 'mcp__notes', input: {} }] };
    stage.model.push(shell('touch a'), patch('b', 'x'), write, shell('cat server.mjs'), { text: 'I could not.' });
    const events = await eventsOf(stage.agent({ access: 'read-only' }).stream('write it anyway'));
    expect(['a', 'b', 'by-server'].filter((name) => existsSync(join(stage.folder, name)))).toEqual([]);
    expect(denied(events).sort()).toEqual(['denied', 'denied', 'ok']);
    expect(answers(stage)[2]).toContain('unsupported call');
    expect(events.at(-1)).toMatchObject({ outcome: { kind: 'completed', text: 'I could not.' }, unknownLines: 0 });
  });

  test('edit: in its folder and not beside it, without a network; also in a resumed session', async () => {
    await using stage = await openCodexStage();
    // Not below /tmp, where Codex lets everybody write.
    const outside = `/var/tmp/pawl-outside-${process.pid}.txt`;
    stage.model.push(shell('echo x > inside.txt'), { text: 'Yes.' }, patch(outside, 'x'), shell(`touch ${outside}`));
    stage.model.push(shell(`${process.execPath} -e "fetch('${stage.model.url}/v1/models')"`), { text: 'No.' });
    const agent = stage.agent({ access: 'edit' });
    expect(denied(await eventsOf(agent.stream('inside')))).toEqual(['ok']);
    expect(denied(await eventsOf(agent.stream('outside'))).sort()).toEqual(['denied', 'denied', 'error']);
    expect(existsSync(join(stage.folder, 'inside.txt'))).toBe(true);
    expect(existsSync(outside)).toBe(false);
    expect(stage.model.requests.every(({ kind }) => kind === 'turn')).toBe(true);
  });

  test('full: everything', async () => {
    await using stage = await openCodexStage();
    const outside = join(stage.home, 'outside.txt');
    stage.model.push(shell(`touch ${outside}`), { text: 'Yes.' });
    expect(denied(await eventsOf(stage.agent({ access: 'full' }).stream('outside')))).toEqual(['ok']);
    expect(existsSync(outside)).toBe(true);
  });
});

describe('a conversation', () => {
  test('goes on, is resumed elsewhere, forked, continued and listed; tokens are those of each turn', async () => {
    await using stage = await openCodexStage({ turns: [{ text: 'First answer.' }], ...yes });
    const agent = stage.agent({ model: 'gpt-6.1-sol', access: 'edit' });
    const first = await agent.run('one');
    const second = await agent.run('two');
    expect(second.session?.id).toBe(first.session?.id);
    expect(said(stage, 1)).toEqual(['one', 'two']);
    expect(responsesAssistantTexts(stage.model.requests[1]?.body ?? {})).toEqual(['First answer.']);
    expect([first.usage, second.usage]).toMatchObject([oneAnswer, oneAnswer]);

    // By its reference, without a word of its model: Codex would take its default, and put a summary for the past.
    const ref = JSON.parse(JSON.stringify(second.session));
    const elsewhere = join(stage.folder, 'elsewhere');
    mkdirSync(elsewhere);
    const third = await stage.agent({ cwd: elsewhere }).resume(ref).run('three');
    expect(third).toMatchObject({ model: 'gpt-6.1-sol', session: { id: ref.id }, usage: oneAnswer });
    expect(said(stage, 2)).toEqual(['one', 'two', 'three']);
    expect(JSON.stringify(stage.model.requests[2]?.body)).toContain(`<cwd>${elsewhere}</cwd>`);

    const source = stage.rollouts().find(({ path }) => path.includes(ref.id))?.text;
    const copy = await stage.agent({ cwd: stage.folder }).resume(ref).fork().run('aside');
    expect(copy.session?.id).not.toBe(ref.id);
    expect(copy.usage).toMatchObject(oneAnswer);
    expect(said(stage, 3)).toEqual(['one', 'two', 'three', 'aside']);
    expect(stage.rollouts().find(({ path }) => path.includes(ref.id))?.text).toBe(source);
    const again = await stage
      .agent()
      .resume(copy.session ?? ref)
      .run('and on');
    expect(again).toMatchObject({ session: { id: copy.session?.id }, usage: oneAnswer });

    const newest = await stage.agent().continueLatest().run('latest');
    expect(newest).toMatchObject({ session: { id: copy.session?.id }, usage: oneAnswer });
    const listed = await codex().listSessions?.({ cwd: stage.folder }, stage.host);
    expect(listed?.map((one) => [one.ref.id, one.title])).toEqual([[copy.session?.id, 'aside']]);
    const moved = await codex().listSessions?.({ cwd: elsewhere }, stage.host);
    expect(moved?.map((one) => one.ref.id)).toEqual([ref.id]);

    // The rollout of a fork has nothing of what was before.
    const exported: string[] = [];
    for await (const line of codex().exportSession?.(copy.session ?? ref, stage.host) ?? []) exported.push(line);
    const own = stage.rollouts().find(({ path }) => path.includes(copy.session?.id ?? '?'))?.text;
    expect([own?.includes('First answer.'), exported.join().includes('First answer.')]).toEqual([false, true]);
    expect(exported.map((line) => JSON.parse(line).ordinal)).toEqual(exported.map((_, index) => index));
  });

  test('that changes its model is told to be a summary', async () => {
    await using stage = await openCodexStage(yes);
    const first = await stage.agent({ model: 'gpt-5.5' }).run('one');
    const next = stage.agent({ model: 'gpt-6.1-sol' }).resume(first.session ?? raise());
    const events = await eventsOf(next.stream('two'));
    expect(events.filter(({ type }) => type === 'compaction')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({
      model: 'gpt-6.1-sol',
      usage: { inputTokens: 18_000, outputTokens: 80, turns: 2 },
    });
  });

  test('that is ephemeral leaves nothing to go on with', async () => {
    await using stage = await openCodexStage(yes);
    const agent = stage.agent().ephemeral();
    const first = await agent.run('one');
    expect(first).toMatchObject({ session: undefined, usage: { inputTokens: 9_000, outputTokens: 40 } });
    await agent.run('two');
    expect(said(stage, 1)).toEqual(['two']);
    expect(await codex().listSessions?.({ cwd: stage.folder }, stage.host)).toEqual([]);
  });

  test('that does not exist is a typed failure and never a new one', async () => {
    await using stage = await openCodexStage(yes);
    const ref = { provider: 'codex', id: '99999999-2222-7333-8444-555555555555', cwd: stage.folder };
    const failed = (code: string) => ({ outcome: { kind: 'failed', error: { code, retryable: false } } });
    expect(await stage.agent().resume(ref).run('go on')).toMatchObject(failed('session-not-found'));
    expect(await stage.agent().fork(ref).run('go on')).toMatchObject(failed('session-not-found'));
    expect(await stage.agent().continueLatest().run('go on')).toMatchObject(failed('session-not-found'));
    expect(
      await stage
        .agent()
        .resume({ ...ref, id: 'a-name' })
        .run('go on'),
    ).toMatchObject(failed('bad-option'));
    expect(stage.model.requests).toEqual([]);
  });

  test('that another process is in is refused, and can be tried again', async () => {
    await using stage = await openCodexStage({ turns: [{ text: 'Yes.' }] });
    const { session = raise() } = await stage.agent().run('one');
    stage.model.push({ text: 'slow', stopAfterFirstDelta: 'hang' });
    const first = stage.agent().resume(session);
    const running = first.run('two');
    await stage.model.waitForTurns(2, 20_000);
    expect(await stage.agent().resume(session).run('three')).toMatchObject({
      outcome: { kind: 'failed', error: { code: 'unsupported', retryable: true } },
    });
    await first.abort();
    expect((await running).outcome).toEqual({ kind: 'cancelled' });
  });
});
