import { expect, test } from 'vitest';
import { openStage } from './stage.ts';

const flow = (name: string) =>
  `name: ${name}\ndescription: What ${name} does.\nsteps: [{ name: look, gate: ["bash: 'true'"] }]\n`;

test('list: the built-in ones, and those of the repository before them', async () => {
  const stage = openStage();
  stage.write({
    '.pawl/workflows/own.yaml': flow('own'),
    '.pawl/workflows/tdd.yml': flow('tdd'),
    '.pawl/workflows/broken.yaml': 'name: [',
  });
  const { stdout } = await stage.call('workflows', 'list');
  expect(stdout).toMatch(/\nown +What own does\. \(\.pawl\/workflows\/own\.yaml\)\n/);
  expect(stdout).toMatch(/\ntdd +What tdd does\. \(\.pawl\/workflows\/tdd\.yml\)\n/);
  expect(stdout).toMatch(/^broken +not valid: pawl workflows check broken\n? +\(\.pawl\/workflows\/broken\.yaml\)\n/);
  expect(stdout).toMatch(/\nfreeform +One agent/);
  expect(stdout).toMatch(/\nvalidators\/arch-review +Judges a change/);
  expect((await stage.call('workflows')).stdout).toBe(stdout);
  const { workflows } = JSON.parse((await stage.call('workflows', '--json')).stdout);
  expect(workflows.find(({ name }: { name: string }) => name === 'own')).toEqual({
    ...{ name: 'own', file: '.pawl/workflows/own.yaml', valid: true, description: 'What own does.' },
  });
});

test('show: a text that can be kept', async () => {
  const stage = openStage();
  const { stdout, stderr } = await stage.call('workflows', 'show', 'tdd');
  expect(stderr).toBe('# built-in workflow tdd\n');
  stage.write({ '.pawl/workflows/mine.yaml': stdout });
  expect(await stage.call('workflows', 'check', 'mine')).toMatchObject({ code: 0 });
  expect(JSON.parse((await stage.call('workflows', 'show', 'tdd', '--json')).stdout)).toMatchObject({
    name: 'tdd',
    text: stdout,
  });
});

test('check: everything wrong where it stands, exit code 2', async () => {
  const stage = openStage();
  expect(await stage.call('workflows', 'check')).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^\d+ workflows checked: no errors(, 1 warning)?\n$/m),
    stdout: '',
  });
  stage.write({ '.pawl/workflows/bad.yaml': flow('bad').replace('gate:', 'gaet:'), 'elsewhere/x.yaml': flow('x') });
  const { code, stderr } = await stage.call('workflows', 'check');
  expect(code).toBe(2);
  expect(stderr).toMatch(/(^|\n)\.pawl\/workflows\/bad\.yaml:3:\d+: error: unknown key `gaet`/);
  expect(stderr).toMatch(/\d+ workflows checked: 1 error.*\n$/);
  expect(await stage.call('workflows', 'check', 'tdd', 'elsewhere/x.yaml')).toMatchObject({
    code: 0,
    stderr: '2 workflows checked: no errors\n',
  });
  const { workflows } = JSON.parse((await stage.call('workflows', 'check', 'bad', '--json')).stdout);
  expect(workflows[0].diagnostics[0]).toMatchObject({ code: 'unknown-key', severity: 'error', line: 3 });
});

test('check: what is wrong in a workflow that others call is told once', async () => {
  const stage = openStage();
  const calls = (name: string) => `name: ${name}\nsteps:\n  - { name: call, workflow: inner }\n`;
  stage.write({
    '.pawl/workflows/one.yaml': calls('one'),
    '.pawl/workflows/two.yaml': calls('two'),
    '.pawl/workflows/inner.yaml': flow('inner').replace('gate:', 'gaet:'),
  });
  const { stderr } = await stage.call('workflows', 'check', 'one', 'two', 'inner');
  expect(stderr.split('unknown key `gaet`')).toHaveLength(2);
  expect(stderr).toMatch(/3 workflows checked: 1 error\n$/);
  const { workflows } = JSON.parse((await stage.call('workflows', 'check', 'one', 'two', '--json')).stdout);
  expect(workflows.map((each: { diagnostics: [] }) => each.diagnostics.length)).toEqual([1, 1]);
});

test('check: what another workflow calls is held to what it is given there, not to what it lacks when it stands alone', async () => {
  const stage = openStage();
  const caller = (given: string) => `name: caller\nsteps:\n  - { name: a, workflow: called, with: { ${given} } }\n`;
  const called = 'name: called\nsteps: [{ name: x, type: artifact, agent: claude-opus, prompt: "About {topic}" }]\n';
  stage.write({ '.pawl/workflows/called.yaml': called, '.pawl/workflows/caller.yaml': caller('topic: tills') });
  expect(await stage.call('workflows', 'check')).toMatchObject({ code: 0 });
  stage.write({ '.pawl/workflows/caller.yaml': caller('subject: tills') });
  const wrong = await stage.call('workflows', 'check');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('unknown name `{topic}`');
  // Asked for by its name it stands alone.
  stage.write({ '.pawl/workflows/caller.yaml': caller('topic: tills') });
  expect(await stage.call('workflows', 'check', 'called')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--set topic='),
  });
});

test('new: a workflow that is valid, with the line by which an editor finds its schema; nothing is replaced', async () => {
  const stage = openStage();
  expect(await stage.call('workflows', 'new', 'team/build')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('.pawl/workflows/team/build.yaml is written'),
  });
  const text = stage.read('.pawl/workflows/team/build.yaml');
  const [, place = ''] = /^# yaml-language-server: \$schema=(.*)\nname: build\n/.exec(text) ?? [];
  expect(JSON.parse(stage.read(`.pawl/workflows/team/${place}`))).toEqual(
    JSON.parse((await stage.call('workflows', '--schema')).stdout),
  );
  expect(await stage.call('workflows', 'new', 'validators/strict', '--json')).toMatchObject({
    stdout: expect.stringContaining('.pawl/validators/strict.yaml'),
  });
  expect(await stage.call('workflows', 'new', 'ours', '--from', 'tdd')).toMatchObject({ code: 0 });
  const built = (await stage.call('workflows', 'show', 'tdd')).stdout;
  const head = '# yaml-language-server: $schema=../workflow.schema.json\n';
  expect(stage.read('.pawl/workflows/ours.yaml')).toBe(head + built.replace('name: tdd', 'name: ours'));
  expect(await stage.call('workflows', 'check', 'team/build', 'validators/strict', 'ours')).toMatchObject({ code: 0 });
  for (const [args, code] of [
    [['ours'], 'file-exists'],
    [['../ours'], 'bad-workflow-name'],
    [['mine', '--from', 'nothing'], 'unknown-workflow'],
  ] as const)
    expect(await stage.call('workflows', 'new', ...args, '--json')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining(`"${code}"`),
    });
});

test('a prompt in a file, beside the workflow', async () => {
  const stage = openStage();
  stage.agents({ worker: 'cat > out.txt' });
  const text = `name: flow
steps: [{ name: impl, type: code, agent: worker, prompt: { file: prompts/impl.md }, gate: ["bash: 'true'"] }]
`;
  stage.write({ '.pawl/workflows/flow.yaml': text });
  const { code, stderr } = await stage.call('workflows', 'check', 'flow');
  expect(code).toBe(2);
  expect(stderr).toContain('prompts/impl.md');
  stage.write({ '.pawl/workflows/prompts/impl.md': 'From a file: {spec}' });
  expect(await stage.call('run', 'flow', '--spec', 'spec.md')).toMatchObject({ code: 0 });
  expect((await stage.call('diff')).stdout).toContain('+From a file: Build a till.');
});

test('workflows of Gump are read where pawl has none of the name, with a hint', async () => {
  const stage = openStage();
  stage.write({
    '.gump/workflows/old.yaml': flow('old'),
    '.gump/workflows/both.yaml': flow('gumps'),
    '.pawl/workflows/both.yaml': flow('ours'),
  });
  const hint =
    'note: .gump/workflows/old.yaml is read because there is no .pawl/workflows/old.yaml; to keep it for pawl: git mv .gump/workflows/old.yaml .pawl/workflows/old.yaml\n';
  const { code, stderr } = await stage.call('run', 'old', '--spec', 'spec.md');
  expect(code).toBe(0);
  expect(stderr).toContain(hint);
  expect((await stage.call('workflows', 'check', 'old')).stderr).toContain(hint);
  expect((await stage.call('workflows', 'show', 'both')).stdout).toContain('name: ours');
  expect((await stage.call('workflows')).stdout).toContain('What old does. (.gump/workflows/old.yaml)');
});

test('a user has workflows for all repositories: behind those of the repository, before the built-in ones', async () => {
  const stage = openStage();
  stage.write({
    '../pawl-home/workflows/mine.yaml': flow('mine'),
    '../pawl-home/workflows/tdd.yaml': flow('my tdd'),
    '../pawl-home/workflows/both.yaml': flow('of the user'),
    '../pawl-home/validators/strict.yaml': flow('strict'),
    '../user-home/.gump/workflows/old.yaml': flow('old'),
    '.gump/workflows/both.yaml': flow('of the repository'),
  });
  const { workflows } = JSON.parse((await stage.call('workflows', '--json')).stdout);
  const fileOf = (name: string) => workflows.find((one: { name: string }) => one.name === name)?.file;
  expect(fileOf('mine')).toBe(`${stage.home}/workflows/mine.yaml`);
  expect(fileOf('validators/strict')).toBe(`${stage.home}/validators/strict.yaml`);
  expect((await stage.call('workflows', 'show', 'tdd')).stdout).toContain('name: my tdd');
  expect((await stage.call('workflows', 'show', 'both')).stdout).toContain('name: of the repository');
  const { code, stderr } = await stage.call('run', 'old', '--spec', 'spec.md');
  expect(code, stderr).toBe(0);
  const [from, to] = [`${stage.folder}/user-home/.gump`, stage.home].map((folder) => `${folder}/workflows/old.yaml`);
  expect(stderr).toContain(`to keep it for pawl: mv ${from} ${to}\n`);
});

test('outside a repository the built-in ones and files are known', async () => {
  const stage = openStage();
  const { main } = await import('../src/main.ts');
  stage.write({ '../user-home/x.yaml': flow('x') });
  const call = async (...args: string[]) => {
    const out: string[] = [];
    const error: string[] = [];
    const streams = {
      stdout: { write: (text: string) => out.push(text) },
      stderr: { write: (text: string) => error.push(text) },
    };
    const code = await main(args, { cwd: `${stage.folder}/user-home`, env: stage.env, ...streams });
    return { code, stdout: out.join(''), stderr: error.join('') };
  };
  expect((await call('workflows')).stdout).toContain('tdd');
  expect(await call('workflows', 'show', 'simple')).toMatchObject({ code: 0 });
  expect(await call('workflows', 'check', 'x.yaml')).toMatchObject({ code: 0 });
  expect(await call('workflows', 'show', 'nope')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('this is no repository'),
  });
});

test('--dry-run shows the plan; nothing is made, no agent called', async () => {
  const stage = openStage();
  stage.write({
    '.pawl/config.yaml':
      'agents: { claude-opus: { provider: script, options: { command: ["sh", "-c", "touch /called"] } } }\n',
  });
  const before = JSON.stringify(stage.git('for-each-ref'));
  const { code, stdout, stderr } = await stage.call('run', 'freeform', '--spec', 'spec.md', '--dry-run');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(
    '1. work  code, agent claude-opus, access edit\n   guard: at most 80 turns\n   gates: compile\n',
  );
  const plan = JSON.parse((await stage.call('run', 'freeform', '--spec', 'spec.md', '--dry-run', '--json')).stdout);
  expect(plan).toMatchObject({ planVersion: 1, spec: { source: 'spec.md' }, workflow: { name: 'freeform' } });
  expect(JSON.stringify(stage.git('for-each-ref'))).toBe(before);
  expect(stage.git('worktree', 'list').split('\n')).toHaveLength(1);
  expect((await stage.call('list')).stderr).toContain('no runs yet');
});
