import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/** Workflow files as they are written for Gump, kept where Gump keeps them, run to their end with scripts as agents. */

/**
 * One script for every agent: its step's path says what is to be done. Each task has a file and a test of the same
 * content. `beta` needs as many attempts as `needs` says; what an agent does is noted beside the repository.
 */
const agent = (name: string, folder: string, needs: number) => `cat > "${folder}/prompt"
echo "${name} $PAWL_STEP $PAWL_ATTEMPT $PAWL_SESSION_START" >> ${folder}/notes
cp "${folder}/prompt" "${folder}/$(echo "$PAWL_STEP" | tr / -)-$PAWL_ATTEMPT.prompt"
task=$(echo "$PAWL_STEP" | cut -d/ -f2)
mkdir -p src test .gump/out
case $PAWL_STEP in
  */gate/*)
    if [ "$(cat "src/$task")" = "$task!" ]; then echo '{"pass": true}' > .gump/out/validate.json
    else echo '{"pass": false, "comment": "This is not what was asked."}' > .gump/out/validate.json; fi ;;
  decompose | analyze | plan)
    echo '[{"name":"alpha","description":"Make alpha.","files":["src/alpha","test/alpha.test"]},
      {"name":"beta","description":"Make beta.","files":["src/beta","test/beta.test"]}]' > .gump/out/plan.json ;;
  */red | */reproduce) echo "$task!" > "test/$task.test" ;;
  */smoke) echo "tried" ;;
  */*)
    [ -e "test/$task.test" ] || echo "$task!" > "test/$task.test"
    if [ "$task" = beta ] && [ "$PAWL_ATTEMPT" -lt ${needs} ]; then echo "almost $PAWL_ATTEMPT" > "src/$task"
    else echo "$task!" > "src/$task"; fi ;;
  *) echo "done" > src/whole ;;
esac
echo "worked on $PAWL_STEP"
`;

const runTests = `status=0; n=0
for file in test/*.test; do
  [ -e "$file" ] || continue
  n=$((n + 1)); name=$(basename "$file" .test)
  if [ "$(cat "src/$name" 2>/dev/null)" = "$(cat "$file")" ]; then echo "ok $n"; else echo "not ok $n - $name"; status=1; fi
done
echo "# tests $n"
exit $status
`;

function project(needs = 1): Stage {
  const stage = openStage();
  const names = ['claude-opus', 'claude-sonnet', 'claude-haiku', 'qwen'];
  stage.agents(
    Object.fromEntries(names.map((name) => [name, agent(name, stage.folder, needs)])),
    'commands: { compile: "true", lint: "true", test: "sh test/run.sh" }\nmax_parallel: 2\n',
  );
  stage.write({ 'test/run.sh': runTests, 'docs/architecture.md': 'Everything is a file.\n' });
  stage.commit('A project with tests');
  return stage;
}

const notes = (stage: Stage): readonly string[] => readFileSync(join(stage.folder, 'notes'), 'utf8').trim().split('\n');
const ofTask = (stage: Stage, task: string) => notes(stage).filter((line) => line.split(' ')[1]?.includes(`/${task}/`));
const prompt = (stage: Stage, turn: string) => readFileSync(join(stage.folder, `${turn}.prompt`), 'utf8');

async function passes(stage: Stage, ...args: string[]): Promise<string> {
  const { code, stderr } = await stage.call(...args);
  expect(code, stderr).toBe(0);
  return stderr;
}

/** The workflows that Gump brings, by what each does. */
const brought: Readonly<Record<string, string>> = {
  freeform: `name: freeform
max_budget: 5
steps:
  - name: execute
    type: code
    agent: claude-opus
    prompt: "{spec}"
    guard:
      max_turns: 80
    gate: [compile]
`,
  simple: `name: simple
max_budget: "5.00"
steps:
  - name: decompose
    type: split
    agent: claude-opus
    prompt: "{spec}"
    gate: [schema]
    each:
      - name: build
        type: code
        agent: claude-sonnet
        prompt: "{task.description}"
        gate:
          - compile
`,
  tdd: `name: tdd
description: Tests first.
max_budget: 8.0

steps:
  - name: decompose
    type: split
    get:
      prompt: |
        Break this into tasks.
        {spec}
    run:
      agent: claude-opus
    gate: [schema]
    each:
      - name: red
        type: code
        get:
          prompt: "Write failing tests for: {task.description}"
        run:
          agent: claude-haiku
          guard: { max_turns: 40 }
        gate:
          - compile
          - touched: "*.test"
          - tests_found
        retry:
          - attempt: 2
            agent: claude-sonnet
          - exit: 3

      - name: green
        type: code
        get:
          session:
            from: red
          prompt: "Implement: {task.description}. Files: {task.files}"
        run:
          agent: claude-haiku
          guard: { max_turns: 60 }
        gate:
          - compile
          - test
          - untouched: "*.test"
        retry:
          - attempt: 2
            prompt: |
              Fix it. {{"json": "stays"}}
              {error}
          - attempt: 4
            agent: claude-sonnet
            session: new
          - exit: 5

  - name: quality
    gate: [compile, lint, test]
`,
  cheap2sota: `name: cheap2sota
max_budget: 10
steps:
  - name: decompose
    type: split
    agent: claude-sonnet
    prompt: "{spec}"
    gate: [schema]
    each:
      - name: impl
        type: code
        agent: qwen
        prompt: "{task.description}"
        gate: [compile, test]
        retry:
          - attempt: 2
            prompt: "Fix {error} in {task.description}"
          - attempt: 3
            agent: claude-haiku
          - attempt: 4
            agent: claude-sonnet
          - attempt: 5
            agent: claude-opus
            session: new
            worktree: reset
          - exit: 6
  - name: quality
    gate: [compile, lint, test]
`,
  'parallel-tasks': `name: parallel-tasks
max_budget: 12
steps:
  - name: decompose
    type: split
    parallel: true
    agent: claude-opus
    prompt: "{spec}"
    gate: [schema]
    each:
      - name: impl
        type: code
        agent: claude-sonnet
        prompt: "{task.description}"
        gate: [compile]
        retry:
          - attempt: 3
            agent: claude-opus
          - exit: 4
  - name: quality
    gate: [compile, lint, test]
`,
  'implement-spec': `name: implement-spec
max_budget: 20
steps:
  - name: decompose
    type: split
    agent: claude-opus
    prompt: "{spec}"
    context:
      - file: docs/architecture.md
    gate: ["schema: plan"]
    each:
      - name: converge
        type: code
        agent: claude-sonnet
        prompt: "Implement {task.description}"
        context:
          - file: docs/architecture.md
        gate:
          - compile
          - test
          - validate: validators/arch-review
            diff: "{diff}"
            spec: "{task.description}"
            agent: claude-opus
        retry:
          - attempt: 2
            prompt: |
              The reviewer said: {gate.review.comments}
              {prev.gate.review.comments}
              {error}
          - attempt: 4
            agent: claude-opus
            session: new
            worktree: reset
          - exit: 6

      - name: smoke
        type: code
        agent: "{converge.agent}"
        session:
          from: converge
        prompt: "Try {task.name}."
        gate: [test]
        retry:
          - exit: 3

  - name: quality
    gate: [compile, lint, test]
`,
  bugfix: `name: bugfix
max_budget: 5
steps:
  - name: analyze
    type: split
    agent: claude-sonnet
    prompt: "{spec}"
    gate: [schema]
    each:
      - name: reproduce
        type: code
        agent: claude-haiku
        prompt: "Reproduce {task.description}"
        gate: [compile, tests_found]
        retry:
          - exit: 3
      - name: patch
        type: code
        agent: claude-haiku
        session: { from: reproduce }
        prompt: "Patch {task.description}"
        gate: [compile, test]
        retry:
          - attempt: 3
            agent: claude-sonnet
          - exit: 4
  - name: quality
    gate: [compile, test]
`,
  refactor: `name: refactor
max_budget: 8
steps:
  - name: decompose
    type: split
    agent: claude-sonnet
    prompt: "{spec}"
    gate: [schema]
    each:
      - name: apply
        type: code
        agent: claude-sonnet
        prompt: "{task.description}"
        gate: [compile, test]
        retry:
          - exit: 3
  - name: quality
    gate: [compile, lint, test]
`,
};

/** Its own validator, with the inputs that its callers give, found by their names alone. */
const archReview = `name: arch-review
max_budget: 2
steps:
  - name: review
    type: validate
    agent: "{agent}"
    worktree: read-only
    prompt: |
      Review {diff} against {spec}.
      Write {{"pass": true, "comments": ""}} to .gump/out/validate.json.
`;

/** What each must have done besides; and how many attempts `beta` needs there. */
const moreOf: Readonly<Record<string, { readonly needs: number; readonly seen: (stage: Stage) => void }>> = {
  tdd: {
    needs: 2,
    // In the session of red, with what failed; each task begins afresh.
    seen(stage) {
      expect(ofTask(stage, 'beta')).toEqual([
        'claude-haiku decompose/beta/red 1 new',
        'claude-haiku decompose/beta/green 1 resume',
        'claude-haiku decompose/beta/green 2 resume',
      ]);
      const again = prompt(stage, 'decompose-beta-green-2');
      expect(again).toMatch(/^Fix it\. \{"json": "stays"\}\n/);
      expect(again).toContain('not ok 2 - beta');
      expect(prompt(stage, 'decompose-beta-red-1')).toContain('Names are words.');
    },
  },
  cheap2sota: {
    needs: 5,
    // It climbs to the strongest, which begins from where the first one did.
    seen(stage) {
      expect(ofTask(stage, 'beta').map((line) => line.split(' ').toSpliced(1, 1).join(' '))).toEqual([
        'qwen 1 new',
        'qwen 2 resume',
        'claude-haiku 3 new',
        'claude-sonnet 4 new',
        'claude-opus 5 new',
      ]);
    },
  },
  'implement-spec': {
    needs: 2,
    // The reviewer is given the change and the task, the next attempt what it said.
    seen(stage) {
      expect(prompt(stage, 'decompose-beta-converge-gate-review-review-1')).toMatch(
        /\+beta!\n[\s\S]* against Make beta\./,
      );
      const again = prompt(stage, 'decompose-beta-converge-2');
      expect(again).toMatch(/^The reviewer said: This is not what was asked\.\nThis is not what was asked\.\n/);
      expect(prompt(stage, 'decompose-beta-converge-1')).toContain('Everything is a file.');
      expect(ofTask(stage, 'beta').at(-1)).toBe('claude-sonnet decompose/beta/smoke 1 resume');
    },
  },
};

describe('the workflows that Gump brings, as it writes them', () => {
  test.each(Object.entries(brought))('%s', async (name, text) => {
    const { needs = 1, seen } = moreOf[name] ?? {};
    const stage = project(needs);
    stage.write({
      [`.gump/workflows/${name}.yaml`]: text,
      '.gump/validators/arch-review.yaml': archReview,
      '.gump/conventions.md': 'Names are words.\n',
    });
    const checked = await stage.call('workflows', 'check', name);
    expect(checked.stderr).not.toMatch(/warning|error:/);
    const stderr = await passes(stage, 'run', name, '--spec', 'spec.md');
    expect(stderr).toContain(`.gump/workflows/${name}.yaml is read because`);
    await passes(stage, 'apply');
    const first = notes(stage)[0]?.split(' ')[1];
    expect(prompt(stage, `${first}-1`)).toContain('Build a till.');
    expect(stage.git('ls-files', '.gump/out')).toBe('');
    if (name === 'freeform') expect(stage.read('src/whole')).toBe('done\n');
    else expect(stage.read('src/alpha') + stage.read('src/beta')).toBe('alpha!\nbeta!\n');
    seen?.(stage);
  });
});

/** The two examples of Gump's page on sessions, letter by letter; `...` stands for what they leave out. */
const seeds = {
  review: `- name: review
  type: validate
  run:
    agent: claude-opus
  get:
    session: new
`,
  build: `- name: build
  type: split
  ...
  each:
    - name: tests
      type: code
      run:
        agent: claude-haiku
      get:
        prompt: "Write tests for: {task.description}"

    - name: impl
      type: code
      run:
        agent: claude-haiku
      get:
        session: from: tests
        prompt: "Implement code to pass the tests."
`,
};

describe("the examples of Gump's page on sessions", () => {
  const left = (steps: string) => steps.replace('\n  ...\n', '\n  agent: claude-opus\n');

  test('run to their end: impl goes on with tests of its own task, and the reviewer knows of nobody', async () => {
    const stage = project();
    stage.agents({
      'claude-opus': `echo "claude-opus $PAWL_STEP $PAWL_SESSION_START $PAWL_SESSION_ID" >> ${stage.folder}/notes
        case $PAWL_STEP in
          build) echo '[{"name":"one","description":"The first."},{"name":"two","description":"The second."}]' ;;
          *) echo '{"pass": true}' ;;
        esac`,
      'claude-haiku': `cat >> ${stage.folder}/told; echo "claude-haiku $PAWL_STEP $PAWL_SESSION_START $PAWL_SESSION_ID" >> ${stage.folder}/notes
        echo x >> "$(echo "$PAWL_STEP" | tr / -).txt"`,
    });
    stage.write({ '.gump/workflows/seeds.yaml': `name: seeds\nsteps:\n${left(seeds.build)}${seeds.review}` });
    await passes(stage, 'run', 'seeds', '--spec', 'spec.md');
    const lines = notes(stage).map((line) => line.split(' '));
    expect(lines.map(([name, step, start]) => `${name} ${step} ${start}`)).toEqual([
      'claude-opus build new',
      'claude-haiku build/one/tests new',
      'claude-haiku build/one/impl resume',
      'claude-haiku build/two/tests new',
      'claude-haiku build/two/impl resume',
      'claude-opus review new',
    ]);
    const ids = lines.map(([, , , id]) => id);
    expect([ids[2], ids[4]]).toEqual([ids[1], ids[3]]);
    expect(new Set(ids).size).toBe(4);
    const told = readFileSync(join(stage.folder, 'told'), 'utf8');
    expect(told).toContain('Write tests for: The first.');
    expect(told).toContain('Implement code to pass the tests.');
    await passes(stage, 'apply');
    expect(stage.git('ls-files', 'build-*').split('\n')).toHaveLength(4);
  });

  test('a retry keeps the session; another agent in it, and session: new, begin a new one', async () => {
    const stage = project();
    const note = `cat > /dev/null; echo "$PAWL_STEP $PAWL_ATTEMPT $PAWL_SESSION_START" >> ${stage.folder}/notes; date +%N > "$PAWL_STEP"`;
    stage.agents({ 'claude-haiku': note, 'claude-opus': note });
    const step = (name: string, entry: string) => `- name: ${name}
  type: code
  run: { agent: claude-haiku }
  get: { prompt: Do it. }
  gate: [{ bash: "test $(grep -c '^${name} ' ${stage.folder}/notes) = 2" }]
  retry: [${entry}{ exit: 2 }]
`;
    const steps = `${step('kept', '')}${step('stronger', '{ attempt: 2, agent: claude-opus }, ')}${step('anew', '{ attempt: 2, session: new }, ')}`;
    stage.write({ '.gump/workflows/seeds.yaml': `name: seeds\nsteps:\n${steps}` });
    const stderr = await passes(stage, 'run', 'seeds', '--spec', 'spec.md');
    expect(notes(stage)).toEqual([
      'kept 1 new',
      'kept 2 resume',
      'stronger 1 new',
      'stronger 2 new',
      'anew 1 new',
      'anew 2 new',
    ]);
    expect(stderr.match(/^ {2}! .*/gm)).toEqual([expect.stringContaining('claude-opus')]);
  });
});

describe('a repository of Gump', () => {
  test('names of folders, a folder in the folder, fields of a call inside each, and what agents write there', async () => {
    const stage = project();
    stage.agents({
      'claude-opus': `mkdir -p .gump/out
        echo '[{"name":"one","description":"First."},{"name":"two","description":"Second."}]' > .gump/out/plan.json`,
      'claude-sonnet': `mkdir -p .gump/out; printf '%s' "$(sed -n 's/^About //p')" > .gump/out/artifact.txt`,
      'claude-haiku': `cat > "$(echo "$PAWL_STEP" | cut -d/ -f2).txt"`,
    });
    stage.write({
      '.gump/workflows/team/all.yaml': `name: all
steps:
  - name: plan
    type: split
    agent: claude-opus
    each:
      - name: look
        workflow: workflows/research
        with: { topic: "{task.name}" }
      - name: write
        type: code
        get:
          prompt: "{look.state.find.output} {look.output} {deeper.output}"
          workflow: deeper
          topic: "{task.description}"
        run: { agent: claude-haiku }
`,
      '.gump/workflows/workflows/research.yaml': `name: research
steps: [{ name: find, type: artifact, agent: claude-sonnet, prompt: "About {topic}" }]
`,
      '.gump/workflows/deeper.yaml': `name: deeper
steps: [{ name: find, type: artifact, agent: claude-sonnet, prompt: "About {topic}" }]
`,
    });
    await passes(stage, 'run', 'team/all', '--spec', 'spec.md');
    await passes(stage, 'apply');
    expect(stage.read('one.txt')).toMatch(/^one one First\.\n/);
    expect(stage.read('two.txt')).toMatch(/^two two Second\.\n/);
    expect(stage.git('ls-files', '.gump/out')).toBe('');
  });

  test("nothing is written into the user's own files for agents, and none is taken away", async () => {
    const stage = project();
    const own = { 'CLAUDE.md': 'Mine.\n', 'AGENTS.md': 'Mine too.\n', 'GEMINI.md': 'And this.\n', '.gitignore': 'x\n' };
    stage.write(own);
    stage.commit('Mine');
    stage.write({ '.gump/workflows/freeform.yaml': brought.freeform ?? '' });
    await passes(stage, 'run', 'freeform', '--spec', 'spec.md');
    expect((await stage.call('diff', '--stat')).stdout).toMatch(/^ *added +src\/whole/);
    await passes(stage, 'apply');
    expect(Object.fromEntries(Object.keys(own).map((file) => [file, stage.read(file)]))).toEqual(own);
    expect(stage.git('show', '--name-only', '--format=', 'HEAD')).toBe('src/whole');
    expect(existsSync(join(stage.repository, 'QWEN.md'))).toBe(false);
  });

  test('a validator without a worktree judges, and its comments are what the next attempt is told', async () => {
    const stage = project();
    stage.agents({
      'claude-haiku': `grep -q 'Be brief' && echo short > a.txt || echo 'a very long text' > a.txt`,
      'claude-opus': `ls -A > ${stage.folder}/seen; mkdir -p .gump/out
        if grep -q '+short'; then echo '{"pass":true}' > .gump/out/validate.json
        else echo '{"pass":false,"comments":"Be brief."}' > .gump/out/validate.json; fi`,
    });
    stage.write({
      '.gump/validators/brief.yaml': `name: brief
steps: [{ name: judge, type: validate, agent: claude-opus, worktree: none, prompt: "Is it brief?\\n{diff}" }]
`,
      '.gump/workflows/flow.yaml': `name: flow
steps:
  - name: write
    type: code
    agent: claude-haiku
    prompt: Write.
    gate:
      - validate: validators/brief
          diff: "{diff}"
    retry:
      - exit: 2
`,
    });
    await passes(stage, 'run', 'flow', '--spec', 'spec.md');
    expect((await stage.call('diff')).stdout).toContain('+short');
    expect(readFileSync(join(stage.folder, 'seen'), 'utf8')).toBe('.pawl\n');
  });

  test('what an agent makes of the workflow and the configuration in its worktree changes nothing of its run', async () => {
    const stage = project();
    stage.agents(
      {
        'claude-haiku': `mkdir -p .pawl/workflows .gump/workflows; echo 'commands: { test: "true" }' > .pawl/config.yaml
        echo 'name: flow' | tee .pawl/workflows/flow.yaml > .gump/workflows/flow.yaml; echo x >> x.txt`,
      },
      'commands: { test: "false" }\n',
    );
    stage.write({
      '.gump/workflows/flow.yaml': `name: flow
steps: [{ name: write, type: code, agent: claude-haiku, prompt: Write., gate: [test], retry: [{ exit: 2 }] }]
`,
    });
    stage.commit('Flow');
    const { code, stderr } = await stage.call('run', 'flow', '--spec', 'spec.md');
    expect(code, stderr).toBe(1);
    expect(stderr).toContain('write: gate failed: test');
    expect(stderr).toContain('attempt 2');
  });

  test('a specification in a folder, a prompt in a file and a long one: what a resumed run knows is in its record', async () => {
    const stage = project();
    stage.agents({
      'claude-haiku': `cat > ${stage.folder}/told; if [ -f ${stage.folder}/mended ]; then echo x > x.txt; fi`,
    });
    const long = 'ä{x}\n'.repeat(40_000);
    stage.write({
      'docs/specs/till.md': `Build a till.\n${long}`,
      '.gump/workflows/prompts/work.md': 'From a file: {spec}',
      '.gump/workflows/flow.yaml': `name: flow
steps: [{ name: work, type: code, agent: claude-haiku, prompt: { file: prompts/work.md }, gate: ["bash: test -f x.txt"] }]
`,
    });
    expect(await stage.call('run', 'flow', '--spec', 'docs/specs/till.md')).toMatchObject({ code: 1 });
    stage.write({ 'docs/specs/till.md': 'Another.\n', '.gump/workflows/prompts/work.md': 'Else.', '../mended': '' });
    stage.write({ '.gump/workflows/flow.yaml': 'nonsense' });
    await passes(stage, 'run', '--resume');
    expect(readFileSync(join(stage.folder, 'told'), 'utf8')).toContain('test -f x.txt');
    const again = await stage.call('run', '--replay', '--from-step', 'work');
    expect(again.code, again.stderr).toBe(0);
    expect(readFileSync(join(stage.folder, 'told'), 'utf8')).toContain(`From a file: Build a till.\n${long}`);
  });

  test('four lanes that all say much at once end as they should', async () => {
    const stage = project();
    const tasks = Array.from({ length: 4 }, (_, index) => ({ name: `t${index}`, description: 'Do it.' }));
    stage.agents(
      {
        'claude-opus': `cat > /dev/null; echo '${JSON.stringify(tasks)}'`,
        'claude-sonnet': `cat > /dev/null; task=$(echo "$PAWL_STEP" | cut -d/ -f2)
          awk 'BEGIN { for (n = 0; n < 1000; n++) print "{\\"type\\":\\"tool\\",\\"name\\":\\"Edit\\",\\"input\\":{\\"n\\":" n "}}" }'
          echo done > "$task.txt"`,
      },
      'max_parallel: 4\ncommands: { compile: "true", lint: "true", test: "true" }\n',
    );
    stage.write({ '.gump/workflows/flow.yaml': brought['parallel-tasks'] ?? '' });
    await passes(stage, 'run', 'flow', '--spec', 'spec.md');
    await passes(stage, 'apply');
    expect(stage.git('ls-files', 't*.txt').split('\n')).toHaveLength(4);
  });

  test('steps of any name, side by side, resumed and replayed by it', async () => {
    const stage = project();
    const name = 'Prüfung & "mehr"';
    stage.agents({
      'claude-haiku': `cat > /dev/null; echo "$PAWL_STEP" >> ${stage.folder}/notes; echo x > "$(echo "$PAWL_STEP" | tr -dc a-z).txt"
        case $PAWL_STEP in *mehr*) [ -f ${stage.folder}/mended ] || rm -f *.txt ;; esac`,
    });
    stage.write({
      '.gump/workflows/flow.yaml': `name: flow
steps:
  - name: Both at once
    parallel: true
    steps:
      - { name: Write tests, type: code, agent: claude-haiku, prompt: a }
      - { name: '${name}', type: code, agent: claude-haiku, prompt: b, gate: [{ touched: "*.txt" }] }
`,
    });
    const failed = await stage.call('run', 'flow', '--spec', 'spec.md');
    expect(failed.code, failed.stderr).toBe(1);
    stage.write({ '../mended': '' });
    await passes(stage, 'run', '--resume');
    expect(notes(stage).toSorted()).toEqual([
      `Both at once/${name}`,
      `Both at once/${name}`,
      'Both at once/Write tests',
    ]);
    await passes(stage, 'run', '--replay', '--from-step', `Both at once/${name}`);
    expect((await stage.call('report', '--detail', name)).stdout).toContain('attempt 1, claude-haiku');
    await passes(stage, 'apply');
    expect(stage.git('log', '--format=%s', '-2').split('\n')).toEqual([name, 'Write tests']);
  });

  test('the retry of a split goes on with a task that failed', async () => {
    const stage = project();
    stage.agents({
      'claude-opus': `cat > /dev/null; echo plan >> ${stage.folder}/notes; echo '[{"name":"one","description":"1"},{"name":"two","description":"2"}]'`,
      'claude-haiku': `echo "$PAWL_STEP $PAWL_SESSION_START" >> ${stage.folder}/notes; cat > prompt.log; mv prompt.log ${stage.folder}/last
        echo x >> "$(echo "$PAWL_STEP" | tr / -).txt"`,
    });
    stage.write({
      '.gump/workflows/flow.yaml': `name: flow
steps:
  - name: plan
    type: split
    agent: claude-opus
    prompt: "{spec}"
    each:
      - { name: work, type: code, agent: claude-haiku, prompt: "{task.description}", gate: [{ bash: "test ! -f plan-two-work.txt || test $(wc -l < plan-two-work.txt) = 2" }] }
    retry:
      - exit: 3
`,
    });
    const stderr = await passes(stage, 'run', 'flow', '--spec', 'spec.md');
    expect(notes(stage)).toEqual(['plan', 'plan/one/work new', 'plan/two/work new', 'plan/two/work resume']);
    expect(stderr).toContain('▸ plan · goes on, time 2\n');
    expect(readFileSync(join(stage.folder, 'last'), 'utf8')).toContain('plan-two-work.txt');
    const report = JSON.parse((await stage.call('report', '--json')).stdout);
    expect(report).toMatchObject({ status: 'passed' });
  });
});
