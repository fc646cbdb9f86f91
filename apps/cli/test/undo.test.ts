import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contentOf, openStage, type Stage } from './stage.ts';

const flow = `name: flow
steps:
  - name: impl
    type: code
    agent: worker
    prompt: a
    gate: ["bash: test -f good.txt"]
    retry: [{ attempt: 2, worktree: reset }, { exit: 3 }]
`;

/** A run whose first attempt was put back before the second one passed. */
async function openPassed(): Promise<Stage> {
  const stage = openStage();
  stage.agents({
    worker: `cat > /dev/null; if [ "$PAWL_ATTEMPT" = 1 ]; then echo lost > lost.txt; else echo good > good.txt; fi`,
  });
  stage.write({ '.pawl/workflows/flow.yaml': flow });
  stage.commit('Flow');
  const { code, stderr } = await stage.call('run', 'flow', '--spec', 'spec.md');
  expect(code, stderr).toBe(0);
  return stage;
}

test('undo lists what was saved, and brings a reset attempt back as a branch', async () => {
  const stage = await openPassed();
  const before = contentOf(stage.repository, /^\.git/);
  const listed = await stage.call('undo');
  expect(listed.code, listed.stderr).toBe(0);
  const line = listed.stdout.split('\n').find((each) => each.includes('impl#1')) ?? '';
  expect(line).toMatch(/^[0-9a-f]{12} {2}2\d{3}-\d\d-\d\d \d\d:\d\d {2}\S+ {2}impl#1\/checkpoint +1 file \+1 -0$/);
  const commit = line.slice(0, 12);
  const back = await stage.call('undo', commit);
  expect(back).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(`is back as branch undo-${commit.slice(0, 8)}`),
  });
  expect(stage.git('show', `undo-${commit.slice(0, 8)}:lost.txt`)).toBe('lost');
  expect(contentOf(stage.repository, /^\.git/)).toEqual(before);
  const named = await stage.call('undo', 'impl#1/checkpoint', '--branch', 'mine', '--json');
  expect(JSON.parse(named.stdout)).toMatchObject({ version: 1, kind: 'branch', branch: 'mine' });
  expect(await stage.call('undo', 'nothing')).toMatchObject({ code: 2 });
});

test("undo --worktree puts the files into the run's own worktree, and says how to take that back", async () => {
  const stage = await openPassed();
  const { code, stderr } = await stage.call('undo', 'impl#1/checkpoint', '--worktree');
  expect(code, stderr).toBe(0);
  const [, path = '', again = ''] = /is back in (\S+)\n\n {2}pawl undo (.*) --worktree/.exec(stderr) ?? [];
  expect(existsSync(`${path}/lost.txt`)).toBe(true);
  expect(existsSync(`${path}/good.txt`)).toBe(false);
  expect(await stage.call('undo', ...again.split(' '), '--worktree')).toMatchObject({ code: 0 });
  expect(existsSync(`${path}/good.txt`)).toBe(true);
});

describe('gc', () => {
  test('keeps what is in none of your branches, takes away what is', async () => {
    const stage = await openPassed();
    const plan = await stage.call('gc', '--plan');
    expect(plan.code, plan.stderr).toBe(0);
    expect(plan.stdout).toMatch(
      /^stays {2}\S+\/main \(\S+ kB, made 20\S+, last used 20\S+, clean, 1 unmerged, nobody has it open\): 1 commit is not in your branches: pawl apply\n/,
    );
    expect(JSON.parse((await stage.call('gc', '--plan', '--json')).stdout)).toMatchObject({
      done: false,
      worktrees: [
        { worktree: { bytes: expect.any(Number), dirty: false, unmerged: 1, owner: 'none' }, keep: expect.any(String) },
      ],
    });
    await stage.call('apply');
    const planned = await stage.call('gc', '--plan');
    expect(planned.stdout).toMatch(
      /^would go {3}\S+\/main \(.*, clean, merged, nobody has it open\)\n1 worktree, .* would be freed; 0 checkpoints/,
    );
    const path = /would go {3}(\S+) /.exec(planned.stdout)?.[1] ?? '';
    expect(existsSync(path)).toBe(true);
    expect(await stage.call('gc')).toMatchObject({ code: 0, stdout: expect.stringContaining('1 worktree, ') });
    expect(existsSync(path)).toBe(false);
    expect((await stage.call('undo')).stdout).toContain('impl#1/checkpoint');
    expect((await stage.call('gc')).stdout).toMatch(/^0 worktrees, 0 B freed/);
  });

  test('tells what is dirty, what is merged in other commits, and what a dead process left open', async () => {
    const stage = await openPassed();
    // A line of its own later on: the content alone does not tell any more that the work is in.
    await stage.call('apply', '--squash');
    stage.write({ 'good.txt': 'better\n' });
    stage.commit('Better');
    const [entry] = JSON.parse((await stage.call('gc', '--plan', '--json')).stdout).worktrees;
    expect(entry.worktree).toMatchObject({ dirty: false, unmerged: 0, merged: 'rebased' });
    writeFileSync(`${entry.worktree.path}/more.txt`, 'more');
    writeFileSync(`${entry.worktree.path}.pawl/owner.json`, JSON.stringify({ pid: 2 ** 22 + 1, started: 'long ago' }));
    expect((await stage.call('gc', '--plan')).stdout).toMatch(
      /^stays .*, dirty, merged as other commits, its process is gone\): has files that no commit holds\n/,
    );
  });

  test('a run that waits for a person keeps its worktree, and what answers it is named', async () => {
    const stage = openStage();
    stage.agents({ worker: 'cat > /dev/null; echo half > half.txt' });
    const step = '{ name: impl, type: code, agent: worker, prompt: "{spec}", hitl: after_gate }';
    stage.write({ '.pawl/workflows/flow.yaml': `name: flow\nsteps:\n  - ${step}\n` });
    expect(await stage.call('run', 'flow', '--spec', 'spec.md')).toMatchObject({ code: 3 });
    expect((await stage.call('gc')).stdout).toContain('waiting: pawl approve or pawl reject answers it');
  });

  test('a run that could be resumed keeps its worktree unless forced', async () => {
    const stage = openStage();
    stage.agents({ worker: 'cat > /dev/null; echo half > half.txt' });
    stage.write({ '.pawl/workflows/flow.yaml': flow });
    expect(await stage.call('run', 'flow', '--spec', 'spec.md')).toMatchObject({ code: 1 });
    expect((await stage.call('gc')).stdout).toContain('failed: pawl resume goes on with it');
    expect((await stage.call('gc', '--force')).stdout).toMatch(/^gone /);
    // Its files are not lost, and put back into a worktree the run goes on as if nothing had been.
    expect((await stage.call('undo')).stdout).toMatch(/1 file \+1 -0/);
    expect(await stage.call('undo', 'removed', '--worktree')).toMatchObject({ code: 0 });
    stage.agents({ worker: 'cat > /dev/null; echo good > good.txt' });
    const resumed = await stage.call('resume');
    expect(resumed.code, resumed.stderr).toBe(0);
    const [{ id }] = JSON.parse((await stage.call('list', '--json')).stdout).runs;
    expect(stage.git('log', '--format=%s', `pawl/${id}/main`).split('\n')).toEqual(['impl', 'First']);
  });
});

describe('apply', () => {
  test('--dry-run shows what would come, and changes nothing', async () => {
    const stage = await openPassed();
    const before = contentOf(stage.repository, /^\.git\/(index|objects)/);
    const { code, stdout } = await stage.call('apply', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^1 commit of run \S+ would be brought to main \(checked out in .*\)\n {2}[0-9a-f]{8} impl\n1 file, \+1 -0\n {2}added {5}good\.txt\nno conflict\n$/,
    );
    expect(contentOf(stage.repository, /^\.git\/(index|objects)/)).toEqual(before);
  });

  test('how far the branch has moved on since the run began is told before an apply, in status and in the report', async () => {
    const stage = await openPassed();
    expect((await stage.call('status')).stdout).not.toContain('behind');
    for (const name of ['mine', 'too']) {
      stage.write({ [`${name}.txt`]: name });
      stage.commit(name);
    }
    expect((await stage.call('apply', '--dry-run')).stdout).toContain(
      '\nmain has 2 commits that the run does not know: it began before\n',
    );
    expect(JSON.parse((await stage.call('apply', '--dry-run', '--json')).stdout)).toMatchObject({ behind: 2 });
    expect((await stage.call('status')).stdout).toMatch(/\nbase [0-9a-f]{12} \(main\), 2 commits behind it now\n$/);
    expect(JSON.parse((await stage.call('status', '--json')).stdout).base).toMatchObject({ branch: 'main', behind: 2 });
    expect((await stage.call('report')).stdout).toMatch(/\nbase +[0-9a-f]{12} \(main\), 2 commits behind it now\n/);
    expect(JSON.parse((await stage.call('report', '--json')).stdout).base).toMatchObject({ behind: 2 });
    stage.git('checkout', '-q', '-b', 'elsewhere');
    stage.git('branch', '-D', 'main');
    expect(await stage.call('status')).toMatchObject({ code: 0, stdout: expect.not.stringContaining('behind') });
  });

  test('--branch leaves the checkout alone; --squash is one commit; both ways exclude each other', async () => {
    const stage = await openPassed();
    const head = stage.git('rev-parse', 'HEAD');
    expect(await stage.call('apply', '--branch', 'tills')).toMatchObject({ code: 0 });
    expect(stage.git('rev-parse', 'HEAD')).toBe(head);
    expect(stage.git('show', 'tills:good.txt')).toBe('good');
    expect(await stage.call('apply', '--squash')).toMatchObject({ code: 0 });
    expect(stage.git('log', '-1', '--format=%s')).toMatch(/^Apply pawl run \S+: flow$/);
    expect(await stage.call('apply', '--squash', '--rebase')).toMatchObject({ code: 2 });
  });

  test('--rebase puts the commits on top of what you have done since', async () => {
    const stage = await openPassed();
    stage.write({ 'mine.txt': 'mine\n' });
    stage.commit('Mine');
    expect(await stage.call('apply', '--rebase')).toMatchObject({ code: 0 });
    expect(stage.git('log', '-2', '--format=%s').split('\n')).toEqual(['impl', 'Mine']);
  });
});
