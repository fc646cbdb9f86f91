import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GateReport, PlannedGate } from '@pawl/core';
import { cleanEnvironment, runCommand } from '@pawl/process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localRunFiles, localWorktreeFiles, type Ports, type Redactor, startRun } from '../src/index.ts';
import { World } from './fakes.ts';
import { checks, code, gate, planOf } from './plans.ts';

const redactor: Redactor = { text: (text) => text, stream: () => ({ write: (chunk) => chunk, end: () => '' }) };
const env = cleanEnvironment(process.env);

let folder: string;
let tree: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-gates-'));
  tree = await mkdtemp(join(folder, 'tree '));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Real programs and files, no git. */
function realPorts(world: World): Ports {
  const ports = world.ports();
  return {
    ...ports,
    files: localRunFiles(folder, redactor),
    worktreeFiles: localWorktreeFiles,
    commands: { run: ({ command, ...rest }) => runCommand({ file: 'sh', args: ['-c', command], env, ...rest }) },
    worktrees: {
      ...ports.worktrees,
      open: async (...args) => Object.assign(Object.create(await ports.worktrees.open(...args)), { path: tree }),
    },
  };
}

async function gated(what: string | PlannedGate, wallMs = 60_000): Promise<GateReport> {
  const world = new World();
  const plan = planOf(world.repository.base, [checks('quality', what)], { settings: { gateTimeoutMs: wallMs } });
  const state = await startRun('r1', plan, realPorts(world));
  return state.steps.quality!.gates[gate(what).name]!;
}
const logOf = (report: GateReport): string => join(folder, 'runs', 'r1', report.log!);
const node = (program: string): string => `"${process.execPath}" -e '${program}'`;
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
async function until(what: () => boolean | Promise<boolean>, ms = 5000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await what())) {
    if (performance.now() > deadline) throw new Error('it did not come to pass in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a gate that is a command', () => {
  test('passes with exit code 0, whatever it prints', async () => {
    const report = await gated('echo fine; echo odd >&2');
    expect(report).toEqual({
      ...{ pass: true, exitCode: 0, command: 'echo fine; echo odd >&2' },
      ...{ durationMs: expect.any(Number), log: expect.stringMatching(/^gates\//) },
    });
    expect(Number.isInteger(report.durationMs)).toBe(true);
    expect((await readFile(logOf(report), 'utf8')).split('\n').sort()).toEqual(['', 'fine', 'odd']);
  });

  test.each([
    ['on standard output', 'echo "1 failed"; exit 3', '1 failed', 3],
    ['on standard error', 'echo "syntax error" >&2; exit 2', 'syntax error', 2],
    ['on both, in order', 'echo a; sleep 0.2; echo b >&2; sleep 0.2; echo c; exit 1', 'a\nb\nc', 1],
    ['nowhere', 'exit 7', 'It printed nothing.', 7],
    ['in colours', `printf '\\033[31m✗\\033[0m 10%%\\r20%%\\r\\n\\007bad\\n'; exit 1`, '20%\nbad', 1],
  ])('says what failed %s', async (_, command, failure, exitCode) => {
    expect(await gated(command)).toMatchObject({ pass: false, failure, exitCode, command });
  });

  test('that is not there says so', async () => {
    const report = await gated('no-such-tool-of-pawl --check');
    expect(report).toMatchObject({ pass: false, exitCode: 127 });
    expect(report.failure).toMatch(/^The shell found no such program \(exit code 127\)\.\n\n.*no-such-tool-of-pawl/);
  });

  test('that is ended by a signal does not pass', async () => {
    expect(await gated('kill -9 $$')).toMatchObject({ pass: false, failure: 'It was ended by SIGKILL.' });
  });

  test('runs in the worktree, with a clean environment and no input', async () => {
    await writeFile(join(tree, 'here'), '');
    const report = await gated('cat; test -f here && test -z "$npm_config_user_agent" && pwd && exit 1');
    expect(report.failure).toBe(tree);
  });

  test('that is too slow is stopped with everything it started', async () => {
    const spawn =
      'const { spawn } = require("node:child_process"); const options = { detached: true, stdio: "inherit" };';
    const stubborn = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("child " + process.pid)`;
    await writeFile(join(tree, 'child.cjs'), stubborn);
    const parent = `${spawn} spawn(process.execPath, ["child.cjs"], options); setInterval(() => {}, 1000)`;
    const report = await gated(`${node(parent)} & echo waiting; wait`, 1000);
    expect(report).toMatchObject({
      pass: false,
      failure: expect.stringMatching(/^It did not end within 1 s and was stopped\./),
    });
    const pid = Number(/child (\d+)/.exec(report.failure ?? '')?.[1]);
    expect(pid).toBeGreaterThan(1);
    await until(() => !alive(pid));
  });

  test('with a limit of months is not stopped at once', async () => {
    expect(await gated('sleep 0.3', 100 * 24 * 3600_000)).toMatchObject({ pass: true });
  });

  test('that prints 100 MB: the log is whole, the failure is short, memory stays', async () => {
    const before = process.memoryUsage().rss;
    const line = 'x'.repeat(99);
    const report = await gated(
      `echo first; head -c 100000000 /dev/zero | tr '\\0' x | fold -w 99; echo; echo last; exit 1`,
    );
    expect((await stat(logOf(report))).size).toBeGreaterThan(100_000_000);
    expect(report.failure!.length).toBeLessThan(9000);
    expect(report.failure).toMatch(/^first\n/);
    expect(report.failure).toContain(line);
    expect(report.failure).toMatch(/left out[\s\S]*\nlast$/);
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  test('whose log cannot be written is stopped, and its error has a name', async () => {
    const world = new World();
    const ports = realPorts(world);
    const throws = () => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };
    const open: Ports['files']['open'] = async (...args) => ({ ...(await ports.files.open(...args)), write: throws });
    const plan = planOf(world.repository.base, [checks('quality', 'echo a; sleep 60')]);
    const begin = performance.now();
    const state = await startRun('r1', plan, { ...ports, files: { ...ports.files, open } });
    expect(state.failure?.message).toContain('ENOSPC: no space left');
    expect(performance.now() - begin).toBeLessThan(20_000);
  });

  test('is stopped by an abort', async () => {
    const world = new World();
    const controller = new AbortController();
    const plan = planOf(world.repository.base, [checks('quality', 'touch begun; echo $$ > pid; sleep 60')]);
    const run = startRun('r1', plan, realPorts(world), { signal: controller.signal });
    await until(() =>
      stat(join(tree, 'pid')).then(
        () => true,
        () => false,
      ),
    );
    controller.abort();
    expect((await run).status).toBe('interrupted');
    await until(async () => !alive(Number(await readFile(join(tree, 'pid'), 'utf8'))));
  });
});

describe('the gates of a project', () => {
  test('find its command, count its tests and hand its failure to the next attempt', async () => {
    const test = `import { test } from 'node:test'; import { strictEqual } from 'node:assert';
import { readFileSync } from 'node:fs'; test('adds', () => strictEqual(readFileSync('sum', 'utf8'), '3'));`;
    await writeFile(
      join(tree, 'package.json'),
      JSON.stringify({ scripts: { test: 'node --test', build: 'node --check a.test.mjs' } }),
    );
    await writeFile(join(tree, 'a.test.mjs'), test);
    const world = new World({
      async script({ attempt }) {
        await writeFile(join(tree, 'sum'), attempt === 1 ? '2' : '3');
        return {};
      },
    });
    const step = code('impl', { gates: ['compile', 'tests_found', 'test'], attempts: 2 });
    const path = `${join(process.execPath, '..')}:${env.PATH}`;
    const ports = realPorts(world);
    const run: Ports['commands']['run'] = ({ command, ...rest }) =>
      runCommand({ file: 'sh', args: ['-c', command], env: { ...env, PATH: path }, ...rest });
    const state = await startRun('r1', planOf(world.repository.base, [step]), { ...ports, commands: { run } });
    expect(state.status).toBe('passed');
    expect(world.asked).toHaveLength(2);
    const { prompt } = world.asked[1]!.input;
    expect(prompt).toContain('Gate test failed: npm run test (exit code 1)');
    expect(prompt).toMatch(/'2' !== '3'|\+ '2'\s+- '3'|2.*3/);
    expect(prompt).not.toContain('\u001b');
  });

  test('a setup that fails ends the run with its text', async () => {
    const world = new World();
    const settings = { setup: 'echo "no lockfile"; exit 4' };
    const plan = planOf(world.repository.base, [checks('quality', 'true')], { settings });
    const state = await startRun('r1', plan, realPorts(world));
    expect(state.failure?.message).toContain('setup-failed');
    expect(state.failure?.message).toContain('exit code 4');
    expect(state.failure?.message).toContain('no lockfile');
    const log = world.log().find((event) => event.type === 'run-ended');
    expect(log).toMatchObject({ end: 'failed' });
  });
});
