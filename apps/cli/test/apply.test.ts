import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentOf, openStage, type Stage } from './stage.ts';

/** A run of two steps that has passed; it changes `till.txt` and `README.md`. */
async function passedRun(): Promise<Stage> {
  const stage = openStage();
  stage.agents({
    one: 'cat > /dev/null; mkdir -p .pawl/out .gump/out; echo junk > .pawl/out/x; echo junk > .gump/out/y; echo till > till.txt',
    two: 'cat > /dev/null; echo more >> README.md; echo nosy > CLAUDE.local.md',
  });
  stage.write({
    'CLAUDE.md': 'Be kind.\n',
    'AGENTS.md': 'Be brief.\n',
    '.pawl/workflows/flow.yaml': `name: flow
steps:
  - { name: first, type: code, agent: one, prompt: "{spec}", gate: ["bash: test -f till.txt"] }
  - { name: second, type: code, agent: two, prompt: "{spec}", gate: ["bash: 'true'"] }
`,
  });
  stage.commit('Prepare');
  return stage;
}

const run = (stage: Stage) => stage.call('run', 'flow', '--spec', 'spec.md');

test('a run leaves the checkout, the index, hooks, config and context files as they are, byte for byte', async () => {
  const stage = await passedRun();
  stage.write({
    '.git/hooks/post-commit': `#!/bin/sh\ntouch ${stage.folder}/hooked\n`,
    '.git/hooks/reference-transaction': `#!/bin/sh\ntouch ${stage.folder}/hooked\n`,
  });
  for (const hook of ['post-commit', 'reference-transaction'])
    chmodSync(join(stage.repository, '.git/hooks', hook), 0o755);
  stage.git('config', 'core.fsmonitor', `touch ${stage.folder}/hooked`);
  stage.write({ 'staged.txt': 'staged\n' });
  stage.git('-c', 'core.fsmonitor=false', 'add', 'staged.txt');
  stage.write({ 'untracked.txt': 'mine\n' });
  // What pawl adds beside: objects, its own refs, its worktree.
  const ours = /^\.git\/(objects|worktrees|refs\/pawl|refs\/heads\/pawl|logs)(\/|$)/;
  const before = contentOf(stage.repository, ours);
  const { code, stderr } = await run(stage);
  expect(code, stderr).toBe(0);
  expect(contentOf(stage.repository, ours)).toEqual(before);
  expect(existsSync(join(stage.folder, 'hooked'))).toBe(false);
});

test('one clean commit for each step that passed, in order, none of pawl’s files among them', async () => {
  const stage = await passedRun();
  await run(stage);
  const { code, stderr } = await stage.call('apply');
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/^✓ 2 commits of run \S+ brought to main\n$/);
  expect(stage.git('log', '--format=%s', '--name-status', '-2').split('\n').filter(Boolean)).toEqual([
    'second',
    'A\tCLAUDE.local.md',
    'M\tREADME.md',
    'first',
    'A\ttill.txt',
  ]);
  expect(stage.git('log', '-1', '--format=%(trailers)')).toMatch(
    /Pawl-Run: \S+\nPawl-Step: second\nPawl-Agent: two\nPawl-Cost: unknown/,
  );
  expect(stage.git('status', '--porcelain')).toBe('');
});

test('twice says so', async () => {
  const stage = await passedRun();
  await run(stage);
  await stage.call('apply');
  const head = stage.git('rev-parse', 'HEAD');
  const again = await stage.call('apply');
  expect(again).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/✓ run \S+ is in main already: there is nothing to do/),
  });
  const asData = JSON.parse((await stage.call('apply', '--json')).stdout);
  expect(asData).toMatchObject({ version: 1, kind: 'already-applied', commits: 0, branch: 'main', commit: head });
  expect(stage.git('rev-parse', 'HEAD')).toBe(head);
});

test('--json says where the branch is now', async () => {
  const stage = await passedRun();
  await run(stage);
  const { stdout, stderr } = await stage.call('apply', '--json');
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    ...{ version: 1, run: expect.any(String), branch: 'main', kind: 'fast-forward', commits: 2 },
    commit: stage.git('rev-parse', 'HEAD'),
    path: stage.repository,
  });
});

test('local changes in other files are kept', async () => {
  const stage = await passedRun();
  await run(stage);
  stage.write({ 'spec.md': 'Changed by me.\n', 'new.txt': 'mine\n' });
  expect(await stage.call('apply')).toMatchObject({ code: 0 });
  expect(stage.read('spec.md')).toBe('Changed by me.\n');
  expect(stage.read('new.txt')).toBe('mine\n');
  expect(stage.git('status', '--porcelain').split('\n')).toEqual([' M spec.md', '?? new.txt']);
});

test.each([
  ['changed', { 'README.md': '# mine\n' }, 'README.md'],
  ['in the way', { 'till.txt': 'mine\n' }, 'till.txt'],
])('a file of the run that is %s here is refused by name', async (_, files, named) => {
  const stage = await passedRun();
  await run(stage);
  stage.write(files);
  const before = contentOf(stage.repository, /^\.git$/);
  const { code, stderr } = await stage.call('apply');
  expect(code).toBe(1);
  expect(stderr).toContain(`pawl: The run changes files that you have changed too: ${named}. commit, stash`);
  expect(contentOf(stage.repository, /^\.git$/)).toEqual(before);
});

test('a branch that went on is merged; a conflict is left as git leaves it, with what to do', async () => {
  const stage = await passedRun();
  await run(stage);
  stage.write({ 'other.txt': 'other\n' });
  stage.commit('Meanwhile');
  const merged = await stage.call('apply');
  expect(merged).toMatchObject({ code: 0, stderr: expect.stringMatching(/2 commits of run \S+ merged into main/) });
  expect(stage.git('log', '-1', '--format=%s')).toMatch(/^Merge pawl run \S+: flow$/);

  await run(stage);
  stage.write({ 'README.md': '# something else\n' });
  stage.commit('Conflict');
  const { code, stderr } = await stage.call('apply');
  expect(code).toBe(1);
  expect(stderr).toMatch(/conflicts with your branch in README\.md: solve them, .*git merge --abort/);
  expect(await stage.call('apply')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('A merge is in progress'),
  });
});

test('what has not passed is not applied', async () => {
  const stage = await passedRun();
  await run(stage);
  const [passed] = JSON.parse((await stage.call('list', '--json')).stdout).runs;
  stage.agents({ one: 'cat > /dev/null; exit 1', two: 'true' });
  expect(await run(stage)).toMatchObject({ code: 1 });
  const [failed] = JSON.parse((await stage.call('list', '--json')).stdout).runs;
  const refused = await stage.call('apply', failed.id);
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`run ${failed.id} has not passed (failed)`),
  });
  // Without an id it is the newest that passed, and it says that another is newer.
  const { code, stderr } = await stage.call('apply');
  expect(code).toBe(0);
  expect(stderr).toContain(
    `note: the newest run, ${failed.id}, has not passed (failed); the newest that did is ${passed.id}`,
  );
});

test('a run that changed nothing, and a run of another repository', async () => {
  const stage = await passedRun();
  stage.write({ '.pawl/workflows/look.yaml': 'name: look\nsteps: [{ name: look, gate: ["bash: \'true\'"] }]\n' });
  await stage.call('run', 'look', '--spec', 'spec.md');
  expect(await stage.call('apply')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('passed without changing a file'),
  });
  const { id } = JSON.parse((await stage.call('list', '--json')).stdout).runs[0];
  const other = openStage();
  Object.assign(other.env, { PAWL_HOME: stage.home });
  expect(await other.call('apply', id)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`run ${id} belongs to ${stage.repository}`),
  });
});
