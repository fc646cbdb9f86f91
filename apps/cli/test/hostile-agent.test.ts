import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStage, type Stage, until } from './stage.ts';

const flow = `name: flow
steps:
  - { name: work, type: code, agent: evil, prompt: a, gate: ["bash: sh gate.sh"] }
`;

/** What an agent does to git's own files; `$GIT` is the user's git folder, `$OUT` a file that nothing may make. */
function openAttacked(attack: string, gate = 'true'): { readonly stage: Stage; readonly out: string } {
  const stage = openStage();
  const out = join(stage.folder, 'planted-ran');
  const git = join(stage.repository, '.git');
  stage.agents({
    evil: `cat > /dev/null; GIT=${git}; OUT=${out};
      echo work > work.txt; printf '%s\\n' ${JSON.stringify(gate)} > gate.sh
      [ -f ${stage.folder}/done ] || { touch ${stage.folder}/done
      ${attack}
      }`,
  });
  stage.write({ '.pawl/workflows/flow.yaml': flow });
  stage.commit('Flow');
  return { stage, out };
}

const script = 'printf "#!/bin/sh\\necho ran >> $OUT\\n"';

test.each<[string, string, RegExp]>([
  [
    'a hook',
    `${script} > $GIT/hooks/post-checkout; chmod +x $GIT/hooks/post-checkout`,
    /The git hook \S+post-checkout is new/,
  ],
  [
    'core.fsmonitor',
    `${script} > m.sh; chmod +x m.sh; git config core.fsmonitor "$PWD/m.sh"`,
    /The git setting file \S+config has changed/,
  ],
  ['core.sshCommand', 'git config core.sshCommand "touch $OUT"', /The git setting file \S+config has changed/],
  [
    'a filter and attributes',
    'git config filter.x.clean "touch $OUT"; echo "* filter=x" > $GIT/info/attributes',
    /attributes file \S+ is new/,
  ],
  ['alternates', 'echo /nowhere > $GIT/objects/info/alternates', /where git's objects lie, \S+ is new/],
  ["the worktree's link", 'echo "gitdir: /nowhere" > .git', /link to its repository/],
])(
  '%s planted in git is noticed after the turn, stops the run, runs nothing, and keeps the work',
  async (_, attack, words) => {
    const { stage, out } = openAttacked(attack);
    const { code, stderr } = await stage.call('run', 'flow', '--spec', 'spec.md');
    expect(code, stderr).toBe(1);
    expect(stderr.replaceAll(/\n +/g, ' ')).toMatch(words);
    expect(existsSync(out)).toBe(false);
  },
);

test('planted by what a gate runs: noticed before the step passes', async () => {
  const { stage, out } = openAttacked('true', 'git config core.pager evil');
  const { code, stderr } = await stage.call('run', 'flow', '--spec', 'spec.md');
  expect(code, stderr).toBe(1);
  expect(stderr.replaceAll(/\n +/g, ' ')).toContain('config has changed');
  expect(existsSync(out)).toBe(false);
});

test('planted by an agent whose pawl died then: noticed before the run goes on, and no agent starts', async () => {
  const { stage, out } = openAttacked(`git config core.fsmonitor evil; touch "\${OUT%/*}/there"; exec sleep 300`);
  const pawl = stage.start('run', 'flow', '--spec', 'spec.md', '--json');
  await until('the agent', () => existsSync(join(stage.folder, 'there')));
  pawl.kill('SIGKILL');
  await pawl.ended;
  const { code, stderr } = await stage.call('resume');
  expect(code, stderr).toBe(1);
  expect(stderr.replaceAll(/\n +/g, ' ')).toMatch(/git-changed: The git setting file \S+config has changed/);
  expect(existsSync(out)).toBe(false);
  // Looked at, and as its owner wants it: it goes on.
  const resumed = await stage.call('resume');
  expect(resumed.code, resumed.stderr).toBe(0);
});

test('what the user does to git while a dead run lies there does not stop it', async () => {
  const { stage } = openAttacked('true');
  expect(await stage.call('run', 'flow', '--spec', 'spec.md', '--pause-after', 'work')).toMatchObject({ code: 3 });
  stage.git('config', 'alias.st', 'status');
  const approved = await stage.call('approve');
  expect(approved.code, approved.stderr).toBe(0);
});

test('looked at and mended, the run goes on; what the user does with git meanwhile does not stop it', async () => {
  const { stage } = openAttacked('git config core.sshCommand evil');
  expect(await stage.call('run', 'flow', '--spec', 'spec.md')).toMatchObject({ code: 1 });
  stage.git('config', '--unset', 'core.sshCommand');
  stage.agents({
    evil: `cat > /dev/null; echo x > work.txt; cd ${stage.repository}; git -c user.name=a -c user.email=a@a commit -q --allow-empty -m mine; git branch other`,
  });
  const { code, stderr } = await stage.call('resume');
  expect(code, stderr).toBe(0);
});

test('what stays in the worktree (attributes, nested repositories, links out, odd names) runs nothing and is carried', async () => {
  const attack = `echo "* filter=x diff=x merge=x" > .gitattributes
    git init -q nested; ${script} > nested/.git/hooks/post-checkout; echo n > nested/n.txt
    ln -s /etc/passwd out-link; echo d > ./-dash; echo A > Case.txt; echo a > case.txt
    printf a > "$(printf 'n\\303\\251.txt')"; printf b > "$(printf 'ne\\314\\201.txt')"
    i=0; while [ $i -lt 300 ]; do printf '[submodule "s%s"]\\n\\tpath = p%s\\n\\turl = ext::sh -c "touch $OUT"\\n' $i $i; i=$((i+1)); done > .gitmodules`;
  const { stage, out } = openAttacked(attack);
  const { code, stderr } = await stage.call('run', 'flow', '--spec', 'spec.md');
  expect(code, stderr).toBe(0);
  expect(existsSync(out)).toBe(false);
  const [{ id }] = JSON.parse((await stage.call('list', '--json')).stdout).runs;
  const names = stage.git('-c', 'core.quotePath=false', 'ls-tree', '--name-only', `pawl/${id}/main`).split('\n');
  expect(names).toEqual(
    expect.arrayContaining(['-dash', 'Case.txt', 'case.txt', 'n\u00e9.txt', 'ne\u0301.txt', 'out-link']),
  );
  const applied = await stage.call('apply');
  expect(applied.code, applied.stderr).toBe(0);
  expect(existsSync(out)).toBe(false);
  expect(readFileSync(join(stage.repository, '-dash'), 'utf8')).toBe('d\n');
});
