import { describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

const flow = (conflict: string) => `name: flow
steps:
  - name: plan
    type: split
    parallel: true
    on_conflict: ${conflict}
    agent: planner
    each:
      - { name: work, type: code, agent: worker, prompt: "{task.description}", gate: ["bash: test -s list.txt"] }
`;
const agents = {
  planner: `cat > /dev/null; echo '[{"name":"a","description":"add apples"},{"name":"b","description":"add bananas"}]'`,
  worker: `fruit=$(sed -n 's/.*add \\([a-z]*\\).*/\\1/p' | head -1); echo "$fruit" >> list.txt`,
};

function stageOf(resolver: string): Stage {
  const stage = openStage();
  stage.agents({ ...agents, resolver });
  stage.write({ 'list.txt': 'fruit\n' });
  stage.commit('List');
  return stage;
}

const run = (stage: Stage, conflict: string, ...args: string[]) => {
  stage.write({ '.pawl/workflows/flow.yaml': flow(conflict) });
  return stage.call('run', 'flow', '--spec', 'spec.md', ...args);
};

describe('two lanes that conflict', () => {
  test('go to the agent of on_conflict, which mends the lane: both are in the result, one commit a step', async () => {
    // Forgets a mark at first: the gate sends it back.
    const stage = stageOf(`cat > prompt-$PAWL_ATTEMPT.log
      if [ "$PAWL_ATTEMPT" = 1 ]; then sed -i '/^=======$/d' list.txt; else sed -i '/^[<>]/d' list.txt; fi
      cp prompt-$PAWL_ATTEMPT.log ${'$'}{0%/*}/ && rm prompt-*.log`);
    const { code, stderr } = await run(stage, '{ agent: resolver }');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('≠ plan/b conflicts with what was merged before it in list.txt');
    expect(stderr).toMatch(/✗ .*conflict_marks/);
    expect(stderr).toContain('plan/b/on_conflict · resolver · attempt 2');
    expect((await stage.call('apply')).code).toBe(0);
    expect(stage.read('list.txt')).toBe('fruit\napples\nbananas\n');
    expect(stage.git('log', '--format=%s', '-2', '--reverse').split('\n')).toEqual(['work: a', 'work: b']);
    const { stdout: report } = await stage.call('report', '--json');
    expect(report).toContain('"plan/b/on_conflict"');
  });

  test('that it cannot mend stop the run with both lanes kept; a resume asks it again, and nobody else', async () => {
    const stage = stageOf(`cat > /dev/null; echo "$PAWL_STEP" >> "${'$'}{0%/*}/asked"
      [ ! -e "${'$'}{0%/*}/wiser" ] || sed -i '/^[<>=]/d' list.txt`);
    const { code, stderr } = await run(stage, '{ agent: resolver, attempts: 1 }');
    expect(code).toBe(1);
    expect(stderr).toMatch(/lane plan\/b conflicts [^\n]* and it was not\s+resolved/);
    const branches = stage.git('branch', '--format=%(refname:short)', '--list', 'pawl/*').split('\n');
    const contents = branches.map((branch) => stage.git('show', `${branch}:list.txt`));
    expect(contents.toSorted()).toEqual(['fruit\napples', 'fruit\nbananas']);
    stage.write({ '../agents/wiser': '' });
    const resumed = await stage.call('resume');
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(resumed.stderr).not.toContain('worker');
    expect((await stage.call('apply')).code).toBe(0);
    expect(stage.read('list.txt')).toBe('fruit\napples\nbananas\n');
    expect(stage.read('../agents/asked')).toBe('plan/b/on_conflict\nplan/b/on_conflict\n');
  });

  test('in a dry run: who gets them is told, and counts in what it may cost', async () => {
    const stage = stageOf('true');
    const { stdout, stderr } = await run(stage, '{ agent: resolver, guard: { max_budget: 2 } }', '--dry-run');
    expect(stdout + stderr).toMatch(/conflict: goes to resolver, under the gates of its lane, at most 2 attempts/);
  });
});
