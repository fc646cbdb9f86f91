import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { main } from '../src/main.ts';
import { openStage, type Stage, until } from './stage.ts';

const flow = (pause: string) => `name: flow
steps:
  - { name: impl, type: code, agent: worker, hitl: ${pause}, prompt: "{spec}", gate: ["bash: test -f till.txt"] }
  - { name: after, gate: ["bash: 'true'"] }
`;

/** An agent that notes each start with what it was told, and writes a file. */
function openShop(pause = 'after_gate'): Stage {
  const stage = openStage();
  stage.agents({
    worker: `echo start >> ${stage.folder}/starts.txt; cat > ${stage.folder}/prompt.txt; echo "$PAWL_ATTEMPT" > till.txt`,
  });
  stage.write({ '.pawl/workflows/flow.yaml': flow(pause) });
  return stage;
}

const startsOf = (stage: Stage): number => {
  const path = join(stage.folder, 'starts.txt');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').length : 0;
};
const idOf = async (stage: Stage): Promise<string> =>
  JSON.parse((await stage.call('list', '--json')).stdout).runs[0].id;

describe('closed standard input: the run waits', () => {
  test('exit code 3 and the commands that answer; approved it passes, and no agent starts again', async () => {
    const stage = openShop();
    const waiting = await stage.pawl('run', 'flow', '--spec', 'spec.md');
    expect(waiting.code, waiting.stderr).toBe(3);
    const id = await idOf(stage);
    expect(waiting.stderr).toContain('? impl · waits for a person after its gates have run\n');
    expect(waiting.stderr).toContain(`  pawl approve ${id}`);
    expect(waiting.stderr).toContain(`  pawl reject ${id} --comment "…"`);
    expect((await stage.call('list')).stdout).toContain(' waiting ');
    const status = await stage.call('status');
    expect(status.stdout).toMatch(
      /\? waiting · flow .*\nimpl waits for you after its gates have run\n {2}1 file changed\n {4}A till\.txt/,
    );
    expect(JSON.parse((await stage.call('status', '--json')).stdout)).toMatchObject({
      status: 'waiting',
      questions: [{ step: 'impl', attempt: 1, question: 'after_gate' }],
    });
    expect(await stage.call('apply', id)).toMatchObject({ code: 2 });
    // Going on is no answer.
    const resumed = await stage.call('resume');
    expect(resumed).toMatchObject({ code: 3, stderr: expect.stringContaining(`try: pawl approve ${id}`) });

    const approved = await stage.call('approve');
    expect(approved.code, approved.stderr).toBe(0);
    expect(approved.stderr).toContain(`run ${id}, impl: approved\n`);
    expect(startsOf(stage)).toBe(1);
    expect((await stage.call('diff')).stdout).toContain('+1');
    expect(await stage.call('approve', id)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`run ${id} asks nothing (passed)`),
    });
  });

  test('rejected with a comment it is done again, told why, and asks again', async () => {
    const stage = openShop();
    expect(await stage.call('run', 'flow', '--spec', 'spec.md', '--json')).toMatchObject({ code: 3 });
    const rejected = await stage.call('reject', '--comment', 'Make it of brass.');
    expect(rejected.code, rejected.stderr).toBe(3);
    expect(startsOf(stage)).toBe(2);
    expect(readFileSync(join(stage.folder, 'prompt.txt'), 'utf8')).toContain('Make it of brass.');
    const approved = await stage.call('approve', '--step', 'impl', '--json');
    expect(approved.code, approved.stderr).toBe(0);
    expect(approved.stdout).toContain('"type":"run-ended"');
    expect(startsOf(stage)).toBe(2);
  });

  test('approved by the name of its files: others make the answer void, and it still asks', async () => {
    const stage = openShop();
    const { stdout } = await stage.call('run', 'flow', '--spec', 'spec.md', '--json');
    const { questions } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { questions: { tree: string }[] };
    const tree = questions[0]?.tree ?? '';
    expect(tree).toMatch(/^[0-9a-f]{40}$/);
    expect(
      await stage.call(
        'approve',
        '--tree',
        tree.replace(/./, (one) => (one === 'a' ? 'b' : 'a')),
      ),
    ).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('look again'),
    });
    expect(await stage.call('approve', '--edited', '--tree', tree)).toMatchObject({ code: 2 });
    expect((await stage.call('approve', '--tree', tree)).code).toBe(0);
  });

  test('before the gates; rejected for good it is stopped, and can be resumed', async () => {
    const stage = openShop('before_gate');
    const waiting = await stage.call('run', 'flow', '--spec', 'spec.md');
    expect(waiting.code, waiting.stderr).toBe(3);
    expect(waiting.stderr).not.toContain('✓ bash_0');
    const stopped = await stage.call('reject', '--abort', '--comment', 'Not like this.');
    expect(stopped.code, stopped.stderr).toBe(4);
    const resumed = await stage.call('resume');
    expect(resumed.code, resumed.stderr).toBe(3);
    expect(startsOf(stage)).toBe(2);
  });

  test('abort stops a run that waits', async () => {
    const stage = openShop();
    await stage.call('run', 'flow', '--spec', 'spec.md');
    const id = await idOf(stage);
    const aborted = await stage.call('abort', id);
    expect(aborted).toMatchObject({ code: 0, stderr: expect.stringContaining(`run ${id} has ended: aborted`) });
    expect(await stage.call('abort', id)).toMatchObject({ code: 2 });
  });

  test('--pause-after asks where the workflow does not', async () => {
    const stage = openShop('false');
    expect(await stage.call('run', 'flow', '--spec', 'spec.md', '--pause-after', 'impl')).toMatchObject({ code: 3 });
    expect(await stage.call('approve')).toMatchObject({ code: 0 });
    const wrong = await stage.call('run', 'flow', '--spec', 'spec.md', '--pause-after', 'imp');
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('the workflow has no step imp: did you mean impl? (its steps: impl, after)');
    const group = (name: string) => `  - { name: ${name}, steps: [{ name: impl, gate: ["bash: 'true'"] }] }\n`;
    stage.write({ '.pawl/workflows/flow.yaml': `name: flow\nsteps:\n${group('a')}${group('b')}` });
    const several = await stage.call('run', 'flow', '--spec', 'spec.md', '--pause-after', 'impl');
    expect(several).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the end of several steps: a/impl, b/impl'),
    });
    expect(await stage.call('run', 'flow', '--spec', 'spec.md', '--pause-after', 'b/impl')).toMatchObject({ code: 3 });
  });

  test('of a plan its tasks are shown', async () => {
    const stage = openShop();
    stage.agents({
      planner: `cat > /dev/null; echo '[{"name":"keys","description":"Make keys."}]'`,
      worker: 'cat > x',
    });
    stage.write({
      '.pawl/workflows/flow.yaml': `name: flow
steps:
  - name: plan
    type: split
    agent: planner
    hitl: true
    each: [{ name: work, type: code, agent: worker, prompt: "{task.name}", gate: ["bash: 'true'"] }]
`,
    });
    expect(await stage.call('run', 'flow', '--spec', 'spec.md')).toMatchObject({ code: 3 });
    expect((await stage.call('status')).stdout).toContain('  1 task planned\n    keys Make keys.\n');
    expect(await stage.call('approve')).toMatchObject({ code: 0 });
  });

  test('an answer to a step that does not ask', async () => {
    const stage = openShop();
    await stage.call('run', 'flow', '--spec', 'spec.md');
    const { code, stderr } = await stage.call('approve', '--step', 'after');
    expect(code).toBe(2);
    expect(stderr).toContain('asks nothing at after');
    expect(stderr).toContain('try: give --step impl');
    expect(startsOf(stage)).toBe(1);
  });
});

describe('at a terminal', () => {
  const typedEarly: string[] = [];
  /** Types what is given for each prompt, in its turn; `undefined` ends the input. */
  async function answering(stage: Stage, typed: readonly (string | undefined)[], ...args: string[]) {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    for (const early of typedEarly.splice(0)) stdin.write(`${early}\n`);
    let shown = '';
    const write = (text: string): void => {
      shown += text;
    };
    const stderr = { write, isTTY: true, columns: 100, rows: 40 };
    const stdout = { write: () => undefined };
    const env = { ...stage.env, CI: '1' };
    const ended = main(args, { cwd: stage.repository, env, stdin, stdout, stderr });
    let seen = 0;
    for (const line of typed) {
      await until('a prompt', () => shown.length > seen && /(> |\? |Enter )$/.test(shown));
      seen = shown.length;
      if (line === undefined) stdin.end();
      // What a terminal makes of Ctrl+C.
      else if (line === '^C') process.emit('SIGINT', 'SIGINT');
      else stdin.write(`${line}\n`);
    }
    return { code: await ended, shown };
  }

  test('continue: the question shows what changed, what the gates say and where it lies', async () => {
    const stage = openShop();
    const { code, shown } = await answering(stage, ['what', 'c'], 'run', 'flow', '--spec', 'spec.md');
    expect(code, shown).toBe(0);
    expect(shown).toMatch(
      /\? impl waits for you after its gates have run\n {2}1 file changed\n {4}A till\.txt \+1 -0\n {2}gates\n {4}✓ bash_0\n {4}till\.txt\n {4}@@ .*\n {4}\+1\n {2}worktree\s+\/.*\/main\n {2}c continue/,
    );
    expect(shown).toContain('> c, d, r, e or a\n');
  });

  test('what was typed before the question was there is no answer to it', async () => {
    const stage = openShop();
    typedEarly.push('c', 'c');
    const { code, shown } = await answering(stage, ['r', 'Of brass.', undefined], 'run', 'flow', '--spec', 'spec.md');
    expect(code, shown).toBe(3);
    expect(startsOf(stage)).toBe(2);
  });

  test('retry with a comment, then edit the worktree and continue', async () => {
    const stage = openShop();
    const { code, shown } = await answering(stage, ['r', 'Of brass.', 'e', ''], 'run', 'flow', '--spec', 'spec.md');
    expect(code, shown).toBe(0);
    expect(startsOf(stage)).toBe(2);
    expect(readFileSync(join(stage.folder, 'prompt.txt'), 'utf8')).toContain('Of brass.');
    expect(shown).toMatch(/change what you like in \/.*\/main, then press Enter/);
  });

  test('an interrupted turn is asked about at the terminal too', async () => {
    const stage = openShop('false');
    const starts = `${stage.folder}/starts.txt`;
    stage.agents(
      {
        worker: `echo "$PAWL_SESSION_START" >> ${starts}; cat > /dev/null; [ "$(wc -l < ${starts})" -gt 1 ] || { echo $$ > ${stage.folder}/pid; sleep 300; }; echo x > till.txt`,
      },
      'on_interrupt: ask\n',
    );
    const pawl = stage.start('run', 'flow', '--spec', 'spec.md', '--json');
    await until('the agent', () => existsSync(join(stage.folder, 'pid')));
    pawl.kill('SIGKILL');
    await pawl.ended;
    const { code, shown } = await answering(stage, ['r', 'Anew.'], 'resume');
    expect(code, shown).toBe(0);
    expect(shown).toContain('? impl waits for you because its turn was interrupted\n');
    expect(shown).toContain('c continue in its conversation');
    expect(readFileSync(starts, 'utf8')).toBe('new\nnew\n');
  });

  test('abort', async () => {
    const stage = openShop();
    expect(await answering(stage, ['a'], 'run', 'flow', '--spec', 'spec.md')).toMatchObject({ code: 4 });
  });

  test('Ctrl+C at a question stops the run, which asks again when it is resumed', async () => {
    const stage = openShop();
    stage.write({ '.pawl/workflows/flow.yaml': flow('after_gate, retry: [{ exit: 3 }]') });
    const stopped = await answering(stage, ['^C'], 'run', 'flow', '--spec', 'spec.md');
    expect(stopped.code, stopped.shown).toBe(4);
    const id = await idOf(stage);
    expect(stopped.shown).toContain(`  pawl resume ${id} `);
    expect((await stage.call('list')).stdout).toContain(' interrupted ');
    const status = await stage.call('status');
    expect(status.stdout).toMatch(
      /! interrupted · flow .*\nimpl waits for you after its gates have run\n {2}1 file changed/,
    );
    expect(status.stderr).toMatch(/pawl resume .*\n {2}pawl approve .*\n {2}pawl reject .*\n {2}pawl abort /);
    const resumed = await answering(stage, ['c'], 'resume');
    expect(resumed.code, resumed.shown).toBe(0);
    expect(resumed.shown).toMatch(
      /which was interrupted at impl\n(?:\n)*\? impl waits for you after its gates have run\n {2}1 file changed\n {4}A till\.txt/,
    );
    // What had been done and paid for is not done again.
    expect(startsOf(stage)).toBe(1);
  });

  test('a question at which the run was interrupted is answered without being asked again, or waits where nobody is', async () => {
    const stage = openShop();
    expect(await answering(stage, ['^C'], 'run', 'flow', '--spec', 'spec.md')).toMatchObject({ code: 4 });
    const resumed = await stage.call('resume');
    expect(resumed).toMatchObject({ code: 3, stderr: expect.stringContaining('pawl approve ') });
    expect((await stage.call('list')).stdout).toContain(' waiting ');
    expect(await answering(stage, ['^C'], 'resume')).toMatchObject({ code: 4 });
    const approved = await stage.call('approve');
    expect(approved.code, approved.stderr).toBe(0);
    expect(startsOf(stage)).toBe(1);
  });

  test('two lanes that ask at once are asked one after the other', async () => {
    const stage = openShop();
    stage.agents({ worker: 'cat > /dev/null; echo "$PAWL_STEP" > "$(basename "$PAWL_STEP").txt"' });
    const step = (name: string) => `      - { name: ${name}, type: code, agent: worker, hitl: true, prompt: p }\n`;
    stage.write({
      '.pawl/workflows/flow.yaml': `name: flow\nsteps:\n  - name: both\n    parallel: true\n    steps:\n${step('a')}${step('b')}`,
    });
    const { code, shown } = await answering(stage, ['c', 'c'], 'run', 'flow', '--spec', 'spec.md');
    expect(code, shown).toBe(0);
    const [first = '', second = ''] = shown.split('> ').slice(1);
    expect(shown.split('> ')[0]?.match(/waits for you/g)).toHaveLength(1);
    expect(first.match(/waits for you/g)).toHaveLength(1);
    expect(second).not.toContain('waits for you');
  });

  test('the end of the input is no answer: the run waits, and can be resumed at another terminal', async () => {
    const stage = openShop();
    const left = await answering(stage, [undefined], 'run', 'flow', '--spec', 'spec.md');
    expect(left.code, left.shown).toBe(3);
    expect(left.shown).toContain('pawl approve');
    const { code, shown } = await answering(stage, ['c'], 'resume');
    expect(code, shown).toBe(0);
    expect(startsOf(stage)).toBe(1);
  });
});

describe('an approval names the files that were seen', () => {
  const worktreeOf = async (stage: Stage): Promise<string> =>
    JSON.parse((await stage.call('status', '--json')).stdout).worktree;

  test('it is void when they changed since; what is shown then can be approved', async () => {
    const stage = openShop();
    await stage.call('run', 'flow', '--spec', 'spec.md');
    writeFileSync(join(await worktreeOf(stage), 'behind.txt'), 'nobody saw this');
    const stale = await stage.call('approve');
    expect(stale.code, stale.stderr).toBe(3);
    expect(stale.stderr).toContain('its files have changed since they were approved: the approval is void');
    const status = await stage.call('status');
    expect(status.stdout).toContain('A behind.txt');
    expect(status.stdout).toContain('+nobody saw this');
    expect(await stage.call('approve')).toMatchObject({ code: 0 });
    expect((await stage.call('diff')).stdout).toContain('+nobody saw this');
    expect(startsOf(stage)).toBe(1);
  });

  test('--edited takes the worktree as it is', async () => {
    const stage = openShop();
    await stage.call('run', 'flow', '--spec', 'spec.md');
    writeFileSync(join(await worktreeOf(stage), 'by-hand.txt'), 'mended');
    const done = await stage.call('answer', '--choice', 'edited', '--step', 'impl', '--run', await idOf(stage));
    expect(done.code, done.stderr).toBe(0);
    expect((await stage.call('diff', '--stat')).stdout).toContain('by-hand.txt');
    expect(await stage.call('answer', '--choice', 'continu')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('did you mean continue?'),
    });
  });

  test('what gates left behind is no change', async () => {
    const stage = openShop();
    stage.write({
      '.pawl/workflows/flow.yaml': flow('after_gate').replace(
        'test -f till.txt',
        'test -f till.txt && date +%N > seen',
      ),
    });
    await stage.call('run', 'flow', '--spec', 'spec.md');
    expect(await stage.call('approve')).toMatchObject({ code: 0 });
    expect((await stage.call('diff', '--stat')).stdout).not.toContain('seen');
  });
});

test('--json: the last line says what answers', async () => {
  const stage = openShop();
  const { code, stdout, stderr } = await stage.call('run', 'flow', '--spec', 'spec.md', '--json');
  const id = await idOf(stage);
  expect(code).toBe(3);
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { questions: { tree: string }[] };
  const tree = last.questions[0]?.tree;
  expect(last).toEqual({
    type: 'waiting',
    run: id,
    questions: [
      {
        ...{ step: 'impl', attempt: 1, question: 'after_gate', tree: expect.stringMatching(/^[0-9a-f]{40}$/) },
        // Of these files: what has changed since is not approved unseen.
        answer: `pawl approve ${id} --step impl --tree ${tree}`,
      },
    ],
  });
  expect(stderr).toContain(`pawl approve ${id}`);
});

describe('of a run that another process has in hand', () => {
  test('a question at its terminal is answered from another one', async () => {
    const stage = openShop();
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    let shown = '';
    const write = (text: string): void => {
      shown += text;
    };
    const stderr = { write, isTTY: true, columns: 100, rows: 40 };
    const env = { ...stage.env, CI: '1' };
    const args = ['run', 'flow', '--spec', 'spec.md'];
    const ended = main(args, { cwd: stage.repository, env, stdin, stdout: { write: () => undefined }, stderr });
    await until('the prompt', () => shown.endsWith('> '));
    const approved = await stage.call('approve', '--comment', 'Well done.');
    expect(approved.code, approved.stderr).toBe(0);
    expect(approved.stderr).toContain('pawl attach ');
    expect(await ended, shown).toBe(0);
    expect(shown).toContain('continue, Well done.');
  });

  test('it pauses at the end of the gates, and one step is stopped', async () => {
    const stage = openStage();
    const go = join(stage.folder, 'go');
    stage.agents(
      {
        worker: `cat > /dev/null; echo start >> ${stage.folder}/starts.txt; until [ -f ${go} ]; do sleep 0.05; done; echo x > "$(basename "$PAWL_STEP")"`,
      },
      'max_parallel: 2\n',
    );
    stage.write({
      '.pawl/workflows/flow.yaml': `name: flow
steps:
  - name: both
    parallel: true
    steps:
      - { name: a, type: code, agent: worker, prompt: a }
      - { name: b, type: code, agent: worker, prompt: b }
  - { name: after, gate: ["bash: 'true'"] }
`,
    });
    const run = stage.start('run', 'flow', '--spec', 'spec.md');
    await until('both turns', () => startsOf(stage) === 2);
    const id = await idOf(stage);
    expect(await stage.call('pause')).toMatchObject({ code: 0 });
    expect(await stage.call('abort', id, '--step', 'after')).toMatchObject({ code: 2 });
    const stopped = await stage.call('abort', id, '--step', 'b', '--reason', 'not needed');
    expect(stopped.code, stopped.stderr).toBe(0);
    writeFileSync(go, '');
    const { code, stderr } = await run.ended;
    expect(code, stderr).toBe(3);
    expect(stderr).toMatch(/both\/b attempt 1: the turn was stopped: .*: not needed/);
    expect(stderr).toContain('? both/a · waits for a person after its gates have run');
    expect(await stage.call('pause', id)).toMatchObject({ code: 2, stderr: expect.stringContaining('not at work') });
    const approved = await stage.call('approve');
    expect(approved.code, approved.stderr).toBe(1);
  });
});

describe('on_interrupt: ask: a turn whose process died', () => {
  /** An agent that hangs at its first start, and writes what it was told and in which conversation at the next. */
  async function openKilled(): Promise<Stage> {
    const stage = openStage();
    const starts = `${stage.folder}/starts.txt`;
    stage.agents(
      {
        worker: `echo "$PAWL_SESSION_START" >> ${starts}; cat > ${stage.folder}/prompt.txt; echo half > half.txt
[ "$(wc -l < ${starts})" -gt 1 ] || { echo "I look at the till."; sleep 300; }; echo done > till.txt`,
      },
      'on_interrupt: ask\n',
    );
    stage.write({ '.pawl/workflows/flow.yaml': flow('false') });
    const pawl = stage.start('run', 'flow', '--spec', 'spec.md', '--json');
    await until('its conversation', () => globSync('runs/**/session.json', { cwd: stage.home }).length > 0);
    pawl.kill('SIGKILL');
    await pawl.ended;
    return stage;
  }
  const conversations = (stage: Stage) => readFileSync(join(stage.folder, 'starts.txt'), 'utf8').trim().split('\n');

  test('the resumed run waits, says what can be done, and an approval goes on in the conversation', async () => {
    const stage = await openKilled();
    const waiting = await stage.call('resume');
    expect(waiting.code, waiting.stderr).toBe(3);
    const id = await idOf(stage);
    expect(waiting.stderr).toContain('? impl · waits for a person because its turn was interrupted\n');
    expect(waiting.stderr).toMatch(
      new RegExp(`\n {2}pawl approve ${id} +impl goes on in its conversation\n {2}pawl reject ${id} +a new conv`),
    );
    const status = await stage.call('status');
    expect(status.stdout).toMatch(
      /\? waiting · flow .*\nimpl waits for you because its turn was interrupted\n.*1 file changed/s,
    );
    expect(JSON.parse((await stage.call('status', '--json')).stdout)).toMatchObject({
      status: 'waiting',
      questions: [{ step: 'impl', attempt: 1, question: 'interrupted' }],
    });
    expect(conversations(stage)).toEqual(['new']);
    const approved = await stage.call('approve', '--comment', 'Leave half.txt.');
    expect(approved.code, approved.stderr).toBe(0);
    expect(approved.stderr).toContain(`run ${id}, impl: its turn goes on\n`);
    expect(conversations(stage)).toEqual(['new', 'resume']);
    expect(readFileSync(join(stage.folder, 'prompt.txt'), 'utf8')).toContain('Leave half.txt.');
  });

  test('a rejection begins a new conversation, with the files as they are', async () => {
    const stage = await openKilled();
    expect(await stage.call('resume', '--json')).toMatchObject({ code: 3 });
    const rejected = await stage.call('reject', '--comment', 'Be quick.');
    expect(rejected.code, rejected.stderr).toBe(0);
    expect(conversations(stage)).toEqual(['new', 'new']);
    expect(readFileSync(join(stage.folder, 'prompt.txt'), 'utf8')).toContain('Be quick.');
    expect((await stage.call('diff', '--stat')).stdout).toContain('half.txt');
  });

  test('aborted, the run is stopped, and can be resumed in the same conversation', async () => {
    const stage = await openKilled();
    await stage.call('resume', '--json');
    expect(await stage.call('reject', '--abort')).toMatchObject({ code: 4 });
    expect((await stage.call('status')).stdout).toContain('■ aborted');
    expect(await stage.call('resume')).toMatchObject({ code: 0 });
    expect(conversations(stage)).toEqual(['new', 'resume']);
  });
});
