import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentEvent } from '@pawl/provider';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localRunFiles, type Ports, startRun } from '../src/index.ts';
import { World } from './fakes.ts';
import { code, planOf } from './plans.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-flood-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const count = 100_000;
const delta: AgentEvent = { type: 'text-delta', id: 'text-1', delta: 'word '.repeat(20) };

/** An agent that tells as fast as it is let. */
async function floodedPorts(world: World, onYield: () => void): Promise<Ports> {
  const ports = world.ports();
  const provider = (await ports.agents.provider('script'))!;
  let stdout: (chunk: Uint8Array) => void | Promise<void> = () => {};
  const flooding: typeof provider = {
    ...provider,
    async open(request, host) {
      const session = await provider.open(request, host);
      const iterate = async function* (): AsyncGenerator<AgentEvent> {
        yield { type: 'turn-start' };
        for (let index = 0; index < count; index += 1) {
          await stdout(new TextEncoder().encode('native line\n'));
          yield delta;
          onYield();
        }
        const outcome = { kind: 'completed', text: 'done' } as const;
        yield { type: 'turn-end', outcome, usage: {}, session: undefined, durationMs: 1, unknownLines: 0 };
      };
      return { ...session, turn: () => ({ [Symbol.asyncIterator]: iterate, ended: new Promise(() => {}) }) };
    },
  };
  return {
    ...ports,
    agents: {
      provider: async () => flooding,
      host(asked, options) {
        stdout = (chunk) => options.onStdout(chunk);
        return ports.agents.host(asked, options);
      },
    },
  };
}

test('a flood of events is kept whole, in little time and bounded memory', async () => {
  const world = new World();
  const text = (input: string): string => input.replaceAll(/sk-[a-z0-9]{20}/g, '[redacted]');
  const ports = await floodedPorts(world, () => {});
  const files = localRunFiles(folder, { text, stream: () => ({ write: text, end: () => '' }) });
  const plan = planOf(world.repository.base, [code('impl')]);
  const before = process.memoryUsage().rss;
  let told = 0;
  const observe = () => {
    told += 1;
  };
  const state = await startRun('r1', plan, { ...ports, files }, { observe });
  expect(state.status).toBe('passed');
  expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  expect(told).toBeGreaterThan(count);
  const { folder: turn } = state.steps.impl!.report!;
  const lines = async (name: string) =>
    (await readFile(join(folder, 'runs/r1', turn, name), 'utf8')).split('\n').length - 1;
  expect([await lines('events.ndjson'), await lines('native.log')]).toEqual([count + 2, count]);
  expect(JSON.stringify(world.log()).length).toBeLessThan(20_000);
});

test('no event waits in memory: each is in its file before the agent goes on', async () => {
  const world = new World();
  const written = { events: 0, native: 0 };
  let late = 0;
  const ports = await floodedPorts(world, () => {
    // Of the events one more: `turn-start`.
    if (written.events !== written.native + 1) late += 1;
  });
  const open: Ports['files']['open'] = async (_, name) => ({
    write() {
      written[name.endsWith('native.log') ? 'native' : 'events'] += 1;
    },
    close: async () => {},
  });
  const plan = planOf(world.repository.base, [code('impl')]);
  await startRun('r1', plan, { ...ports, files: { ...ports.files, open } });
  expect(written).toEqual({ events: count + 2, native: count });
  expect(late).toBe(0);
});

test('a step that passes at once costs few calls', async () => {
  const world = new World({
    script: ({ files }) => {
      files.set('a.ts', 'a');
      return {};
    },
  });
  const ports = world.ports();
  const calls: string[] = [];
  const counted = <T extends object>(name: string, port: T): T =>
    new Proxy(port, {
      get(target, key, receiver) {
        const found: unknown = Reflect.get(target, key, receiver);
        if (typeof found !== 'function') return found;
        return (...args: unknown[]) => {
          calls.push(`${name}.${String(key)}`);
          return found.apply(target, args);
        };
      },
    });
  const plan = planOf(world.repository.base, [code('impl', { gates: ['check'] })]);
  await startRun('r1', plan, {
    ...ports,
    log: counted('log', ports.log),
    files: counted('files', ports.files),
    commands: counted('commands', ports.commands),
    sessions: counted('sessions', ports.sessions),
    worktreeFiles: counted('worktreeFiles', ports.worktreeFiles),
  });
  const times = Object.fromEntries(
    [...new Set(calls)].map((call) => [call, calls.filter((one) => one === call).length]),
  );
  expect(times).toEqual({
    'log.read': 1,
    // start; opened; turn; checkpoint; gate; advance
    'log.append': 6,
    // native.log, events.ndjson, the gate's log
    'files.open': 3,
    // prompt.md, session.json
    'files.write': 2,
    // the final text, the diff
    'files.keep': 2,
    'commands.run': 1,
    'sessions.record': 1,
    'sessions.acquire': 1,
    'sessions.begin': 1,
    'sessions.append': 1,
    'worktreeFiles.emptyFolder': 1,
    'worktreeFiles.remove': 1,
  });
  // Git: the lane is opened once by its port, then asked twice.
  expect(world.repository.calls.filter((call) => !call.startsWith('open '))).toEqual([
    'checkpoint impl#1/checkpoint',
    'advance',
  ]);
});
