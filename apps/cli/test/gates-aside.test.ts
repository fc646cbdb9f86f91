import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStage } from './stage.ts';

/** Waits until all three have come: one after the other it would never end well. */
const meet = (folder: string, name: string) =>
  `echo . > ${folder}/met/${name}
  for round in $(seq 800); do [ $(ls ${folder}/met | wc -l) -ge 3 ] && break; sleep 0.05; done
  [ $(ls ${folder}/met | wc -l) -ge 3 ] || exit 1`;

test('two validators and a command run beside each other; what they say comes in the order of the plan', async () => {
  const stage = openStage();
  const { folder } = stage;
  mkdirSync(join(folder, 'met'));
  const critic = (name: string, verdict: string) => `cat > /dev/null
    pwd >> ${folder}/places.txt; cat new.txt left.txt >> ${folder}/seen-${name}.txt 2>&1
    ${meet(folder, name)}
    echo '${verdict}'`;
  stage.agents(
    {
      worker: 'cat > /dev/null; echo made > new.txt',
      first: critic('first', '{"pass": false, "comments": "FIRST SAYS NO"}'),
      second: critic('second', '{"pass": false, "comments": "SECOND SAYS NO"}'),
    },
    'max_parallel: 2\n',
  );
  const validator = (name: string) => `name: ${name}
steps: [{ name: look, type: validate, agent: ${name}, prompt: "Look." }]
`;
  stage.write({
    '.pawl/validators/first.yaml': validator('first'),
    '.pawl/validators/second.yaml': validator('second'),
    'tools/meet.sh': `echo left > left.txt\n${meet(folder, 'command')}\necho COMMAND SAYS NO; exit 1\n`,
    '.pawl/workflows/flow.yaml': `name: flow
steps:
  - name: work
    type: code
    agent: worker
    prompt: a
    gate:
      - validate: first
      - bash: sh tools/meet.sh
      - validate: second
`,
  });
  stage.commit();
  const { code, stdout } = await stage.call('run', 'flow', '--spec', 'spec.md', '--json');
  expect(code, stdout.slice(-2000)).toBe(1);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event ?? JSON.parse(line));
  const failed = events.find(({ type, step }) => type === 'attempt-ended' && step === 'work').failure;
  expect(failed.gates).toEqual(['first', 'bash_1', 'second']);
  expect(failed.text).toMatch(/FIRST SAYS NO[\s\S]*COMMAND SAYS NO[\s\S]*SECOND SAYS NO/);
  // Each saw the files of the step in a place of its own, and not what the command had left.
  expect(new Set(stage.read('../places.txt').trim().split('\n')).size).toBe(2);
  for (const name of ['first', 'second']) {
    expect(stage.read(`../seen-${name}.txt`)).toMatch(/^made/);
    expect(stage.read(`../seen-${name}.txt`)).not.toMatch(/^left/m);
  }
  // Their worktrees are gone, but for that of the run.
  const closed = events.filter(({ type, outcome }) => type === 'effect-settled' && outcome.kind === 'worktree-closed');
  expect(closed).toHaveLength(2);
  const places = stage.read('../places.txt').trim().split('\n');
  expect(places.filter((place) => existsSync(place))).toEqual([]);
  expect(stage.git('worktree', 'list').split('\n')).toHaveLength(2);
  expect(readdirSync(join(folder, 'met')).toSorted()).toEqual(['command', 'first', 'second']);
});
