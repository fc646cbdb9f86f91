import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { isRunning, openStage, type Stage, start, until } from './stage.ts';

/** The machine's troubles: each ends in a named error, and the run can go on when it is over. */
const flow = `name: flow
steps:
  - { name: first, type: code, agent: quick, prompt: a, gate: ["bash: 'true'"] }
  - { name: second, type: code, agent: slow, prompt: b, gate: ["bash: test -f out.txt"] }
`;

/** The second agent waits until `go` stands beside the repository. */
function openShop(env: NodeJS.ProcessEnv = {}): Stage {
  const stage = openStage({ env });
  stage.agents({
    quick: 'cat > /dev/null; echo x > first.txt',
    slow: `cat > /dev/null; echo $$ > ${stage.folder}/pid; touch ${stage.folder}/there
      while [ ! -f ${stage.folder}/go ]; do sleep 0.05; done; echo done > out.txt`,
  });
  stage.write({ '.pawl/workflows/flow.yaml': flow });
  stage.commit('Flow');
  return stage;
}

const go = (stage: Stage): void => stage.write({ '../go': '' });
const there = (stage: Stage) => until('the agent', () => existsSync(join(stage.folder, 'there')));

test('a database that another process holds locked: the run stops by name, its agent ends, and it goes on afterwards', async () => {
  const stage = openShop();
  const pawl = stage.start('run', 'flow', '--spec', 'spec.md');
  await there(stage);
  const database = new DatabaseSync(join(stage.home, 'pawl.db'));
  database.exec('BEGIN EXCLUSIVE');
  go(stage);
  const { code, stderr } = await pawl.ended;
  expect(code, stderr).toBe(5);
  expect(stderr).toMatch(/its record cannot be written: .*locked/i);
  expect(isRunning(Number(readFileSync(join(stage.folder, 'pid'), 'utf8')))).toBe(false);
  database.exec('ROLLBACK');
  database.close();
  expect((await stage.call('list')).stdout).toContain('interrupted');
  const resumed = await stage.call('resume');
  expect(resumed.code, resumed.stderr).toBe(0);
});

test('a home that is no folder: nothing begins', async () => {
  const stage = openStage();
  stage.agents({ 'claude-opus': 'cat > /dev/null' });
  stage.write({ '../file': '' });
  const spoilt = { ...stage.env, PAWL_HOME: join(stage.folder, 'file/home') };
  const entry = join(import.meta.dirname, '../src/main.ts');
  const args = ['--conditions=@pawl/source', entry, 'run', 'freeform', '--spec', 'spec.md'];
  const { code, stderr } = await start(process.execPath, args, stage.repository, spoilt).ended;
  expect(code, stderr).toBe(5);
  expect(stderr).not.toContain('an error of pawl itself');
  expect(stderr).toContain(join(stage.folder, 'file/home'));
});

test('a clock that jumps back an hour on the way: the run passes, and no duration is below zero', async () => {
  const stage = openShop();
  stage.write({
    '../clock.mjs': `const real = Date.now; let calls = 0;
      Date.now = () => real() - (++calls > 12 ? 3_600_000 : 0);`,
  });
  go(stage);
  const env = { ...stage.env, NODE_OPTIONS: `--import ${join(stage.folder, 'clock.mjs')}` };
  const entry = join(import.meta.dirname, '../src/main.ts');
  const args = ['--conditions=@pawl/source', entry, 'run', 'flow', '--spec', 'spec.md'];
  const { code, stderr } = await start(process.execPath, args, stage.repository, env).ended;
  expect(code, stderr).toBe(0);
  expect(stderr).not.toMatch(/-\d+(\.\d+)?\s?(ms|s|m|h)\b/);
  const report = await stage.call('report', '--json');
  for (const [, ms] of report.stdout.matchAll(/"\w*Ms":(-?[\d.]+)/g)) expect(Number(ms)).toBeGreaterThanOrEqual(0);
});

/** A small file system of its own, where the system lets everybody make one. */
const canMount = spawnSync('unshare', ['-Urm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

test.skipIf(!canMount)(
  'a home that cannot be written: nothing begins, a run that lies there cannot go on, and both say why; mended it goes on',
  async () => {
    const stage = openShop();
    stage.agents({ quick: 'cat > /dev/null; echo x > first.txt', slow: 'cat > /dev/null; echo done > out.txt' });
    stage.write({ '.pawl/workflows/flow.yaml': flow.replace('test -f out.txt', `test -f ${stage.folder}/go`) });
    expect(await stage.call('run', 'flow', '--spec', 'spec.md')).toMatchObject({ code: 1 });
    go(stage);
    const pawl = `${process.execPath} --conditions=@pawl/source ${join(import.meta.dirname, '../src/main.ts')}`;
    const script = `mount --bind ${stage.home} ${stage.home} && mount -o remount,bind,ro ${stage.home} || exit 99
    ${pawl} run flow --spec spec.md; echo "run $?"
    ${pawl} resume; echo "resume $?"`;
    const { stdout, stderr } = await start('unshare', ['-Urm', 'sh', '-c', script], stage.repository, stage.env).ended;
    expect(stdout, stderr).toContain('run 5\nresume 5\n');
    expect(stderr).not.toContain('an error of pawl itself');
    expect(stderr.match(/cannot be written|read-only/g)?.length, stderr).toBeGreaterThanOrEqual(2);
    const resumed = await stage.call('resume');
    expect(resumed.code, resumed.stderr).toBe(0);
  },
  90_000,
);

test.skipIf(!canMount)(
  'a full disk: the run stops by name, and goes on when there is room',
  async () => {
    const stage = openShop();
    stage.agents({
      quick: `cat > /dev/null; echo x > first.txt`,
      slow: `cat > /dev/null; [ -f ${stage.folder}/go ] || head -c 99000000 /dev/zero > ${stage.home}/filler; echo done > out.txt`,
    });
    const pawl = `${process.execPath} --conditions=@pawl/source ${join(import.meta.dirname, '../src/main.ts')}`;
    const script = `mkdir -p ${stage.home} && mount -t tmpfs -o size=6m none ${stage.home} || exit 99
    ${pawl} run flow --spec spec.md; echo "first $?"
    rm -f ${stage.home}/filler; touch ${stage.folder}/go; mount -o remount,size=100m ${stage.home}
    if ${pawl} list | grep -q .; then ${pawl} resume; else ${pawl} run flow --spec spec.md; fi; echo "second $?"`;
    const { stdout, stderr } = await start('unshare', ['-Urm', 'sh', '-c', script], stage.repository, stage.env).ended;
    expect(stdout, stderr).toMatch(/first [15]\n/);
    expect(stderr).not.toContain('an error of pawl itself');
    expect(stderr).toMatch(/space|full/i);
    expect(stdout, stderr).toContain('second 0');
  },
  90_000,
);
