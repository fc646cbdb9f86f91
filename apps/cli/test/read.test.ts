import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stage, stageIn } from './stage.ts';
import { prepareTdd } from './tdd.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-cli-')));
let stage: Stage;
let passed: string;
let failed: string;

beforeAll(async () => {
  stage = stageIn(folder, {});
  prepareTdd(stage);
  await stage.call('run', 'tdd', '--spec', 'spec.md');
  stage.write({
    '.pawl/workflows/bad.yaml':
      'name: bad\nsteps: [{ name: look, gate: ["bash: echo \'the \\u001b[31mreason\'; false"] }]\n',
  });
  await stage.call('run', 'bad', '--spec', 'spec.md');
  const { runs } = JSON.parse((await stage.call('list', '--json')).stdout);
  [failed, passed] = runs.map(({ id }: { id: string }) => id);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('list: newest first, as text and as data', async () => {
  const { stdout } = await stage.call('list');
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(
    new RegExp(`^✗ ${failed} {2}2\\d{3}-\\d\\d-\\d\\d \\d\\d:\\d\\d {2}failed {2}\\S+ +bad {2}spec\\.md$`),
  );
  expect(lines[1]).toMatch(new RegExp(`^✓ ${passed} .* passed .* tdd {2}spec\\.md$`));
  expect((await stage.call('list', '--limit', '1')).stdout.trimEnd().split('\n')).toHaveLength(1);
  expect((await stage.call('list', '--all')).stdout).toContain(stage.repository);
  const { version, runs } = JSON.parse((await stage.call('list', '--json')).stdout);
  expect(version).toBe(1);
  expect(runs[1]).toMatchObject({
    id: passed,
    status: 'passed',
    workflow: 'tdd',
    repository: stage.repository,
    spec: 'spec.md',
  });
});

test('list --tag: the runs that were given it, each tag once; what is no word is no tag', async () => {
  const tagged = await stage.call(
    'run',
    'bad',
    '--spec',
    'spec.md',
    '--tag',
    'nightly',
    '--tag',
    'v1.2',
    '--tag',
    'v1.2',
  );
  expect(tagged.code).toBe(1);
  const { runs } = JSON.parse((await stage.call('list', '--tag', 'v1.2', '--json')).stdout);
  expect(runs).toMatchObject([{ workflow: 'bad', tags: ['nightly', 'v1.2'] }]);
  expect(await stage.call('list', '--tag', 'other')).toMatchObject({
    stdout: '',
    stderr: 'no run has the tag other\n',
  });
  for (const odd of ['', ' x', '-x', 'a b', '\u001b[31m', 'x'.repeat(65)])
    expect([odd, (await stage.call('run', 'bad', '--spec', 'spec.md', `--tag=${odd}`)).code]).toEqual([odd, 2]);
  const again = await stage.call('replay', runs[0].id, '--from-step', 'look', '--json');
  expect(again.stdout).toContain('"tags":["nightly","v1.2"]');
});

test('list names a long specification whole, for there is no terminal to fit into', async () => {
  const spec = `${'deep/'.repeat(30)}spec.md`;
  stage.write({ [spec]: 'x\n' });
  await stage.call('run', 'bad', '--spec', spec);
  expect((await stage.call('list', '--limit', '1')).stdout).toContain(spec);
  Object.assign(stage.env, { COLUMNS: '80' });
  const { stdout } = await stage.call('list', '--limit', '1');
  delete stage.env.COLUMNS;
  expect(stdout.trimEnd().length).toBeLessThanOrEqual(80);
});

test('status: the newest run, or the named one', async () => {
  expect((await stage.call('status', failed)).stdout).toMatch(
    new RegExp(`^run ${failed}\\n✗ look {2}.*\\n✗ failed · bad · .*\\n$`),
  );
  const { stdout } = await stage.call('status', passed);
  expect(stdout).toContain('✓ hard/green  claude-sonnet  attempt 4');
  expect(stdout).toMatch(/\n✓ passed · tdd · .*\n$/);
  expect(JSON.parse((await stage.call('status', passed, '--json')).stdout)).toMatchObject({
    version: 1,
    run: passed,
    status: 'passed',
  });
});

describe('report', () => {
  test('text, markdown and data', async () => {
    const text = await stage.call('report', passed);
    expect(text.stdout).toMatch(/^✓ passed · tdd · .* · \$0\.06 · 18\.1k tokens\n/);
    expect(text.stdout).toContain('attempts  12, 4 retries, 1 escalation');
    expect((await stage.call('report', passed, '--format', 'markdown')).stdout).toMatch(/^# ✓ tdd: passed\n/);
    const data = JSON.parse((await stage.call('report', passed, '--format', 'json')).stdout);
    expect(data).toMatchObject({ version: 1, run: passed, status: 'passed' });
    expect((await stage.call('report', passed, '--json')).stdout).toBe(
      (await stage.call('report', passed, '--format', 'json')).stdout,
    );
  });

  test('where there is no terminal the path of the worktree is whole, so that it can be copied', async () => {
    const { worktree } = JSON.parse((await stage.call('report', passed, '--json')).stdout);
    expect(worktree.length).toBeGreaterThan(70);
    expect((await stage.call('report', passed)).stdout).toContain(`\nworktree  ${worktree}`);
  });

  test('a failed run says why, and nothing of a gate acts on the terminal', async () => {
    const { stdout } = await stage.call('report', failed);
    expect(stdout).toMatch(/^✗ failed · bad · /);
    expect(stdout).toContain('look: gate failed: bash_0');
    expect(stdout).toContain('the reason');
    expect(stdout).not.toContain('\u001b');
  });

  test('--detail by the end of a path, with where its files are', async () => {
    const { stdout } = await stage.call('report', passed, '--detail', 'middle/green');
    expect(stdout).toMatch(/^✓ decompose\/middle\/green\n/);
    expect(stdout).toContain('✗ attempt 1, claude-haiku');
    expect(stdout).toContain('not ok 2 - middle');
    expect(stdout).toContain(`\n\nfolders are in ${join(stage.home, 'runs', passed)}\n`);
    const data = JSON.parse((await stage.call('report', passed, '--detail', 'quality', '--json')).stdout);
    expect(data).toMatchObject({ version: 1, run: passed, step: { path: 'quality', status: 'passed' } });
  });

  test('a step that is not there, or not clear', async () => {
    const several = await stage.call('report', passed, '--detail', 'green');
    expect(several).toMatchObject({ code: 2, stdout: '' });
    expect(several.stderr).toBe(
      `pawl: green is the end of several steps: decompose/easy/green, decompose/middle/green, decompose/hard/green\n  try: pawl report ${passed} --detail decompose/easy/green\n`,
    );
    const none = await stage.call('report', passed, '--detail', 'gren');
    expect(none.stderr).toContain(`run ${passed} has no step gren; it has decompose, `);
    expect(JSON.parse((await stage.call('report', passed, '--detail', 'green', '--json')).stdout).error).toMatchObject({
      code: 'ambiguous-step',
      candidates: ['decompose/easy/green', 'decompose/middle/green', 'decompose/hard/green'],
    });
  });
});

test('ids: short ones where unique, a list where not, a hint where none', async () => {
  const unique = [...failed].findIndex((letter, index) => letter !== passed[index]);
  const short = passed.slice(0, unique + 1);
  expect((await stage.call('report', short, '--json')).stdout).toContain(passed);
  const several = await stage.call('report', passed.slice(0, 3));
  expect(several).toMatchObject({ code: 2 });
  expect(several.stderr).toMatch(/^pawl: several runs begin with \S+: .*\n {2}try: give more of the id\n$/);
  expect(several.stderr).toContain(passed);
  expect(await stage.call('diff', 'zzz')).toMatchObject({
    code: 2,
    stderr: 'pawl: no run is named zzz\n  try: pawl list --all\n',
  });
});

describe('diff', () => {
  test('a patch that git applies', async () => {
    const { stdout, stderr } = await stage.call('diff', passed);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^diff --git a\/src\/easy b\/src\/easy\nnew file mode 100644\n/);
    stage.write({ '../run.patch': stdout });
    stage.git('apply', '--check', '../run.patch');
  });

  test('files and counts, data, and nothing', async () => {
    expect((await stage.call('diff', passed, '--stat')).stdout).toMatch(
      /^added {5}src\/easy {10}\+1 -0\n(.*\n){5}6 files, \+6 -0\n$/,
    );
    const data = JSON.parse((await stage.call('diff', passed, '--json')).stdout);
    expect(data).toMatchObject({ version: 1, run: passed, insertions: 6 });
    expect(await stage.call('diff', failed)).toMatchObject({
      code: 0,
      stdout: '',
      stderr: `run ${failed} has changed nothing so far\n`,
    });
  });
});

test('everything is there without a repository when the run is named', async () => {
  const elsewhere = { ...stage.env, GIT_CEILING_DIRECTORIES: folder };
  const { main } = await import('../src/main.ts');
  const out: string[] = [];
  const sink = { write: (text: string) => out.push(text) };
  const cwd = join(folder, 'user-home');
  for (const args of [
    ['report', passed],
    ['status', passed],
    ['diff', passed, '--stat'],
    ['list', '--all'],
    ['workflows'],
    ['agents'],
  ])
    expect(await main(args, { cwd, env: elsewhere, stdout: sink, stderr: sink }), out.join('')).toBe(0);
  expect(await main(['list'], { cwd, env: elsewhere, stdout: sink, stderr: sink })).toBe(5);
});
