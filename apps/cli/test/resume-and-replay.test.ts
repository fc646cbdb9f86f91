import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf, openStage, type Stage, stageIn } from './stage.ts';

/** What resume and replay promise, line by line, with the real program on a real repository. */
const flow = `name: flow
inputs: { shape: { type: string, default: round } }
steps:
  - { name: first, type: code, agent: worker, prompt: "first, {shape}", gate: ["bash: 'true'"] }
  - name: build
    type: split
    agent: planner
    each:
      - { name: tests, type: code, agent: worker, prompt: "{task.name}", gate: ["bash: 'true'"] }
      - name: impl
        type: code
        agent: worker
        session: from: tests
        prompt: "Make {task.name} {shape}."
        gate: ["bash: test ! -f bad.txt"]
        retry: [{ exit: 2 }]
  - { name: last, type: code, agent: worker, prompt: "last after {build.output}", gate: ["bash: 'true'"] }
`;

const tasks = ['task-1', 'task-2'].map((name) => ({ name, description: `Do ${name}.` }));

/** The worker fails at the implementation of task-2 until `mended` stands beside the repository. */
function shopOn(stage: Stage, workflow = flow): Stage {
  const worker = (name: string) => `prompt=$(cat); rm -f bad.txt
    echo "${name} $PAWL_STEP $PAWL_SESSION_START $PAWL_ATTEMPT" >> ${stage.folder}/starts
    echo "$PAWL_STEP $prompt" >> ${stage.folder}/prompts
    place=$(echo "$PAWL_STEP" | tr / -)
    case "$PAWL_STEP" in */task-2/impl) [ -f ${stage.folder}/mended ] || touch bad.txt ;; esac
    echo "${name} $PAWL_ATTEMPT" >> "$place.txt"; echo "I did $PAWL_STEP"`;
  stage.agents(
    {
      planner: `cat > /dev/null; echo "planner $PAWL_STEP" >> ${stage.folder}/starts; echo '${JSON.stringify(tasks)}'`,
      worker: worker('worker'),
      other: worker('other'),
    },
    'max_parallel: 3\n',
  );
  stage.write({ '.pawl/workflows/flow.yaml': workflow });
  return stage;
}

const linesOf = (stage: Stage, name: string): readonly string[] => {
  const path = join(stage.folder, name);
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
};
const mend = (stage: Stage): void => stage.write({ '../mended': '' });
const runsOf = async (stage: Stage) => JSON.parse((await stage.call('list', '--json')).stdout).runs as { id: string }[];
const reportOf = async (stage: Stage, id: string) => JSON.parse((await stage.call('report', id, '--json')).stdout);

interface Shop {
  readonly stage: Stage;
  readonly id: string;
  readonly stderr: string;
  /** How many turns there were. */
  readonly before: number;
}

const failed = (workflow?: string): Promise<Shop> => failedOn(openStage(), workflow);

async function failedOn(opened: Stage, workflow?: string): Promise<Shop> {
  const stage = shopOn(opened, workflow);
  const { code, stderr } = await stage.call('run', 'flow', '--spec', 'spec.md');
  expect(code, stderr).toBe(1);
  const [run] = await runsOf(stage);
  return { stage, id: run?.id ?? '', stderr, before: linesOf(stage, 'starts').length };
}

/** What was started since. */
const since = (stage: Stage, before: number) => linesOf(stage, 'starts').slice(before);
const ofTask2 = ['worker build/task-2/impl new 1', 'worker build/task-2/impl resume 1'];

async function passes(stage: Stage, ...args: string[]): Promise<string> {
  const { code, stderr } = await stage.call(...args);
  expect(code, stderr).toBe(0);
  return stderr;
}

test('after a failure the text names both commands, with the step in them', async () => {
  const { id, stderr } = await failed();
  expect(stderr).toMatch(new RegExp(`\\n {2}pawl resume ${id} +go on at build/task-2/impl, `));
  expect(stderr).toMatch(new RegExp(`\\n {2}pawl replay ${id} --from-step build/task-2/impl +that step afresh`));
});

describe('resume', () => {
  test('completed steps are skipped; the fatal step relaunches with attempt 1; completed tasks are skipped', async () => {
    const { stage, before } = await failed();
    mend(stage);
    await passes(stage, 'run', '--resume');
    expect(since(stage, before)).toEqual([ofTask2[1], 'worker last new 1']);
  });

  test('the state is enriched from the failed attempt: the step is told what failed', async () => {
    const { stage, before } = await failed();
    mend(stage);
    await passes(stage, 'resume');
    const told = readFileSync(join(stage.folder, 'prompts'), 'utf8').split('build/task-2/impl ').at(-1);
    expect(before).toBeGreaterThan(0);
    expect(told).toMatch(/test ! -f bad\.txt/);
  });

  test('--run names a specific run', async () => {
    const { stage, id } = await failed();
    await stage.call('run', 'flow', '--spec', 'spec.md');
    mend(stage);
    expect(await passes(stage, 'run', '--resume', '--run', id)).toContain(`resuming run ${id} `);
  });

  test('worktree as it is', async () => {
    const { stage, id } = await failed();
    const { worktree } = await reportOf(stage, id);
    stage.write({ [join('..', worktree.slice(stage.folder.length + 1), 'by-hand.txt')]: 'mine\n' });
    mend(stage);
    await passes(stage, 'resume');
    expect((await stage.call('diff')).stdout).toContain('+mine');
  });

  test('state preserved', async () => {
    const { stage, id } = await failed();
    const before = await reportOf(stage, id);
    mend(stage);
    await passes(stage, 'resume');
    const after = await reportOf(stage, id);
    expect(after.steps[0]).toEqual(before.steps[0]);
    expect(linesOf(stage, 'prompts').findLast((line) => line.startsWith('last '))).toMatch(/task-1.*task-2/);
  });

  test('sessions preserved', async () => {
    const { stage, before } = await failed();
    mend(stage);
    await passes(stage, 'resume');
    expect(since(stage, before)[0]).toBe('worker build/task-2/impl resume 1');
  });

  test('retry counters reset to 1: the step has all its attempts again', async () => {
    const { stage, before } = await failed();
    expect(await stage.call('resume')).toMatchObject({ code: 1 });
    expect(since(stage, before)).toEqual([ofTask2[1], 'worker build/task-2/impl resume 2']);
  });

  test('what was spent goes on counting, also over a resumed run that is resumed', async () => {
    const { stage, id } = await failed();
    await stage.call('resume');
    mend(stage);
    await passes(stage, 'resume');
    const { totals } = await reportOf(stage, id);
    expect(totals.agentRuns).toBe(linesOf(stage, 'starts').length);
  });
});

/** All of them of one run: a replay leaves it as it was. */
describe('replay', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-cli-')));
  let shop: Shop;
  let log: string;
  let files: Readonly<Record<string, string>>;
  const oldOnes = async () => {
    const { stage, id } = shop;
    return {
      log: (await stage.call('report', id, '--json')).stdout,
      files: contentOf((await reportOf(stage, id)).worktree),
    };
  };
  beforeAll(async () => {
    shop = await failedOn(stageIn(folder, {}));
    ({ log, files } = await oldOnes());
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

  async function replayed(...args: string[]) {
    const { stage, id } = shop;
    const before = linesOf(stage, 'starts').length;
    const ended = await stage.call('replay', id, '--from-step', ...args);
    const [next] = await runsOf(stage);
    return { ...ended, started: since(stage, before), next: next?.id ?? '' };
  }

  test('retry counters reset to 1', async () => {
    const { code, started } = await replayed('build/task-2/impl');
    expect(code).toBe(1);
    expect(started).toEqual([ofTask2[0], 'worker build/task-2/impl resume 2']);
  });

  test('worktree reset to the commit before the step; sessions lost; what came before is kept', async () => {
    const { stage } = shop;
    mend(stage);
    const { code, stderr, started, next } = await replayed('build/task-2/impl');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`replaying run ${shop.id} (flow, spec.md) from build/task-2/impl as run ${next}\n`);
    expect(started).toEqual(['worker build/task-2/impl new 1', 'worker last new 1']);
    const show = (path: string) => stage.git('show', `pawl/${next}/main:${path}`);
    // The failed attempts had appended to it: it holds one line.
    expect(show('build-task-2-impl.txt')).toBe('worker 1');
    expect(show('first.txt')).toBe('worker 1');
    expect(stage.git('ls-tree', '--name-only', `pawl/${next}/main`).match(/\.txt/g)).toHaveLength(6);
  });

  test("the target step's outputs and its successors' are cleared", async () => {
    const { stderr, next } = await replayed('build/task-1/impl');
    const told = await reportOf(shop.stage, next);
    expect(told.from, stderr).toEqual({ run: shop.id, step: 'build/task-1/impl' });
    const again = await shop.stage.call('replay', next, '--from-step', 'last');
    expect(again.code, again.stderr).toBe(0);
    const [last] = await runsOf(shop.stage);
    const steps: { path: string; attempts: unknown[] }[] = (await reportOf(shop.stage, last?.id ?? '')).steps;
    expect(steps.find(({ path }) => path === 'last')?.attempts).toHaveLength(1);
  });

  test('a target inside each restarts the whole each', async () => {
    const { started } = await replayed('impl');
    const each = (task: string) => [`worker build/${task}/tests new 1`, `worker build/${task}/impl resume 1`];
    expect(started).toEqual([...each('task-1'), ...each('task-2'), 'worker last new 1']);
  });

  test('for a single task, the qualified path; what follows it in the same worktree runs again', async () => {
    const { started } = await replayed('build/task-2/tests');
    expect(started).toEqual([
      'worker build/task-2/tests new 1',
      'worker build/task-2/impl resume 1',
      'worker last new 1',
    ]);
  });

  test('--agent: "you want to re-run with a different agent"; only that step has it', async () => {
    const { started } = await replayed('build/task-2/impl', '--agent', 'other');
    expect(started).toEqual(['other build/task-2/impl new 1', 'worker last new 1']);
  });

  test('a replay of that one asks for the same again, and does not take it for a change of the workflow', async () => {
    const { next } = await replayed('build/task-2/impl', '--agent', 'other');
    const before = linesOf(shop.stage, 'starts').length;
    const { code, stderr } = await shop.stage.call('replay', next, '--from-step', 'build/task-2/impl');
    expect(code, stderr).toBe(0);
    expect(since(shop.stage, before)).toEqual(['other build/task-2/impl new 1', 'worker last new 1']);
    expect(stderr).not.toContain('has changed since');
  });

  test('--edit-prompt: names in it mean what they mean in the workflow', async () => {
    const { stage } = shop;
    stage.write({ 'prompt.md': 'Please {task.name}, {shape}: {spec}' });
    const { code, stderr } = await stage.call(
      ...['run', '--replay', '--run', shop.id, '--from-step', 'build/task-2/impl', '--edit-prompt', 'prompt.md'],
    );
    expect(code, stderr).toBe(0);
    const told = readFileSync(join(stage.folder, 'prompts'), 'utf8');
    expect(told).toContain('build/task-2/impl Please task-2, round: Build a till.');
  });

  test('a replay that fails is resumed, and replayed, like any run', async () => {
    const { stage } = shop;
    rmSync(join(stage.folder, 'mended'));
    const { code, next } = await replayed('build/task-2/impl');
    expect(code).toBe(1);
    expect(await stage.call('replay', next, '--from-step', 'build/task-2/impl')).toMatchObject({ code: 1 });
    const [newest] = await runsOf(stage);
    mend(stage);
    expect(await passes(stage, 'resume')).toContain(`resuming run ${newest?.id} `);
  });

  test('what is wrong is told where it stands, and nothing begins', async () => {
    const { stage, id } = shop;
    const before = linesOf(stage, 'starts').length;
    const runs = await runsOf(stage);
    stage.write({ 'bad.md': 'Hello\n  {nobody.output}', 'empty.md': ' \n' });
    const at = ['replay', id, '--from-step', 'build/task-2/impl'];
    const refusals: readonly (readonly [readonly string[], string])[] = [
      [[...at, '--edit-prompt', 'bad.md'], 'bad.md:2:3'],
      [[...at, '--edit-prompt', 'empty.md'], 'the prompt empty.md is empty'],
      [[...at, '--edit-prompt', 'none.md'], 'cannot read the prompt none.md'],
      [[...at, '--agent', 'nobody'], 'unknown agent `nobody`'],
      [['replay', id], `pawl replay ${id} --from-step build/task-2/impl`],
      [['replay', id, '--from-step', 'nowhere'], 'no step "nowhere" began in this run'],
      [['run', 'flow', '--replay', '--from-step', 'last'], 'has its plan already'],
      [['run', 'flow', '--from-step', 'last'], '--from-step and --edit-prompt are for a replay'],
      [['run', '--resume', '--replay'], '--resume and --replay exclude each other'],
      [['replay', 'zzz', '--from-step', 'last'], 'no run is named zzz'],
    ];
    for (const [args, message] of refusals) {
      const { code, stderr } = await stage.call(...args);
      expect(code, stderr).toBe(2);
      expect(stderr).toContain(message);
    }
    expect(since(stage, before)).toEqual([]);
    expect(await runsOf(stage)).toEqual(runs);
  });

  test('"a gate keeps failing and you changed the prompt": the workflow is taken as it is now', async () => {
    const { stage } = shop;
    const text = stage.read('.pawl/workflows/flow.yaml');
    stage.write({ '.pawl/workflows/flow.yaml': text.replace('Make {task.name} {shape}.', 'Try {task.name} harder.') });
    const { stderr } = await replayed('build/task-2/impl');
    expect(stderr).toContain('note: .pawl/workflows/flow.yaml has changed since: it is taken as it is now\n');
    expect(readFileSync(join(stage.folder, 'prompts'), 'utf8')).toContain('build/task-2/impl Try task-2 harder.');
  });

  test('a workflow with other steps, or with errors: the plan of the run is kept, and it says so', async () => {
    const { stage } = shop;
    stage.write({ '.pawl/workflows/flow.yaml': flow.replace('name: last', 'name: end') });
    const refused = await stage.call('replay', shop.id, '--from-step', 'build/task-2/impl', '--agent', 'other');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('has other steps now') });
    stage.write({ '.pawl/workflows/flow.yaml': 'nonsense: [' });
    expect((await replayed('build/task-2/impl')).stderr).toContain('has errors now: the plan of the run is kept');
  });

  test('after all of this the old run and its worktree are as they were', async () => {
    expect(await oldOnes()).toEqual({ log, files });
  });
});

test('"the plan was bad": run again, and a new worktree begins from scratch', async () => {
  const { stage, id, before } = await failed();
  mend(stage);
  await passes(stage, 'run', 'flow', '--spec', 'spec.md');
  const [newest, old] = await runsOf(stage);
  expect(newest?.id).not.toBe(id);
  expect(old?.id).toBe(id);
  // Every step, also those that had passed.
  expect(since(stage, before)).toHaveLength(before);
  expect(since(stage, before).every((line) => !line.includes(' 2'))).toBe(true);
});

test('a replay in a lane of a parallel split: the lanes beside it keep their work', async () => {
  const { stage, id, before } = await failed(flow.replace('type: split', 'type: split\n    parallel: true'));
  mend(stage);
  await passes(stage, 'replay', id, '--from-step', 'build/task-2/tests');
  expect(since(stage, before)).toEqual([
    'worker build/task-2/tests new 1',
    'worker build/task-2/impl resume 1',
    'worker last new 1',
  ]);
  await passes(stage, 'apply');
  expect(stage.git('ls-files', '*.txt').split('\n')).toHaveLength(6);
});
