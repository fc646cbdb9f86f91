import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { contentOf, openStage, type Stage } from './stage.ts';

const write = { 'claude-opus': 'cat > /dev/null; echo till > till.txt' };
const compile = 'commands: { compile: "test -f till.txt" }\n';
const run = (stage: Stage, spec = 'spec.md') => stage.call('run', 'freeform', '--spec', spec);

test('a clean checkout is not spoken of; a dirty one is, and its changes are not part of the run', async () => {
  const stage = openStage();
  stage.agents(write, compile);
  stage.commit();
  expect((await run(stage)).stderr).not.toContain('note:');
  stage.write({ 'README.md': '# mine\n' });
  const { code, stderr } = await run(stage);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(
    'note: the run starts from the last commit of main; what is not committed is not part of it\n',
  );
  expect((await stage.call('diff')).stdout).not.toContain('mine');
  expect(stage.read('README.md')).toBe('# mine\n');
});

test('a specification that is not committed, or lies elsewhere', async () => {
  const stage = openStage();
  stage.agents(write, compile);
  stage.write({ 'new spec.md': 'Something new.\n' });
  writeFileSync(join(stage.folder, 'outside.md'), '\uFEFFFrom outside.\n');
  expect(await run(stage, 'new spec.md')).toMatchObject({ code: 0 });
  expect(await run(stage, join(stage.folder, 'outside.md'))).toMatchObject({ code: 0 });
  const { runs } = JSON.parse((await stage.call('list', '--json')).stdout);
  expect(runs.map(({ spec }: { spec: string }) => spec)).toEqual([join(stage.folder, 'outside.md'), 'new spec.md']);
});

test('a subdirectory as the current folder', async () => {
  const stage = openStage({ cwd: 'tools/inner' });
  stage.agents(write, compile);
  stage.write({
    'tools/inner/local.md': 'Here.\n',
    '.pawl/workflows/own.yaml': 'name: own\nsteps: [{ name: look, gate: ["bash: test -f README.md"] }]\n',
  });
  expect(await run(stage, 'local.md')).toMatchObject({ code: 0 });
  expect(await stage.call('run', 'own', '--spec', 'local.md')).toMatchObject({ code: 0 });
  expect((await stage.call('list')).stdout.trim().split('\n')).toHaveLength(2);
  const { id } = JSON.parse((await stage.call('list', '--json')).stdout).runs[1];
  expect(await stage.call('apply', id)).toMatchObject({ code: 0 });
  expect(stage.read('till.txt')).toBe('till\n');
});

test('a detached HEAD: runs, and is told how to apply', async () => {
  const stage = openStage();
  stage.agents(write, compile);
  stage.commit();
  stage.git('checkout', '--quiet', '--detach');
  const { code, stderr } = await run(stage);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('base detached@');
  expect(await stage.call('apply')).toMatchObject({ code: 1, stderr: expect.stringContaining('git switch') });
  stage.git('switch', '--quiet', 'main');
  expect(await stage.call('apply')).toMatchObject({ code: 0 });
});

test('names with spaces, quotes and letters of other alphabets', async () => {
  const stage = openStage({ name: "Ada's Größe 店 -x" });
  stage.agents(
    {
      'claude-opus':
        'cat > /dev/null; mkdir -p "ein Ordner"; echo 1 > "ein Ordner/Übersicht 店.txt"; echo 2 > "-x"; echo till > till.txt',
    },
    compile,
  );
  stage.write({ 'Wünsche für 店.md': 'Größe\n' });
  const { code, stderr } = await run(stage, 'Wünsche für 店.md');
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('spec Wünsche für 店.md');
  const stat = (await stage.call('diff', '--stat')).stdout;
  expect(stat).toContain('added     ein Ordner/Übersicht 店.txt  +1 -0\n');
  expect(stat).toMatch(/^added {5}-x {27}\+1 -0$/m);
  expect(await stage.call('apply')).toMatchObject({ code: 0 });
  expect(stage.read('ein Ordner/Übersicht 店.txt')).toBe('1\n');
  expect((await stage.call('report')).stdout).toContain('spec      Wünsche für 店.md');
});

test('a repository with a submodule', async () => {
  const stage = openStage();
  const library = join(stage.folder, 'library');
  mkdirSync(library);
  writeFileSync(join(library, 'lib.txt'), 'lib\n');
  stage.git('-C', library, 'init', '--quiet', '--initial-branch=main');
  stage.git('-C', library, 'add', '--all');
  stage.git('-C', library, 'commit', '--quiet', '--message=lib');
  stage.git('submodule', '--quiet', 'add', library, 'vendor/library');
  stage.agents(write, compile);
  stage.commit();
  const before = contentOf(join(stage.repository, 'vendor'));
  const { code, stderr } = await run(stage);
  expect(code, stderr).toBe(0);
  expect(await stage.call('apply')).toMatchObject({ code: 0 });
  expect(stage.git('status', '--porcelain')).toBe('');
  expect(contentOf(join(stage.repository, 'vendor'))).toEqual(before);
});

test('without an identity of git, commits are made in the name of pawl', async () => {
  const stage = openStage();
  stage.agents(write, compile);
  expect(await run(stage)).toMatchObject({ code: 0 });
  expect(await stage.call('apply')).toMatchObject({ code: 0 });
  expect(stage.git('log', '-1', '--format=%an')).toBe('pawl');
});

test('a worktree that git made is a repository like any other', async () => {
  const stage = openStage();
  stage.agents(write, compile);
  stage.commit();
  const other = join(stage.folder, 'other');
  stage.git('worktree', 'add', '--quiet', '-b', 'topic', other);
  const inOther = ['-C', other] as const;
  expect(await run(stage)).toMatchObject({ code: 0 });
  expect(stage.git(...inOther, 'status', '--porcelain')).toBe('');
  expect(existsSync(join(other, 'till.txt'))).toBe(false);
});
