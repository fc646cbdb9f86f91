import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/** The prompts that the agents of the only run were given, by turn. */
function promptsOf(stage: Stage): Readonly<Record<string, string>> {
  const turns = join(stage.home, 'runs', readdirSync(join(stage.home, 'runs'))[0] ?? '', 'turns');
  return Object.fromEntries(
    readdirSync(turns).map((turn) => [
      turn.replace(/\.run-agent.*/, ''),
      readFileSync(join(turns, turn, 'prompt.md'), 'utf8'),
    ]),
  );
}

const run = (stage: Stage, workflow: string, ...args: string[]) => {
  stage.write({ '.pawl/workflows/flow.yaml': workflow });
  return stage.call('run', 'flow', '--spec', 'spec.md', ...args);
};

test('freeform: one agent, the specification in its prompt', async () => {
  const stage = openStage();
  stage.agents({ 'claude-opus': 'cat > seen.txt; echo done' }, 'commands: { compile: "test -s seen.txt" }\n');
  const { code, stderr } = await stage.call('run', 'freeform', '--spec', 'spec.md');
  expect(code, stderr).toBe(0);
  expect((await stage.call('diff')).stdout).toContain('+Build a till.');
});

describe('validate', () => {
  const workflow = `name: flow
steps:
  - { name: impl, type: code, agent: worker, prompt: "{spec}", gate: ["bash: test -f out.txt"] }
  - { name: review, type: validate, agent: reviewer, prompt: "Look at it:\\n{impl.diff}", retry: [{ exit: 2 }] }
`;
  const worker = 'cat > /dev/null; echo hi > out.txt';

  test('passes with a verdict in a file', async () => {
    const stage = openStage();
    stage.agents({
      worker,
      reviewer:
        'cat > /dev/null; mkdir -p "$(dirname "$PAWL_OUT")"; echo \'{"pass":true,"comments":"fine"}\' > "$PAWL_OUT"',
    });
    const { code, stderr } = await run(stage, workflow);
    expect(code, stderr).toBe(0);
    expect(promptsOf(stage)['review-1']).toContain('+hi');
  });

  const refuses = 'cat > /dev/null; printf \'%s\' \'{"pass": false, "comments": "Too short.\\nAnd no tests."}\'';

  test('a no is a failure with its comments, and an answer: the same reviewer is not asked again', async () => {
    const stage = openStage();
    stage.agents({ worker, reviewer: refuses });
    const { code, stderr } = await run(stage, workflow);
    expect(code).toBe(1);
    expect(stderr).toContain('✗ attempt 1: the verdict is no: Too short.\n      And no tests.\n');
    expect(stderr).toContain('review: the verdict is no: Too short.');
    expect(Object.keys(promptsOf(stage))).not.toContain('review-2');
  });

  test('another reviewer is, and told what the first one said', async () => {
    const stage = openStage();
    stage.agents({ worker, reviewer: refuses, second: refuses });
    const asksAnother = workflow.replace('{ exit: 2 }', '{ attempt: 2, agent: second }, { exit: 2 }');
    const { code, stderr } = await run(stage, asksAnother);
    expect(code, stderr).toBe(1);
    expect(promptsOf(stage)['review-2']).toContain('And no tests.');
    expect((await stage.call('diff', '--stat')).stdout).toContain('added     out.txt');
  });

  test('what is no verdict says what was expected', async () => {
    const stage = openStage();
    stage.agents({ worker, reviewer: 'cat > /dev/null; echo looks good to me' });
    const { code, stderr } = await run(stage, workflow);
    expect(code).toBe(1);
    expect(stderr).toMatch(/✗ attempt 1: the verdict is not usable: .+/);
  });
});

test('session from: the same id, told to go on; another agent begins anew with a warning', async () => {
  const stage = openStage();
  const note = 'cat > /dev/null; echo "$PAWL_STEP $PAWL_SESSION_START $PAWL_SESSION_ID $PAWL_ATTEMPT" >> log.txt';
  stage.agents({ worker: note, other: note });
  const { code, stderr } = await run(
    stage,
    `name: flow
steps:
  - { name: first, type: code, agent: worker, prompt: a, gate: ["bash: 'true'"] }
  - name: second
    type: code
    agent: worker
    session: { from: first }
    prompt: b
    gate: ["bash: test $(grep -c second log.txt) = 2"]
    retry: [{ exit: 2 }]
  - { name: third, type: code, agent: other, session: { from: first }, prompt: c, gate: ["bash: 'true'"] }
`,
  );
  expect(code, stderr).toBe(0);
  await stage.call('apply');
  const [first, second, again, third] = stage
    .read('log.txt')
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  expect(first?.slice(0, 2)).toEqual(['first', 'new']);
  expect(second).toEqual(['second', 'resume', first?.[2], '1']);
  expect(again).toEqual(['second', 'resume', first?.[2], '2']);
  expect(third?.slice(0, 2)).toEqual(['third', 'new']);
  expect(third?.[2]).not.toBe(first?.[2]);
  expect(stderr).toMatch(/! .*session/);
});

test('context: a file and a command of the worktree; a missing file fails the attempt by name', async () => {
  const stage = openStage();
  stage.agents({ worker: 'cat > /dev/null; date > out.txt' });
  const flow = (file: string) => `name: flow
steps:
  - name: impl
    type: code
    agent: worker
    context: [{ file: ${file} }, { bash: "echo from a command" }]
    prompt: "{spec}"
    gate: ["bash: 'true'"]
`;
  expect(await run(stage, flow('README.md'))).toMatchObject({ code: 0 });
  expect(promptsOf(stage)['impl-1']).toMatch(/# shop[\s\S]*from a command/);
  const { code, stderr } = await run(stage, flow('NOWHERE.md'));
  expect(code).toBe(1);
  expect(stderr).toContain('the context file NOWHERE.md is not in the worktree');
});

test('--agent runs every step, --set fills inputs, a specification is never scanned', async () => {
  const stage = openStage();
  stage.write({ 'spec.md': 'GET /users/{id} and {{x}} and $HOME stay.\n' });
  stage.agents({ one: 'cat > one.txt', two: 'cat > two.txt' });
  const flow = `name: flow
steps:
  - { name: impl, type: code, agent: one, prompt: "In {language}: {spec}", gate: ["bash: 'true'"] }
`;
  const { code, stderr } = await run(stage, flow, '--agent', 'two', '--set', 'language=C={x}');
  expect(code, stderr).toBe(0);
  await stage.call('apply');
  expect(stage.read('two.txt')).toContain('In C={x}: GET /users/{id} and {{x}} and $HOME stay.');
});

describe('tasks of an agent', () => {
  const flow = `name: flow
steps:
  - name: plan
    type: split
    agent: planner
    each:
      - { name: work, type: code, agent: worker, prompt: "{task.description}", gate: ["bash: 'true'"] }
`;
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['not JSON', 'I would rather not.', /the task list is not usable: .*JSON/],
    ['broken JSON', '```json\n[{"name": "a",\n```', /the task list is not usable: .*JSON/],
    ['not a list', '{"tasks": "many"}', /a list of tasks is expected/],
    ['duplicated', '[{"name":"a","description":"x"},{"name":"A","description":"y"}]', /two tasks are named/],
    ['named ../x', '[{"name":"../x","description":"x"}]', /the task list is not usable: .*name/],
    ['without a description', '[{"name":"a"}]', /the task list is not usable: .*description/],
  ];
  test.each(cases)('%s: a failure that says so, nothing of the checkout changed', async (_, answer, message) => {
    const stage = openStage();
    stage.agents({ planner: `cat > /dev/null\ncat <<'END'\n${answer}\nEND\n`, worker: 'cat > /dev/null; date > x' });
    const { code, stderr } = await run(stage, flow);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/\n {2}pawl report \S+ --detail plan +what happened\n/);
    expect(stage.git('status', '--porcelain').split('\n')).toEqual(['?? .pawl/']);
  });

  test('none: it is said, and there is nothing left to do', async () => {
    const stage = openStage();
    stage.agents({ planner: 'cat > /dev/null; echo "[]"', worker: 'exit 9' });
    const { code, stderr } = await run(stage, flow);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/\n {2}0 tasks\n {2}! the plan holds no task/);
  });

  test('from a file, with names that a shell would not like', async () => {
    const stage = openStage();
    stage.agents({
      planner: 'cat > /dev/null; mkdir -p .pawl/out; echo \'[{"name":"Größe & so","description":"d"}]\' > "$PAWL_OUT"',
      worker: 'cat > /dev/null; exit 3',
    });
    const { code, stderr } = await run(stage, flow);
    expect(code).toBe(1);
    expect(stderr).toContain("--detail 'plan/Größe & so/work'");
    const detail = await stage.call('report', '--detail', 'plan/Größe & so/work');
    expect(detail.stdout).toContain('attempt 1, worker');
  });
});
