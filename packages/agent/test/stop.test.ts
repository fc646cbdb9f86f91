import { existsSync, readFileSync } from 'node:fs';
import { createAgent, createHost, runTurn } from '@pawl/agent';
import { identify, isAlive, type ProcessIdentity } from '@pawl/process';
import { script } from '@pawl/provider-script';
import { describe, expect, test, vi } from 'vitest';
import { useWorkshop } from './fixtures/workshop.ts';

const workshop = useWorkshop();
const deadline = { timeout: 20_000, interval: 20 };

/** The agent and its child, once both run. */
async function processes(): Promise<ProcessIdentity[]> {
  const file = workshop.path('pids.json');
  return vi.waitFor(() => {
    expect(existsSync(file)).toBe(true);
    const found = (JSON.parse(readFileSync(file, 'utf8')) as number[]).map(identify);
    return found.flatMap((identity) => (identity ? [identity] : []));
  }, deadline);
}
const host = createHost({ env: process.env, allow: [], stopGraceMs: 300 });
const spender = () => createAgent(script(), { ...workshop.agent('spender'), host });

describe('nothing is left of an agent that is deaf to SIGTERM and has a child of its own', () => {
  test('at a limit', async () => {
    let tree: ProcessIdentity[] = [];
    const result = await spender().run('spend', {
      limits: { costUsd: 0.25 },
      onEvent: async (event) => {
        if (event.type === 'usage-update' && tree.length === 0) tree = await processes();
      },
    });
    expect(result.outcome).toMatchObject({ kind: 'limited', limit: 'costUsd', by: 'pawl' });
    expect(result.text).toMatch(/^step \d/);
    expect(result.usage.costUsd).toBeGreaterThan(0.25);
    expect(tree).toHaveLength(2);
    expect(tree.filter(isAlive)).toEqual([]);
  });

  test('at its time', async () => {
    const running = spender().run('spend', { limits: { wallMs: 1500 } });
    const tree = await processes();
    expect((await running).outcome).toMatchObject({ kind: 'limited', limit: 'wallMs' });
    expect(tree.filter(isAlive)).toEqual([]);
  });

  test.each(['signal', 'abort', 'close'])('by %s', async (way) => {
    const agent = spender();
    const controller = new AbortController();
    const running = agent.run('spend', { signal: controller.signal });
    const tree = await processes();
    if (way === 'signal') controller.abort();
    else await (way === 'abort' ? agent.abort() : agent.close());
    expect((await running).outcome).toEqual({ kind: 'cancelled' });
    expect(tree.filter(isAlive)).toEqual([]);
    expect(agent.session === undefined).toBe(way === 'close');
  });
});

test('silence is a timeout', async () => {
  const options = { command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'] };
  const agent = createAgent(script(), { cwd: workshop.folder, options });
  const result = await agent.run('x', { firstEventMs: 300 });
  expect(result.outcome).toMatchObject({ kind: 'failed', error: { code: 'timeout' } });
});

test('abort without a run, twice, is fine', async () => {
  const agent = spender();
  await agent.abort();
  await agent.abort();
  await agent.close();
});

test('a turn as a runner runs it: prompt of 1 MB, native stream kept, environment of the step', async () => {
  const program = `
    let prompt = ''; for await (const chunk of process.stdin) prompt += chunk;
    console.log(JSON.stringify({ type: 'text', text: String(prompt.length) }));
    console.log([process.env.PAWL_STEP, process.env.PAWL_PROCESS, process.env.SECRET, process.env.npm_config_x].join());`;
  const native: Uint8Array[] = [];
  const marked = createHost({
    env: { ...process.env, SECRET: 'x', npm_config_x: 'y' },
    allow: script().environment,
    marker: 'run-7',
    onStdout: (chunk) => void native.push(chunk),
  });
  const report = await runTurn({
    ...{ provider: script(), host: marked, cwd: workshop.folder, access: 'edit', start: { kind: 'new' } },
    options: { command: [process.execPath, '--input-type=module', '-e', program] },
    prompt: 'é'.repeat(1_000_000),
    env: { PAWL_STEP: 'impl' },
  });
  expect(report.end.outcome).toEqual({ kind: 'completed', text: '1000000\nimpl,run-7,,' });
  expect(Buffer.concat(native).toString()).toBe('{"type":"text","text":"1000000"}\nimpl,run-7,,\n');
});
