import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isRunning, openStage, type Stage } from './stage.ts';

const flow = (guard: string, more = '') => `name: flow
${more}steps:
  - name: impl
    type: code
    agent: worker
    prompt: "{spec}"
    guard: { ${guard} }
    gate: ["bash: 'true'"]
`;

function run(stage: Stage, worker: string, workflow: string, ...args: string[]) {
  stage.agents({ worker });
  stage.write({ '.pawl/workflows/flow.yaml': workflow });
  return stage.call('run', 'flow', '--spec', 'spec.md', ...args);
}

const pidsIn = (path: string): readonly number[] => readFileSync(path, 'utf8').trim().split('\n').map(Number);

test('max_time stops an agent that hangs, with its children', async () => {
  const stage = openStage();
  const pids = join(stage.folder, 'pids');
  const worker = `cat > /dev/null; echo half > half.txt; sleep 300 & echo $! >> ${pids}; echo $$ >> ${pids}; wait`;
  const { code, stderr } = await run(stage, worker, flow('max_time: 1s'));
  expect(code).toBe(1);
  expect(stderr).toMatch(/✗ attempt 1: max_time of 1 s, reached 1(\.\d)? s/);
  expect(pidsIn(pids).filter(isRunning)).toEqual([]);
  // What it left was recorded before it was put back.
  const report = JSON.parse((await stage.call('report', '--json')).stdout);
  expect(report.steps[0].attempts[0].checkpoint.files).toEqual([expect.objectContaining({ path: 'half.txt' })]);
  expect((await stage.call('diff')).stdout).toBe('');
});

test('an agent that ignores SIGTERM is stopped by force', async () => {
  const stage = openStage();
  const pids = join(stage.folder, 'pids');
  const worker = `trap '' TERM INT HUP; cat > /dev/null; echo $$ > ${pids}; while :; do sleep 0.1; done`;
  const { code, stderr } = await run(stage, worker, flow('max_time: 1s'));
  expect(code, stderr).toBe(1);
  expect(pidsIn(pids).filter(isRunning)).toEqual([]);
});

test.each([
  ['max_tokens: 100', 'inputTokens":90,"outputTokens":30', /max_tokens of 100, reached 120/],
  ['max_budget: 0.5', 'costUsd":0.75', /max_budget of \$0\.5000, reached \$0\.7500/],
  ['max_turns: 2', 'turns":3', /max_turns of 2, reached 3/],
])('%s stops the agent at the figure that it reports', async (guard, usage, message) => {
  const stage = openStage();
  const worker = `cat > /dev/null; echo x > x.txt; echo '{"type":"usage","${usage}}'; sleep 300`;
  const { code, stderr } = await run(stage, worker, flow(guard));
  expect(code, stderr).toBe(1);
  expect(stderr).toMatch(message);
});

test('no_write: a change is a failure and is put back; the next attempt does not answer for it', async () => {
  const stage = openStage();
  const worker = 'cat > /dev/null; [ "$PAWL_ATTEMPT" = 1 ] && echo x > forbidden.txt; ls > /dev/null; exit 0';
  const { code, stderr } = await run(stage, worker, `${flow('no_write: true')}    retry: [{ exit: 2 }]\n`);
  expect(stderr).toContain('✗ attempt 1: no_write: it changed forbidden.txt');
  expect(code, stderr).toBe(0);
  expect((await stage.call('diff')).stdout).toBe('');
});

test('a step whose guard tripped cannot pass on the tree that was put back', async () => {
  const stage = openStage();
  // The gate would pass on the tree as it was.
  const { code, stderr } = await run(
    stage,
    'cat > /dev/null; rm README.md; sleep 300',
    flow('max_time: 1s').replace("'true'", 'test -f README.md'),
  );
  expect(code).toBe(1);
  expect(stderr).not.toContain('✓ passed');
  expect(stderr).toContain('impl: max_time of 1 s');
});

test.each([
  ['max_budget: 0.5\n', 'costUsd":0.75', /\$0\.5/],
  ['max_tokens: 100\n', 'inputTokens":90,"outputTokens":30', /100/],
  // Long enough for the agent to have begun on a machine that is busy.
  ['max_timeout: 6s\n', 'turns":1', /6 s|max_timeout|time/],
])('the run itself keeps %s', async (limit, usage, message) => {
  const stage = openStage();
  const worker = `cat > /dev/null; echo x > x.txt; echo '{"type":"usage","${usage}}'; sleep 300`;
  const { code, stderr } = await run(stage, worker, flow('max_turns: 50', limit));
  expect(code, stderr).toBe(1);
  expect(stderr).toMatch(/impl: .*what the run had left/);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/pawl resume \S+ +go on at impl, but what it has spent counts on\n/);
  expect(stderr).toMatch(/pawl replay \S+ --from-step impl +raise the limit in the workflow first/);
});

test('an agent that does not tell its costs is warned of, not counted as free', async () => {
  const stage = openStage();
  const { code, stderr } = await run(stage, 'cat > /dev/null; echo x > x.txt', flow('max_turns: 5', 'max_budget: 1\n'));
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('! worker does not report what it costs: max_budget cannot count its turns');
  expect(stderr).toMatch(/✓ passed · flow · .*unpriced/);
});

test('an agent that crashes says how, and what it said', async () => {
  const stage = openStage();
  const { code, stderr } = await run(stage, 'cat > /dev/null; echo "no disk" >&2; exit 42', flow('max_turns: 5'));
  expect(code).toBe(1);
  expect(stderr).toMatch(/✗ attempt 1: crashed: .*code 42.*no disk/);
});

test('an agent that is not there', async () => {
  const stage = openStage();
  stage.write({
    '.pawl/config.yaml': 'agents: { worker: { provider: script, options: { command: ["no-such-program-here"] } } }\n',
    '.pawl/workflows/flow.yaml': flow('max_turns: 5'),
  });
  const { code, stderr } = await stage.call('run', 'flow', '--spec', 'spec.md');
  expect(code).toBe(5);
  expect(stderr).toMatch(/✗ attempt 1: not-installed: .*no-such-program-here/);
});

test('an agent that floods 50 MB of output ends as it should, and little of it is stored', async () => {
  const stage = openStage();
  stage.agents({ worker: 'cat > /dev/null; head -c 52428800 /dev/zero | tr "\\0" x | fold -w 4000; echo x > x.txt' });
  stage.write({ '.pawl/workflows/flow.yaml': flow('max_time: 50s') });
  const { code, stderr } = await stage.pawl('run', 'flow', '--spec', 'spec.md');
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('✓ passed');
  const { size } = statSync(join(stage.home, 'pawl.db'));
  expect(size).toBeLessThan(5_000_000);
});
