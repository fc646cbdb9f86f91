import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { contentOf, isRunning, jsonLines, openStage, type Stage, until } from './stage.ts';

/** An agent that writes a file, starts a child and hangs. */
function hang(stage: Stage, more = ''): { readonly pids: () => readonly number[] } {
  const path = join(stage.folder, 'pids');
  stage.agents({
    'claude-opus': `${more}cat > /dev/null; echo half > half.txt; sleep 300 & echo "$!" >> ${path}; echo "$$" >> ${path}; wait; sleep 300`,
  });
  const pids = () => (existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').map(Number) : []);
  // What a test leaves behind when it fails (or kills the program on purpose) ends with it.
  onTestFinished(() => {
    for (const pid of pids()) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  });
  return { pids: () => (pids().length === 2 ? pids() : []) };
}

const hanging = (agent: { readonly pids: () => readonly number[] }) =>
  until('the agent', () => agent.pids().length === 2 && agent.pids());

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s: agents end, what they left is recorded, the run is interrupted, exit code 4',
  async (signal) => {
    const stage = openStage();
    const agent = hang(stage);
    stage.commit();
    const before = contentOf(stage.repository, /^\.git$/);
    const pawl = stage.start('run', 'freeform', '--spec', 'spec.md');
    const pids = await hanging(agent);
    pawl.kill(signal);
    const { code, stderr } = await pawl.ended;
    expect(code, stderr).toBe(4);
    expect(stderr).toContain('stopping: agents end');
    expect(stderr).toContain('! interrupted · freeform');
    expect(stderr).toMatch(/\n {2}pawl resume \S+ +go on/);
    expect(pids.filter(isRunning)).toEqual([]);
    expect((await stage.call('list')).stdout).toMatch(/^! \S+ {2}.* interrupted /);
    const report = JSON.parse((await stage.call('report', '--json')).stdout);
    expect(report).toMatchObject({ status: 'interrupted', abortReason: `interrupted by ${signal}` });
    expect(report.steps[0].attempts[0].checkpoint.files).toEqual([expect.objectContaining({ path: 'half.txt' })]);
    expect(contentOf(stage.repository, /^\.git$/)).toEqual(before);
  },
);

test('with --json the end of a stopped run is an event too', async () => {
  const stage = openStage();
  const agent = hang(stage);
  const pawl = stage.start('run', 'freeform', '--spec', 'spec.md', '--json');
  await hanging(agent);
  pawl.kill('SIGINT');
  const { code, stdout } = await pawl.ended;
  expect(code).toBe(4);
  expect(jsonLines(stdout).slice(-1)).toMatchObject([{ type: 'run-ended', end: 'interrupted' }]);
});

test('an interrupted run is resumed, or aborted for good', async () => {
  const stage = openStage();
  const agent = hang(stage);
  const pawl = stage.start('run', 'freeform', '--spec', 'spec.md', '--json');
  await hanging(agent);
  pawl.kill('SIGINT');
  await pawl.ended;
  const status = await stage.call('status');
  expect(status.stdout).toMatch(/\n! interrupted · freeform · /);
  const { id } = JSON.parse((await stage.call('list', '--json')).stdout).runs[0];
  const aborted = await stage.call('abort', id, '--reason', 'not wanted');
  expect(aborted).toMatchObject({ code: 0, stderr: expect.stringContaining(`run ${id} has ended: aborted`) });
  expect(await stage.call('abort', id)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('has ended already'),
  });
  stage.agents({ 'claude-opus': 'cat > /dev/null; echo whole > whole.txt' });
  const resumed = await stage.call('resume', id);
  expect(resumed.stderr).toMatch(/^resuming run \S+ \(freeform, spec\.md\), which was stopped at work\n/);
  expect(resumed.stderr).toContain('▸ work · claude-opus · goes on');
});

test('a second SIGINT ends at once, with the agents', async () => {
  const stage = openStage();
  const agent = hang(stage, "trap '' TERM INT HUP; ");
  const pawl = stage.start('run', 'freeform', '--spec', 'spec.md');
  const pids = await hanging(agent);
  pawl.kill('SIGINT');
  await until('its being heard', () => pawl.sofar().includes('stopping: agents end'));
  pawl.kill('SIGINT');
  expect((await pawl.ended).code).toBe(130);
  await until('the end of the agents', () => pids.every((pid) => !isRunning(pid)), 3000);
  expect((await stage.call('list')).stdout).toContain('interrupted');
});

test('SIGKILL: the run is interrupted, and every command that reads it says so', async () => {
  const stage = openStage();
  const agent = hang(stage);
  const pawl = stage.start('run', 'freeform', '--spec', 'spec.md', '--json');
  await hanging(agent);
  const running = await stage.call('status');
  expect(running.stdout).toMatch(/▸ work {2}claude-opus .*\n▸ running · freeform/);
  expect((await stage.call('list')).stdout).toContain(' running ');
  pawl.kill('SIGKILL');
  await pawl.ended;

  const status = await stage.call('status');
  expect(status).toMatchObject({ code: 0, stderr: expect.stringMatching(/\n {2}pawl resume \S+ +go on/) });
  expect(status.stdout).toMatch(/\n! interrupted · freeform · /);
  expect((await stage.call('list')).stdout).toContain(' interrupted ');
  expect((await stage.call('report')).stdout).toMatch(/^! interrupted · freeform · /);
  expect((await stage.call('report', '--format', 'markdown')).stdout).toMatch(/^# ! freeform: interrupted\n/);
  expect(JSON.parse((await stage.call('report', '--json')).stdout)).toMatchObject({ status: 'interrupted' });
  expect(JSON.parse((await stage.call('status', '--json')).stdout)).toMatchObject({ status: 'interrupted' });
  const id = JSON.parse((await stage.call('list', '--json')).stdout).runs[0].id;
  expect(await stage.call('apply', id)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('has not passed (interrupted)'),
  });
  expect(await stage.call('diff')).toMatchObject({ code: 0, stdout: '' });
});

test('a reader that leaves does not stop a run', async () => {
  const stage = openStage();
  stage.agents({ 'claude-opus': 'cat > /dev/null; sleep 0.3; echo x > x.txt' }, 'commands: { compile: "true" }\n');
  const pawl = stage.start('run', 'freeform', '--spec', 'spec.md', '--json');
  pawl.closeOutput();
  expect(await pawl.ended).toMatchObject({ code: 0, stderr: '' });
  expect((await stage.call('status')).stdout).toContain('✓ passed');
});

test('nor does it make a noise', async () => {
  const stage = openStage();
  const pawl = stage.start('workflows', 'show', 'tdd');
  pawl.closeOutput();
  expect(await pawl.ended).toMatchObject({ code: 0, stderr: '# built-in workflow tdd\n' });
});

test('two runs at once in one repository', async () => {
  const stage = openStage();
  stage.agents(
    { 'claude-opus': 'cat > /dev/null; sleep 0.5; echo x > "$PAWL_SESSION_ID.txt"' },
    'commands: { compile: "true" }\n',
  );
  const both = await Promise.all([1, 2].map(() => stage.pawl('run', 'freeform', '--spec', 'spec.md')));
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const { runs } = JSON.parse((await stage.call('list', '--json')).stdout);
  for (const { id } of runs) expect(await stage.call('apply', id)).toMatchObject({ code: 0 });
  expect(stage.git('ls-files', '*.txt').split('\n')).toHaveLength(2);
});
