import { expect, test } from 'vitest';
import { jsonLines, openStage, type Stage } from './stage.ts';

const passes = 'gate: ["bash: \'true\'"]';
/** Fails until its file has so many lines. */
const until = (step: string, lines: number) => `gate: ["bash: test $(grep -c '^${step} ' log.txt) = ${lines}"]`;
const note = 'cat > /dev/null; echo "$PAWL_STEP $PAWL_SESSION_START $PAWL_SESSION_ID" >> log.txt';
const planner = `cat > /dev/null; echo '[{"name":"a","description":"A"},{"name":"b","description":"B"}]'`;

type Told = Record<string, unknown>;

/** Runs steps; what its events say of sessions, in order: which one each attempt takes, and every warning. */
async function told(stage: Stage, steps: string): Promise<{ readonly events: readonly Told[]; readonly run: string }> {
  stage.agents({ worker: note, other: note, planner });
  stage.write({ 'flow.yaml': `name: flow\nsteps:\n${steps}` });
  stage.commit('Flow');
  const { code, stdout, stderr } = await stage.call('run', './flow.yaml', '--spec', 'spec.md', '--json');
  expect(code, `${stderr}\n${stdout.slice(-2000)}`).toBe(0);
  const all: readonly Told[] = jsonLines(stdout);
  const events = all.flatMap((event): readonly Told[] => {
    const { type, step, attempt, agent, session, code: warning } = event;
    if (type === 'warned') return [{ step, warning }];
    return type === 'attempt-started' && session ? [{ step, attempt, agent, session }] : [];
  });
  return { events, run: String(all.find(({ type }) => type === 'run-started')?.run) };
}

const start = (step: string, attempt: number, agent: string, session: object) => ({ step, attempt, agent, session });
const fresh = { mode: 'new' };

test('new is the default, also of a reviewer; from goes on with the step', async () => {
  const { events } = await told(
    openStage(),
    `  - { name: tests, type: code, agent: worker, prompt: a, ${passes} }
  - { name: impl, type: code, agent: worker, session: { from: tests }, prompt: b, ${passes} }
  - { name: apart, type: code, agent: worker, session: new, prompt: c, ${passes} }
`,
  );
  expect(events).toEqual([
    start('tests', 1, 'worker', fresh),
    start('impl', 1, 'worker', { mode: 'from', step: 'tests' }),
    start('apart', 1, 'worker', fresh),
  ]);
});

test('another agent, or a step that has not run: new, with a warning', async () => {
  const { events } = await told(
    openStage(),
    `  - { name: tests, type: code, agent: worker, prompt: a, ${passes} }
  - { name: skipped, type: code, agent: worker, prompt: a, when: "{tests.status} == failed", ${passes} }
  - { name: foreign, type: code, agent: other, session: { from: tests }, prompt: b, ${passes} }
  - { name: early, type: code, agent: worker, session: { from: skipped }, prompt: b, ${passes} }
`,
  );
  expect(events).toEqual([
    start('tests', 1, 'worker', fresh),
    start('foreign', 1, 'other', fresh),
    { step: 'foreign', warning: 'session-other-agent' },
    start('early', 1, 'worker', fresh),
    { step: 'early', warning: 'session-not-found' },
  ]);
});

test('in each, every task starts fresh and from reaches no further than its task', async () => {
  const { events } = await told(
    openStage(),
    `  - name: build
    type: split
    agent: planner
    prompt: plan
    each:
      - { name: tests, type: code, agent: worker, prompt: a, ${passes} }
      - { name: impl, type: code, agent: worker, session: { from: tests }, prompt: b, ${passes} }
`,
  );
  expect(events).toEqual([
    start('build', 1, 'planner', fresh),
    start('build/a/tests', 1, 'worker', fresh),
    start('build/a/impl', 1, 'worker', { mode: 'from', step: 'build/a/tests' }),
    start('build/b/tests', 1, 'worker', fresh),
    start('build/b/impl', 1, 'worker', { mode: 'from', step: 'build/b/tests' }),
  ]);
});

test('a retry keeps its session; another agent in it starts anew with a warning; session: new starts anew', async () => {
  const stage = openStage();
  const { events, run } = await told(
    stage,
    `  - { name: kept, type: code, agent: worker, prompt: a, ${until('kept', 2)}, retry: [{ exit: 3 }] }
  - name: stronger
    type: code
    agent: worker
    prompt: b
    ${until('stronger', 3)}
    retry: [{ attempt: 2, agent: other }, { exit: 4 }]
  - name: anew
    type: code
    agent: worker
    prompt: c
    ${until('anew', 2)}
    retry: [{ attempt: 2, session: new }, { exit: 3 }]
`,
  );
  expect(events).toEqual([
    start('kept', 1, 'worker', fresh),
    start('kept', 2, 'worker', { mode: 'kept' }),
    start('stronger', 1, 'worker', fresh),
    start('stronger', 2, 'other', fresh),
    { step: 'stronger', warning: 'session-agent-changed' },
    start('stronger', 3, 'other', { mode: 'kept' }),
    start('anew', 1, 'worker', fresh),
    start('anew', 2, 'worker', fresh),
  ]);

  // The same conversations, in the catalogue.
  const listed = JSON.parse((await stage.call('sessions', 'list', '--run', run, '--json')).stdout).sessions;
  expect(
    listed.map(({ step, agent, turns, owner, messages }: Told) => [step, agent, turns, typeof owner, messages]).sort(),
  ).toEqual([
    ['anew', 'worker', 1, 'string', 1],
    ['anew', 'worker', 1, 'string', 1],
    ['kept', 'worker', 2, 'string', 2],
    ['stronger', 'other', 2, 'string', 2],
    ['stronger', 'worker', 1, 'string', 1],
  ]);
  expect(listed).toContainEqual(expect.objectContaining({ title: 'flow kept', run, repository: stage.repository }));
});

test('a run is its owner’s: the user of the system, or who PAWL_OWNER names', async () => {
  const stage = openStage({ env: { PAWL_OWNER: 'ada' } });
  await told(stage, `  - { name: tests, type: code, agent: worker, prompt: a, ${passes} }\n`);
  expect(JSON.parse((await stage.call('list', '--json')).stdout).runs).toMatchObject([{ owner: 'ada' }]);
  expect(JSON.parse((await stage.call('sessions', '--owner', 'ada', '--json')).stdout).sessions).toHaveLength(1);
  expect(JSON.parse((await stage.call('sessions', '--owner', 'bob', '--json')).stdout).sessions).toHaveLength(0);
});
