import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStage } from './stage.ts';

const flow = `name: flow
steps:
  - name: plan
    type: split
    parallel: true
    agent: planner
    each:
      - { name: work, type: code, agent: worker, prompt: a, gate: ["bash: test -f ready.txt && grep -q key .env"] }
`;

test('files that git ignores are brought in, by list and by .worktreeinclude; setup and teardown surround the work', async () => {
  const stage = openStage();
  stage.agents(
    {
      planner: `cat > /dev/null; echo '[{"name":"one","description":"one"}]'`,
      worker: 'cat > /dev/null; cat .env local/port.txt data/big.bin > work.txt; echo changed >> .env',
    },
    `setup: "cat .env > /dev/null && echo made > ready.txt"
teardown: "echo down $PWD >> ${stage.folder}/down; test ! -e ${stage.folder}/stuck"
bring_in:
  - local/port.txt
  - { path: data, how: link }
  - { path: settings.json, how: template, from: settings.template }
  - not/there.txt
`,
  );
  stage.write({
    '.gitignore': '.env\nlocal/\ndata\nsettings.*\nready.txt\n.worktreeinclude\n',
    '.worktreeinclude': '.env\n',
    '.pawl/workflows/flow.yaml': flow,
  });
  stage.commit('Flow');
  stage.write({
    '.env': 'key=1\n',
    'local/port.txt': '8080\n',
    'local/other.txt': 'no\n',
    'data/big.bin': 'big\n',
    'settings.template': '{"run": "{{run}}", "lane": "{{lane}}"}',
  });
  const { code, stderr } = await stage.call('run', 'flow', '--spec', 'spec.md');
  expect(code, stderr).toBe(0);
  const [{ id }] = JSON.parse((await stage.call('list', '--json')).stdout).runs;
  const [main = ''] = globSync(`worktrees/*/${id}/main`, { cwd: stage.home }).map((path) => join(stage.home, path));
  expect(JSON.parse(readFileSync(join(main, 'settings.json'), 'utf8'))).toEqual({ run: id, lane: 'main' });
  expect(existsSync(join(main, 'local/other.txt'))).toBe(false);
  // Nothing of it is in a commit, and the user's own file is as it was.
  expect(stage.git('ls-tree', '-r', '--name-only', `pawl/${id}/main`)).not.toMatch(/\.env|port|big|settings/);
  expect(stage.git('show', `pawl/${id}/main:work.txt`)).toBe('key=1\n8080\nbig');
  expect(stage.read('.env')).toBe('key=1\n');
  const logs = globSync(`runs/${id}/gates/*bring-in*`, { cwd: stage.home });
  expect(readFileSync(join(stage.home, logs[0] ?? ''), 'utf8')).toBe('missing not/there.txt\n');
  // The lane's worktree went with its merge, the run's own one goes with gc: each behind its teardown.
  const down = () => readFileSync(join(stage.folder, 'down'), 'utf8').trim().split('\n');
  expect(down()).toHaveLength(1);
  await stage.call('apply');
  stage.write({ '../stuck': '' });
  const kept = await stage.call('gc');
  expect(kept.stdout).toMatch(/stays .*its teardown failed \(exit code 1\)/);
  expect(existsSync(main)).toBe(true);
  const gone = await stage.call('gc', '--force');
  expect(gone.code, gone.stderr).toBe(0);
  expect(existsSync(main)).toBe(false);
  expect(down()).toHaveLength(3);
});

test('what is wrong with the list is told where it stands', async () => {
  const stage = openStage();
  stage.write({ '.pawl/config.yaml': 'bring_in:\n  - { path: a, how: move }\n' });
  const { code, stderr } = await stage.call('run', 'freeform', '--spec', 'spec.md');
  expect(code).toBe(2);
  expect(stderr).toContain('.pawl/config.yaml:2:');
  stage.write({
    '.pawl/config.yaml':
      'bring_in: ["../outside"]\nagents: { claude-opus: { provider: script, options: { command: ["true"] } } }\n',
  });
  const outside = await stage.call('run', 'freeform', '--spec', 'spec.md');
  expect(outside.code).toBe(1);
  expect(outside.stderr).toContain('bad-entry');
});
