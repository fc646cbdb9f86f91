import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { userTexts } from '@pawl/fake-models';
import { describe, expect, test } from 'vitest';
import { openPawl, type RunFact } from '../src/pawl.ts';
import { openStage } from '../src/stage.ts';
import { tddModel } from '../src/tdd-model.ts';

// The whole program: `pawl run` in a real repository, with the real Claude Code in front of a scripted model.
const session = 'x-claude-code-session-id';
const of = (events: readonly RunFact[], type: string): RunFact[] => events.filter((event) => event.type === type);

describe('pawl run tdd', () => {
  test('plans, writes tests, then code; retries in the same session, escalates to a new one, and is applied', async () => {
    const script = tddModel({ bad: { 'add/green': 1, 'multiply/green': 3 } });
    await using stage = await openStage({ fallback: script.answer });
    const { repository, git, pawl, run } = await openPawl(stage);
    const { code, events, stderr } = await run('tdd', '--spec', 'spec.md');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });

    const attempts = of(events, 'attempt-started').map((event) => [
      event.step,
      event.attempt,
      event.agent,
      (event.session as { mode: string } | undefined)?.mode,
    ]);
    expect(attempts).toEqual([
      ['decompose', 1, 'claude-opus', 'new'],
      ['decompose/add/red', 1, 'claude-haiku', 'new'],
      ['decompose/add/green', 1, 'claude-haiku', 'from'],
      ['decompose/add/green', 2, 'claude-haiku', 'kept'],
      ['decompose/multiply/red', 1, 'claude-haiku', 'new'],
      ['decompose/multiply/green', 1, 'claude-haiku', 'from'],
      ['decompose/multiply/green', 2, 'claude-haiku', 'kept'],
      ['decompose/multiply/green', 3, 'claude-haiku', 'kept'],
      ['decompose/multiply/green', 4, 'claude-sonnet', 'new'],
      ['quality', 1, undefined, undefined],
    ]);

    // What reached the model, one line a prompt: task, step, session and how much of the conversation it was sent.
    const prompts = new Map<string, { session: string | undefined; said: readonly string[] }>();
    for (const request of stage.model.requests.filter(({ kind }) => kind === 'turn')) {
      const said = userTexts(request.body ?? {});
      prompts.set(said.at(-1) ?? '', { session: request.headers[session] as string | undefined, said });
    }
    const turns = [...prompts.values()];
    const sessions = turns.map((turn) => turn.session);
    const [plan, addRed, addGreen, addRetry, red, green, second, third, escalated] = sessions;
    expect(turns).toHaveLength(9);
    expect([addGreen, addRetry]).toEqual([addRed, addRed]);
    expect([green, second, third]).toEqual([red, red, red]);
    expect(new Set([plan, addRed, red, escalated]).size).toBe(4);
    expect(turns.map((turn) => turn.said.length)).toEqual([1, 1, 2, 3, 1, 2, 3, 4, 1]);
    // The retry carries what the gate printed.
    const carried = turns[3]?.said.at(-1);
    expect(carried).toContain('Gate test failed: npm run test');
    expect(carried).toContain('-1 !== 5');

    // The CLI's own transcript tells the same.
    const projects = join(stage.home, '.claude', 'projects');
    const names = await readdir(projects, { recursive: true });
    const [name = '', ...others] = names.filter((each) => each.endsWith(`${addRed}.jsonl`));
    expect(others).toEqual([]);
    const transcript = await readFile(join(projects, name), 'utf8');
    expect(transcript).toContain('Write tests for this task');
    expect(transcript).toContain('-1 !== 5');

    // So does the catalogue: each conversation with its run, the step that used it last, its cost and what was said.
    const catalogue = JSON.parse((await pawl('sessions', '--json')).stdout).sessions as {
      readonly run: string;
      readonly ref: { readonly id: string };
    }[];
    const conversation = (id: string | undefined) => catalogue.find(({ ref }) => ref.id === id);
    expect(catalogue).toHaveLength(4);
    expect(catalogue.map(({ run: each }) => each)).toEqual(Array(4).fill(events[0]?.run));
    expect(conversation(addRed)).toMatchObject({ step: 'decompose/add/green', turns: 3, agent: 'claude-haiku' });
    expect(conversation(escalated)).toMatchObject({
      step: 'decompose/multiply/green',
      turns: 1,
      cost: { state: 'measured' },
    });
    expect((await pawl('sessions', 'messages', addRed ?? '')).stdout).toContain('-1 !== 5');

    // One clean commit a passed step, files written by the CLI, nothing of pawl's.
    expect(git('status', '--porcelain')).toBe('');
    expect(await pawl('apply')).toMatchObject({ code: 0 });
    expect(git('log', '--format=%s', '--reverse').trim().split('\n')).toEqual([
      'A project',
      'red: add',
      'green: add',
      'red: multiply',
      'green: multiply',
    ]);
    expect(git('ls-files').trim().split('\n')).toEqual([
      'package.json',
      'spec.md',
      'src/add.js',
      'src/index.js',
      'src/multiply.js',
      'test/add.test.js',
      'test/multiply.test.js',
    ]);
    expect(await readFile(join(repository, 'src/multiply.js'), 'utf8')).toContain('return a * b;');

    const report = JSON.parse((await pawl('report', '--json')).stdout);
    expect(report).toMatchObject({
      status: 'passed',
      totals: { attempts: 10, retries: 4, escalations: 1, files: 4, cost: { unpriced: 0, estimatedUsd: 0 } },
    });
    // Money is per turn: the CLI counts it over the life of a session.
    const perTurn = of(events, 'effect-settled').flatMap((event) => {
      const { outcome } = event as unknown as { outcome: { kind: string; report?: { cost: { usd: number } } } };
      return outcome.kind === 'agent-ended' ? [outcome.report?.cost.usd ?? 0] : [];
    });
    expect(perTurn).toHaveLength(9);
    expect(Math.max(...perTurn.slice(1, 8))).toBeLessThan(3 * Math.min(...perTurn.slice(1, 8)));
    expect(stage.processes()).toEqual([]);
  }, 120_000);

  test('in text: the display shows steps, gates, the reason of a retry and what comes next', async () => {
    await using stage = await openStage({ fallback: tddModel({ bad: { 'add/green': 1 } }).answer });
    const { pawl } = await openPawl(stage);
    const { code, stderr } = await pawl('run', 'tdd', '--spec', 'spec.md');
    expect(code).toBe(0);
    expect(stderr).toContain('2 tasks: add, multiply');
    expect(stderr).toContain('✗ attempt 1: gate failed: test');
    expect(stderr).toContain('↻ decompose/add/green · claude-haiku · attempt 2 · same session');
    expect(stderr).toMatch(/✓ passed · tdd · .* · \$\d/);
    expect(stderr).toMatch(/pawl apply \S+ +bring it to your branch/);
  }, 120_000);
});

/** A workflow with one step and what shall happen in it. */
async function oneStep(repository: string, step: string): Promise<void> {
  const folder = join(repository, '.pawl', 'workflows');
  await mkdir(folder, { recursive: true });
  const yaml = `name: one\nsteps:\n  - name: work\n    type: code\n    agent: claude-haiku\n    prompt: "{spec}"\n${step}`;
  await writeFile(join(folder, 'one.yaml'), yaml);
}
const failureOf = (events: readonly RunFact[]): unknown => of(events, 'attempt-ended').at(-1)?.failure;

describe('what goes wrong ends as what it is', () => {
  test('a key that is refused: not tried again by pawl', async () => {
    await using stage = await openStage({
      fallback: { refuse: { status: 401, type: 'authentication_error', message: 'invalid x-api-key' } },
    });
    const { repository, run } = await openPawl(stage);
    await oneStep(repository, '    retry: [{ exit: 3 }]\n');
    const { code, events } = await run('one', '--spec', 'spec.md');
    expect(code).toBe(5);
    expect(failureOf(events)).toMatchObject({ reason: 'agent', final: true });
    expect(JSON.stringify(failureOf(events))).toContain('not-signed-in');
  }, 60_000);

  test('a rate limit: the same attempt waits, and goes on in its conversation', async () => {
    let refused = 0;
    await using stage = await openStage({
      fallback: () =>
        refused++ < 2 ? { refuse: { status: 429, type: 'rate_limit_error', message: 'slow down' } } : { text: 'Done.' },
    });
    const { repository, run } = await openPawl(stage);
    await oneStep(repository, '');
    const { code, events } = await run('one', '--spec', 'spec.md');
    expect(code).toBe(0);
    expect(of(events, 'warned')).toMatchObject([{ code: 'provider-awaited', step: 'work' }]);
    expect(of(events, 'attempt-started')).toHaveLength(1);
    const sessions = stage.model.requests.filter(({ kind }) => kind === 'turn').map(({ headers }) => headers[session]);
    expect(sessions).toHaveLength(3);
    expect(new Set(sessions).size).toBe(1);
    const said = userTexts(stage.model.requests.at(-1)?.body ?? {});
    expect(said.at(-1)).toContain('This task was begun and then cut off');
  }, 60_000);

  test('a CLI that is killed: crashed, and nothing of it is left', async () => {
    await using stage = await openStage({ fallback: { text: 'I begin', stopAfterFirstDelta: 'hang' } });
    const { repository, run } = await openPawl(stage);
    await oneStep(repository, '');
    const ended = run('one', '--spec', 'spec.md');
    // Before its first request the only `claude` may be the one that was asked for its version.
    await stage.model.waitForTurns(1, 30_000);
    process.kill(await stage.agentProcess(), 'SIGKILL');
    const { code, events } = await ended;
    expect(code).toBe(1);
    expect(JSON.stringify(failureOf(events))).toContain('crashed');
  }, 60_000);

  test('an agent that hangs: its guard stops it, and the step cannot pass on the tree put back', async () => {
    await using stage = await openStage({ fallback: { text: 'I think', stopAfterFirstDelta: 'hang' } });
    const { repository, run } = await openPawl(stage);
    await oneStep(repository, '    guard: { max_time: 3s }\n    gate: [{ bash: "true" }]\n');
    const { code, events } = await run('one', '--spec', 'spec.md');
    expect(code).toBe(1);
    expect(failureOf(events)).toMatchObject({ reason: 'guard', guard: 'max_time' });
    expect(of(events, 'effect-requested').some(({ effect }) => (effect as RunFact).type === 'run-gate')).toBe(false);
  }, 60_000);

  test('a flood: bounded, and its cost is known', async () => {
    const text = 'flood '.repeat(200_000);
    await using stage = await openStage({ fallback: { text } });
    const { repository, run } = await openPawl(stage);
    await oneStep(repository, '');
    const { code, events } = await run('one', '--spec', 'spec.md');
    expect(code).toBe(0);
    const settled = of(events, 'effect-settled').find(({ effect }) => String(effect).endsWith('run-agent'));
    expect(settled?.outcome).toMatchObject({
      report: {
        cost: { state: 'measured' },
        end: { kind: 'completed', text: { bytes: text.length } },
      },
    });
  }, 60_000);
});
