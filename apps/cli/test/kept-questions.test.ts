import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jsonLines, openStage, type Stage, until } from './stage.ts';

const asks = '{ name: asks, type: code, agent: quick, hitl: after_gate, prompt: p, gate: ["bash: test -f asks.txt"] }';
const works = '{ name: works, type: code, agent: slow, prompt: p, gate: ["bash: test -f works.txt"] }';
const lanes = (one: string) => `name: flow
steps:
  - name: both
    parallel: true
    steps:
      - ${one}
      - ${works}
`;
const nested = `{ name: in, steps: [{ name: deep, steps: [${asks}] }] }`;
const called = '{ name: in, workflow: asking }';

/** The one notes each start and writes a file; the other hangs at its first start, until `mended` stands beside it. */
function openShop(workflow: string, config = ''): Stage {
  const stage = openStage();
  const note = `echo "$(basename "$PAWL_STEP") $PAWL_SESSION_START" >> ${stage.folder}/starts.txt; cat > /dev/null`;
  stage.agents(
    {
      quick: `${note}; echo asked > asks.txt`,
      slow: `${note}; echo "I begin."; [ -f ${stage.folder}/mended ] || { echo half > works.txt; exec sleep 300; }; echo whole >> works.txt`,
    },
    config,
  );
  stage.write({
    '.pawl/workflows/flow.yaml': workflow,
    '.pawl/workflows/asking.yaml': `name: asking\nsteps:\n  - ${asks}\n`,
  });
  return stage;
}
const startsOf = (stage: Stage): readonly string[] => {
  const path = join(stage.folder, 'starts.txt');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n').sort() : [];
};
const statusOf = async (stage: Stage) => JSON.parse((await stage.call('status', '--json')).stdout);
/** Asked again and again until it says this. */
async function sees(stage: Stage, fits: (status: Record<string, unknown>) => boolean) {
  for (;;) {
    const { code, stdout } = await stage.call('status', '--json');
    const status = code === 0 ? JSON.parse(stdout) : {};
    if (fits(status)) return status;
  }
}

const conversation = (stage: Stage) => globSync('runs/**/*works*/**/session.json', { cwd: stage.home })[0];
async function bothThere(stage: Stage) {
  await until('the conversation of the one at work', () => conversation(stage));
  return sees(stage, ({ questions }) => questions !== undefined);
}

/** Ended while one lane asks and the other's agent is at work. */
async function endedAt(stage: Stage, signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL', ...more: readonly string[]) {
  const pawl = stage.start('run', 'flow', '--spec', 'spec.md', ...more);
  await bothThere(stage);
  pawl.kill(signal);
  const ended = await pawl.ended;
  stage.write({ '../mended': '' });
  return ended;
}

describe('a question while another lane works', () => {
  test.each([
    ['SIGINT', 'in a lane', lanes(asks)],
    ['SIGKILL', 'in a lane', lanes(asks)],
    ['SIGINT', 'in nested groups', lanes(nested)],
    ['SIGKILL', 'in a workflow that is called', lanes(called)],
    ['SIGTERM', 'in a workflow that is called', lanes(called)],
  ] as const)('%s: %s it is asked again, its turn is not; the other goes on', async (signal, _, workflow) => {
    const stage = openShop(workflow);
    const { code, stderr } = await endedAt(stage, signal);
    if (signal !== 'SIGKILL') {
      expect(code, stderr).toBe(4);
      expect(stderr).toContain(
        'stopping: agents end, what they left is recorded, its question stays (once more to stop at once)',
      );
      expect(stderr).toMatch(/ {2}pawl resume \S+ +go on where it was, and be asked again\n {2}pawl approve /);
    }
    const before = await statusOf(stage);
    expect(before).toMatchObject({ status: 'interrupted', questions: [{ question: 'after_gate' }] });
    const resumed = await stage.call('resume');
    expect(resumed.code, resumed.stderr).toBe(3);
    expect(await statusOf(stage)).toMatchObject({ status: 'waiting', questions: before.questions });
    expect(startsOf(stage)).toEqual(['asks new', 'works new', 'works resume']);
    const approved = await stage.call('approve');
    expect(approved.code, approved.stderr).toBe(0);
    expect(startsOf(stage)).toEqual(['asks new', 'works new', 'works resume']);
    expect((await stage.call('diff')).stdout).toMatch(/\+asked[\s\S]*\+half\n\+whole/);
  });
});

describe('a question beside an agent at work, at which the run was interrupted', () => {
  test('is answered without being asked again, and the other goes on all the same', async () => {
    const stage = openShop(lanes(asks));
    await endedAt(stage, 'SIGTERM');
    const approved = await stage.call('approve');
    expect(approved.code, approved.stderr).toBe(0);
    expect(startsOf(stage)).toEqual(['asks new', 'works new', 'works resume']);
  });

  test('also of a run in a process of its own', async () => {
    const stage = openShop(lanes(asks));
    const detached = await stage.pawl('run', 'flow', '--spec', 'spec.md', '--detach', '--json');
    const { pid } = JSON.parse(detached.stdout);
    const asked = await bothThere(stage);
    process.kill(pid, 'SIGTERM');
    const status = await sees(stage, (now) => now.status === 'interrupted');
    expect(status.questions).toEqual(asked.questions);
    stage.write({ '../mended': '' });
    const rejected = await stage.call('reject', '--comment', 'Of brass.');
    expect(rejected.code, rejected.stderr).toBe(3);
    expect(startsOf(stage)).toEqual(['asks new', 'asks resume', 'works new', 'works resume']);
    const approved = await stage.call('approve');
    expect(approved.code, approved.stderr).toBe(0);
  });

  test('may be stopped for good, and is asked again when the run is resumed all the same', async () => {
    const stage = openShop(lanes(asks));
    await endedAt(stage, 'SIGINT');
    const { run } = await statusOf(stage);
    expect(await stage.call('abort', run)).toMatchObject({ code: 0 });
    expect(await statusOf(stage)).toMatchObject({ status: 'aborted' });
    expect(await stage.call('approve')).toMatchObject({ code: 2 });
    expect(await stage.call('resume', run)).toMatchObject({ code: 3 });
    expect(await stage.call('approve')).toMatchObject({ code: 0 });
    expect(startsOf(stage)).toEqual(['asks new', 'works new', 'works resume']);
  });

  test.each(['SIGINT', 'SIGKILL'] as const)(
    'on_interrupt: ask asks about the turn beside it, too (%s)',
    async (signal) => {
      const stage = openShop(lanes(asks), 'on_interrupt: ask\n');
      await endedAt(stage, signal);
      if (signal === 'SIGKILL') expect(await stage.call('resume')).toMatchObject({ code: 3 });
      const { questions } = await statusOf(stage);
      expect(questions.map(({ step, question }: Record<string, string>) => `${step} ${question}`).sort()).toEqual([
        'both/asks after_gate',
        'both/works interrupted',
      ]);
      const works = await stage.call('approve', '--step', 'works');
      expect(works.code, works.stderr).toBe(3);
      const asks_ = await stage.call('approve');
      expect(asks_.code, asks_.stderr).toBe(0);
      expect(startsOf(stage)).toEqual(['asks new', 'works new', 'works resume']);
    },
  );

  test('where the worktrees were taken away in the meantime they have again what was in them', async () => {
    const stage = openShop(lanes(asks));
    await endedAt(stage, 'SIGINT');
    for (const lane of globSync('worktrees/*/*/*', { cwd: stage.home }).filter((path) => !path.endsWith('.pawl')))
      rmSync(join(stage.home, lane), { recursive: true });
    const approved = await stage.call('approve');
    expect(approved.code, approved.stderr).toBe(0);
    expect(startsOf(stage)).toEqual(['asks new', 'works new', 'works resume']);
    expect((await stage.call('diff')).stdout).toMatch(/\+asked[\s\S]*\+half\n\+whole/);
  });

  test('what the turn cost until it was stopped is counted, and its files are kept', async () => {
    const stage = openShop(lanes(asks));
    const { stdout } = await endedAt(stage, 'SIGINT', '--json');
    expect(jsonLines(stdout).slice(-1)).toMatchObject([
      { type: 'run-ended', end: 'interrupted', reason: 'interrupted by SIGINT' },
    ]);
    expect((await stage.call('undo')).stdout).toContain('both/works#1/checkpoint.interrupted1  1 file +1');
  });
});
