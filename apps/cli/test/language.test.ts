import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

const run = (stage: Stage, workflow: string, ...args: string[]) => {
  stage.write({ '.pawl/workflows/flow.yaml': workflow });
  return stage.call('run', 'flow', '--spec', 'spec.md', ...args);
};

/** The lines of a file that agents of the stage write beside the repository. */
const noted = (stage: Stage, file = 'notes.txt'): readonly string[] => {
  const path = join(stage.folder, file);
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
};

describe('a parallel split', () => {
  const flow = `name: flow
max_parallel: 3
steps:
  - name: plan
    type: split
    parallel: true
    agent: planner
    each:
      - { name: work, type: code, agent: worker, prompt: "{task.description}", gate: ["bash: 'true'"] }
`;
  const planner = `cat > /dev/null; echo '[{"name":"c","description":"write c"},{"name":"a","description":"write a"},{"name":"b","description":"write b"}]'`;

  test('works side by side, and is merged in the order of the plan', async () => {
    const stage = openStage();
    stage.agents({
      planner,
      // Every one waits until all have begun: one after the other this would not end.
      worker: `name=$(sed -n 's/.*write \\([abc]\\).*/\\1/p' | head -1)
        echo "$name" >> ${stage.folder}/notes.txt
        for round in $(seq 200); do [ $(wc -l < ${stage.folder}/notes.txt) -ge 3 ] && break; sleep 0.05; done
        [ $(wc -l < ${stage.folder}/notes.txt) -ge 3 ] || exit 1
        echo "$name" > "$name.txt"`,
    });
    const { code, stderr } = await run(stage, flow);
    expect(code, stderr).toBe(0);
    expect(noted(stage).toSorted()).toEqual(['a', 'b', 'c']);
    expect(stderr.match(/⇐ plan\/. merged/g)).toEqual(['⇐ plan/c merged', '⇐ plan/a merged', '⇐ plan/b merged']);
    expect(await stage.call('apply')).toMatchObject({ code: 0 });
    expect(stage.git('log', '--format=%s', '-3', '--reverse').split('\n')).toEqual(['work: c', 'work: a', 'work: b']);
    expect(stage.git('ls-files', '?.txt').split('\n')).toEqual(['a.txt', 'b.txt', 'c.txt']);
  });

  test('two lanes that cannot be brought together: the first is kept, the run says in which file', async () => {
    const stage = openStage();
    stage.agents({ planner, worker: 'cat > same.txt' });
    const { code, stderr } = await run(stage, flow);
    expect(code).toBe(1);
    expect(stderr).toMatch(/✗ lane plan\/a conflicts with what was merged before it in same\.txt/);
    expect(stderr).toMatch(/\n {2}pawl resume \S+ +go on at /);
    expect((await stage.call('diff')).stdout).toContain('+write c');
    // Both lanes are as they were, and each has its branch.
    const branches = /git branch --list '(.*)' +the lanes, each as it is/.exec(stderr)?.[1] ?? '';
    const names = stage.git('branch', '--format=%(refname:short)', '--list', branches).split('\n');
    expect(names).toHaveLength(3);
    const contents = names.map((name) => stage.git('show', `${name}:same.txt`).split('\n')[0]);
    expect(contents.toSorted()).toEqual(['write a', 'write b', 'write c']);
    expect(await stage.call('resume')).toMatchObject({ code: 1, stderr: expect.stringContaining('conflicts with') });
  });

  test('max_parallel: 1 of the configuration holds where the workflow does not say', async () => {
    const stage = openStage();
    stage.agents(
      {
        planner,
        worker: `cat > /dev/null; mkdir ${stage.folder}/busy || exit 1; sleep 0.2; echo x > "$PAWL_SESSION_ID.txt"; rmdir ${stage.folder}/busy`,
      },
      'max_parallel: 1\n',
    );
    const { code, stderr } = await run(stage, flow.replace('max_parallel: 3\n', ''));
    expect(code, stderr).toBe(0);
  });
});

test('a group side by side, whose validator says no and then yes', async () => {
  const stage = openStage();
  const note = (what: string) => `cat > /dev/null; echo ${what} >> ${stage.folder}/notes.txt`;
  stage.agents({
    left: `${note('left')}; date +%s%N > left.txt`,
    right: `${note('right')}; date +%s%N > right.txt`,
    critic: `cat > ${stage.folder}/seen.txt; echo critic >> ${stage.folder}/notes.txt
      if [ $(grep -c critic ${stage.folder}/notes.txt) = 1 ]
      then echo '{"pass": false, "comments": "The sides do not fit."}'
      else echo '{"pass": true, "comments": "They fit."}'; fi`,
  });
  stage.write({
    '.pawl/validators/fit.yaml': `name: fit
inputs: { diff: {} }
steps: [{ name: look, type: validate, agent: critic, prompt: "Do they fit?\\n{diff}" }]
`,
  });
  const { code, stderr } = await run(
    stage,
    `name: flow
steps:
  - name: sides
    parallel: true
    steps:
      - { name: left, type: code, agent: left, prompt: a, gate: ["bash: 'true'"] }
      - { name: right, type: code, agent: right, prompt: b, gate: ["bash: 'true'"] }
    gate: [{ validate: fit, diff: "{diff}" }]
    retry: [{ exit: 2 }]
`,
  );
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('✗ fit');
  expect(stderr).toContain('The sides do not fit.');
  expect(stderr).toMatch(/✓ fit/);
  expect(noted(stage).filter((word) => word === 'critic')).toHaveLength(2);
  expect(noted(stage).filter((word) => word === 'left')).toHaveLength(2);
  expect(readFileSync(join(stage.folder, 'seen.txt'), 'utf8')).toMatch(
    /\+\+\+ b\/left\.txt[\s\S]*\+\+\+ b\/right\.txt/,
  );
});

test('a call: it sees its inputs, gives its outputs, and comes from where it is kept', async () => {
  const stage = openStage();
  stage.agents({ worker: `cat >> ${stage.folder}/prompts.txt; echo "It is called till."`, last: 'cat > out.txt' });
  stage.write({
    '.gump/workflows/name-it.yaml': `name: name-it
inputs: { thing: { type: string }, tone: { type: enum, values: [dry, warm], default: dry } }
outputs: { name: "{find.output}" }
steps: [{ name: find, type: artifact, agent: worker, prompt: "Name this {tone}: {thing}" }]
`,
  });
  const { code, stderr } = await run(
    stage,
    `name: flow
steps:
  - { name: naming, workflow: name-it, with: { thing: "a /users/{{id}} drawer", tone: warm } }
  - { name: write, type: code, agent: last, prompt: "{naming.name}", gate: ["bash: 'true'"] }
`,
  );
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(
    'note: .gump/workflows/name-it.yaml is read because there is no .pawl/workflows/name-it.yaml',
  );
  expect(noted(stage, 'prompts.txt')).toContain('Name this warm: a /users/{id} drawer');
  expect((await stage.call('diff')).stdout).toContain('+It is called till.');
});

test('when: a step whose condition does not hold is skipped, and said to be', async () => {
  const stage = openStage();
  stage.agents({ worker: `cat > /dev/null; echo "$PAWL_STEP" >> ${stage.folder}/notes.txt; date > "$PAWL_STEP.txt"` });
  const flow = `name: flow
inputs: { deep: { type: boolean, default: false } }
steps:
  - { name: first, type: code, agent: worker, prompt: a, gate: ["bash: 'true'"] }
  - { name: second, when: "{deep}", type: code, agent: worker, prompt: b, gate: ["bash: 'true'"] }
  - { name: third, when: "{deep} == false", type: code, agent: worker, prompt: c, gate: ["bash: 'true'"] }
`;
  const shallow = await run(stage, flow);
  expect(shallow.code, shallow.stderr).toBe(0);
  expect(shallow.stderr).toMatch(/- second {2}0ms\n {2}its condition does not hold\n/);
  expect(noted(stage)).toEqual(['first', 'third']);
  expect(await run(stage, flow, '--set', 'deep=true')).toMatchObject({ code: 0 });
  expect(noted(stage).slice(2)).toEqual(['first', 'second']);
  const wrong = await run(stage, flow, '--set', 'deep=perhaps');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toMatch(/the input `deep` .*true.*false/);
});

test('a loop goes round until its gate holds', async () => {
  const stage = openStage();
  stage.agents({ worker: 'cat > /dev/null; echo x >> count.txt' });
  const flow = (max: number) => `name: flow
steps:
  - name: grow
    loop: { until: gate.bash_0, max: ${max} }
    gate: ["bash: test $(wc -l < count.txt) -ge 3"]
    steps: [{ name: add, type: code, agent: worker, prompt: a, gate: ["bash: 'true'"] }]
`;
  const { code, stderr } = await run(stage, flow(4));
  expect(code, stderr).toBe(0);
  expect((await stage.call('diff')).stdout.match(/^\+x$/gm)).toHaveLength(3);
  expect(await run(stage, flow(2))).toMatchObject({ code: 1 });
});

test('agent: pass has gates only', async () => {
  const stage = openStage();
  stage.agents({ worker: 'cat > /dev/null; echo x > x.txt' });
  const flow = (file: string) => `name: flow
steps:
  - { name: impl, type: code, agent: worker, prompt: a, gate: ["bash: 'true'"] }
  - { name: look, type: code, agent: pass, gate: ["bash: test -f ${file}"] }
`;
  expect(await run(stage, flow('x.txt'))).toMatchObject({ code: 0 });
  const { code, stderr } = await run(stage, flow('y.txt'));
  expect(code).toBe(1);
  expect(stderr).toContain('look: gate failed: bash_0');
});

test('an agent without a worktree sees nothing of the project, and its folder is gone afterwards', async () => {
  const stage = openStage();
  stage.agents({ worker: `cat > /dev/null; pwd > ${stage.folder}/notes.txt; ls -A; echo nothing` });
  const { code, stderr } = await run(
    stage,
    `name: flow
steps: [{ name: think, type: artifact, agent: worker, worktree: none, prompt: "Think." }]
`,
  );
  expect(code, stderr).toBe(0);
  const [place = ''] = noted(stage);
  expect(place).toContain('/pawl-home/scratch/');
  expect(existsSync(place)).toBe(false);
});

test('workflows --schema: the JSON Schema for editors', async () => {
  const stage = openStage();
  const schema = JSON.parse((await stage.call('workflows', '--schema')).stdout);
  expect(schema).toMatchObject({ $schema: expect.stringContaining('2020-12'), type: 'object' });
  expect(JSON.parse((await stage.call('workflows', 'show', '--schema')).stdout)).toEqual(schema);
});
