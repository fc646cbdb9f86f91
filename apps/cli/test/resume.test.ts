import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRunning, jsonLines, openStage, type Stage, until } from './stage.ts';

const flow = `name: flow
steps:
  - name: plan
    type: split
    agent: planner
    each:
      - { name: work, type: code, agent: worker, prompt: "{task.description}", gate: ["bash: test ! -f bad.txt"] }
  - { name: last, type: code, agent: worker, prompt: "write last", gate: ["bash: 'true'"] }
`;
const planner = (stage: Stage) => `cat > /dev/null; echo plan >> ${stage.folder}/starts.txt
  echo '[{"name":"one","description":"write one"},{"name":"two","description":"write two"}]'`;

/** Fails at the task two, until `mended.txt` stands beside the repository. */
function openShop(workflow = flow): Stage {
  const stage = openStage();
  stage.agents({
    planner: planner(stage),
    worker: `cat > /dev/null; rm -f bad.txt
      name=$(echo "$PAWL_STEP" | sed 's,^plan/,,; s,/work$,,')
      echo "$name $PAWL_SESSION_START $PAWL_ATTEMPT" >> ${stage.folder}/starts.txt
      [ "$name" = two ] && [ ! -f ${stage.folder}/mended.txt ] && touch bad.txt
      echo "$name" > "$name.txt"`,
  });
  stage.write({ '.pawl/workflows/flow.yaml': workflow });
  return stage;
}

const startsOf = (stage: Stage): readonly string[] => {
  const path = join(stage.folder, 'starts.txt');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
};
const mend = (stage: Stage): void => {
  stage.write({ '../mended.txt': '' });
};

test('after a failure: finished steps and tasks are not run again, the fatal one is, with attempt 1', async () => {
  const stage = openShop();
  const failed = await stage.call('run', 'flow', '--spec', 'spec.md');
  expect(failed.code).toBe(1);
  const id = /pawl resume (\S+) +go on at plan\/two\/work, all that passed stays/.exec(failed.stderr)?.[1] ?? '';
  mend(stage);
  const resumed = await stage.call('resume');
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(resumed.stderr).toContain(`resuming run ${id} (flow, spec.md), which failed at plan/two/work\n`);
  expect(startsOf(stage)).toEqual(['plan', 'one new 1', 'two new 1', 'two resume 1', 'last new 1']);
  expect(await stage.call('apply')).toMatchObject({ code: 0 });
  expect(stage.git('ls-files', '*.txt').split('\n')).toEqual(['last.txt', 'one.txt', 'two.txt']);
  expect(JSON.parse((await stage.call('list', '--json')).stdout).runs).toHaveLength(1);
});

test('side by side only the fatal lane runs again; the others keep their work', async () => {
  const stage = openShop(flow.replace('type: split', 'type: split\n    parallel: true'));
  expect(await stage.call('run', 'flow', '--spec', 'spec.md')).toMatchObject({ code: 1 });
  mend(stage);
  const { code, stderr } = await stage.call('run', '--resume');
  expect(code, stderr).toBe(0);
  expect(startsOf(stage).filter((line) => line.startsWith('one'))).toHaveLength(1);
  expect(startsOf(stage).filter((line) => line.startsWith('two'))).toHaveLength(2);
  expect(await stage.call('apply')).toMatchObject({ code: 0 });
  expect(stage.git('ls-files', '*.txt').split('\n')).toEqual(['last.txt', 'one.txt', 'two.txt']);
});

test('a run that fails again can be resumed again, by its id or the beginning of it', async () => {
  const stage = openShop();
  await stage.call('run', 'flow', '--spec', 'spec.md');
  const { id } = JSON.parse((await stage.call('list', '--json')).stdout).runs[0];
  expect(await stage.call('resume', id)).toMatchObject({ code: 1 });
  mend(stage);
  const ended = await stage.call('run', '--resume', '--run', id.slice(0, -1), '--json');
  expect(ended.code, ended.stderr).toBe(0);
  expect(jsonLines(ended.stdout)[0]).toMatchObject({ type: 'run-resumed' });
  expect(startsOf(stage).filter((line) => line.startsWith('two'))).toHaveLength(3);
});

describe('a process that died', () => {
  const hanging = (stage: Stage) =>
    `cat > ${stage.folder}/prompt.txt; echo "$PAWL_STEP $PAWL_SESSION_START" >> ${stage.folder}/starts.txt
      echo "I begin."
      if [ -f ${stage.folder}/mended.txt ]; then echo done > out.txt; exit 0; fi
      echo half > half.txt; echo $$ > ${stage.folder}/pid.txt; exec sleep 300`;
  const two = `name: flow
steps:
  - { name: first, type: code, agent: quick, prompt: a, gate: ["bash: 'true'"] }
  - { name: second, type: code, agent: slow, prompt: b, gate: ["bash: test -f out.txt"] }
`;
  async function killed(): Promise<{ stage: Stage; agent: number }> {
    const stage = openStage();
    stage.agents({
      quick: `cat > /dev/null; echo first >> ${stage.folder}/starts.txt; echo x > first.txt`,
      slow: hanging(stage),
    });
    stage.write({ '.pawl/workflows/flow.yaml': two });
    const pawl = stage.start('run', 'flow', '--spec', 'spec.md', '--json');
    const file = join(stage.folder, 'pid.txt');
    const agent = await until('the agent', () => existsSync(file) && Number(readFileSync(file, 'utf8')));
    // It has spoken: from now on it is known in which conversation.
    await until('its session', () => globSync(join(stage.home, 'runs/*/turns/second*/session.json')).length > 0);
    pawl.kill('SIGKILL');
    await pawl.ended;
    return { stage, agent };
  }

  test('kill -9: its orphans are swept first, the turn goes on in its session, nothing is done twice', async () => {
    const { stage, agent } = await killed();
    mend(stage);
    const { code, stderr } = await stage.call('resume');
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^resuming run \S+ \(flow, spec\.md\), which was interrupted at second\n/);
    expect(isRunning(agent)).toBe(false);
    expect(startsOf(stage)).toEqual(['first', 'second new', 'second resume']);
    expect(readFileSync(join(stage.folder, 'prompt.txt'), 'utf8')).toMatch(/interrupted/i);
    // What the agent had written when it was stopped is part of its work.
    expect((await stage.call('diff')).stdout).toMatch(/\+half[\s\S]*\+done/);
  });

  test('its worktree and its branches are deleted by hand: both are made again where the run was', async () => {
    const { stage } = await killed();
    rmSync(join(stage.home, 'worktrees'), { recursive: true });
    stage.git('worktree', 'prune');
    const { id } = JSON.parse((await stage.call('list', '--json')).stdout).runs[0];
    stage.git('branch', '-D', `pawl/${id}/main`);
    mend(stage);
    const { code, stderr } = await stage.call('resume');
    expect(code, stderr).toBe(0);
    expect(await stage.call('apply')).toMatchObject({ code: 0 });
    expect(stage.git('log', '-3', '--format=%s').split('\n')).toEqual(['second', 'first', 'First']);
    expect(stage.git('ls-files', '*.txt').split('\n')).toEqual(['first.txt', 'out.txt']);
  });

  test('abort ends what it has left running, and the run can still go on', async () => {
    const { stage, agent } = await killed();
    const { id } = JSON.parse((await stage.call('list', '--json')).stdout).runs[0];
    expect(await stage.call('abort', id)).toMatchObject({ code: 0 });
    expect(isRunning(agent)).toBe(false);
    expect((await stage.call('list')).stdout).toContain(' aborted ');
    mend(stage);
    const { code, stderr } = await stage.call('resume', id);
    expect(code, stderr).toBe(0);
    expect(startsOf(stage).filter((line) => line === 'first')).toHaveLength(1);
  });
});

describe('a run that was stopped', () => {
  const one = `name: flow
steps:
  - { name: first, type: code, agent: quick, prompt: a, gate: ["bash: 'true'"] }
  - { name: second, type: code, agent: slow, prompt: b, gate: ["bash: 'true'"] }
`;
  function openSlow(): Stage {
    const stage = openStage();
    stage.agents({
      quick: `cat > /dev/null; echo first >> ${stage.folder}/starts.txt; echo x > first.txt`,
      slow: `cat > /dev/null; echo second >> ${stage.folder}/starts.txt
        [ -f ${stage.folder}/mended.txt ] && exit 0; touch ${stage.folder}/there.txt; exec sleep 300`,
    });
    stage.write({ '.pawl/workflows/flow.yaml': one });
    return stage;
  }
  const begun = (stage: Stage) => until('the agent', () => existsSync(join(stage.folder, 'there.txt')));

  test('Ctrl+C, then resume', async () => {
    const stage = openSlow();
    const pawl = stage.start('run', 'flow', '--spec', 'spec.md');
    await begun(stage);
    pawl.kill('SIGINT');
    const { code, stderr } = await pawl.ended;
    expect(code, stderr).toBe(4);
    expect(stderr).toMatch(/\n {2}pawl resume \S+ +go on/);
    mend(stage);
    const resumed = await stage.call('resume');
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(startsOf(stage)).toEqual(['first', 'second', 'second']);
  });

  test('kill -9 while it is being stopped: one resume ends that, and goes on', async () => {
    const stage = openSlow();
    stage.agents({
      quick: `cat > /dev/null; echo first >> ${stage.folder}/starts.txt; echo x > first.txt`,
      slow: `trap '' TERM INT HUP; cat > /dev/null; echo second >> ${stage.folder}/starts.txt
        [ -f ${stage.folder}/mended.txt ] && exit 0; touch ${stage.folder}/there.txt; while :; do sleep 1; done`,
    });
    const pawl = stage.start('run', 'flow', '--spec', 'spec.md');
    await begun(stage);
    const { id } = JSON.parse((await stage.call('list', '--json')).stdout).runs[0];
    const aborting = stage.start('abort', id);
    // Its agent does not hear that it is to end.
    await until('the abort', () => pawl.sofar().includes('stopping: agents end'));
    pawl.kill('SIGKILL');
    await pawl.ended;
    await aborting.ended;
    mend(stage);
    const resumed = await stage.call('resume', id);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(startsOf(stage)).toEqual(['first', 'second', 'second']);
  });

  test('one writer per run: while it is at work nobody else resumes it; abort from elsewhere stops it', async () => {
    const stage = openSlow();
    const pawl = stage.start('run', 'flow', '--spec', 'spec.md');
    await begun(stage);
    const { id } = JSON.parse((await stage.call('list', '--json')).stdout).runs[0];
    expect(await stage.call('resume', id)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/is at work in another process: one writer per run\n {2}try: pawl status/),
    });
    // Without an id it is never silently another one.
    expect(await stage.call('resume')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no run that can be resumed of this repository'),
    });
    const aborted = await stage.pawl('abort', id, '--json');
    expect(aborted.code, aborted.stderr).toBe(0);
    expect(JSON.parse(aborted.stdout)).toEqual({ version: 1, run: id, status: 'aborted' });
    expect(await pawl.ended).toMatchObject({ code: 4 });
  });
});

describe('refused by name', () => {
  test('a run that passed, one that is not there, options that a stored plan does not take', async () => {
    const stage = openShop();
    mend(stage);
    await stage.call('run', 'flow', '--spec', 'spec.md');
    const { id } = JSON.parse((await stage.call('list', '--json')).stdout).runs[0];
    const refusals: readonly (readonly [readonly string[], string, string])[] = [
      [['resume', id], 'has passed: there is nothing to resume', `pawl apply ${id}`],
      [['resume'], 'there is no run that can be resumed of this repository', 'pawl run'],
      [['resume', 'zzz'], 'no run is named zzz', 'pawl list --all'],
      [['run', 'flow', '--resume'], 'has its plan already', 'pawl resume'],
      [['run', '--resume', '--agent', 'other'], 'has its plan already', 'pawl resume'],
      [['run', 'flow', '--run', id], '--run names a run to go on with', `pawl resume ${id}`],
    ];
    for (const [args, message, hint] of refusals) {
      const { code, stderr } = await stage.call(...args);
      expect(code, stderr).toBe(2);
      expect(stderr).toContain(message);
      expect(stderr).toContain(`try: ${hint}`);
    }
  });

  test('an agent that is not there any more: nothing begins', async () => {
    const stage = openShop();
    await stage.call('run', 'flow', '--spec', 'spec.md');
    const before = startsOf(stage).length;
    rmSync(join(stage.folder, 'agents/worker.sh'));
    stage.write({ '.pawl/config.yaml': '' });
    const { code, stderr } = await stage.call('resume');
    expect([1, 5], stderr).toContain(code);
    expect(startsOf(stage)).toHaveLength(before);
  });
});
