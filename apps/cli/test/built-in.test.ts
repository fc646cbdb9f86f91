import { expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

const names = [
  'bugfix',
  'cheap2sota',
  'freeform',
  'implement-spec',
  'migrate',
  'parallel-tasks',
  'refactor',
  'review',
  'simple',
  'tdd',
] as const;

/** Their lines come in another order each time. */
const sideBySide: ReadonlySet<string> = new Set(['implement-spec', 'migrate', 'parallel-tasks', 'review']);

/**
 * One script for every agent: its step's path says what is to be done. The tasks `alpha` and `beta` each have a file and
 * a test of the same content; the first attempt at `beta` is wrong, and so is what the reviewer sees first.
 */
const agent = `cat > /dev/null
task=$(echo "$PAWL_STEP" | cut -d/ -f2)
mkdir -p src test
case $PAWL_STEP in
  */gate/*/review)
    if [ "$(cat "src/$task")" = "$task!" ]; then echo '{"pass": true, "comments": "As it should be."}'
    else echo "{\\"pass\\": false, \\"comments\\": \\"$task is not what the specification says.\\"}"; fi ;;
  reviews/*) echo "Nothing to say about $task." ;;
  verdict) echo '{"pass": true, "comments": "Three reviewers found nothing."}' ;;
  analyse | decompose | plan | survey)
    echo '[{"name":"alpha","description":"Make alpha.","files":["src/alpha","test/alpha.test"]},
      {"name":"beta","description":"Make beta.","files":["src/beta","test/beta.test"]}]' ;;
  */red | */reproduce) echo "$task!" > "test/$task.test" ;;
  finish/*)
    # The first round mends nothing.
    if [ -e src/round ]; then for file in test/*.test; do cp "$file" "src/$(basename "$file" .test)"; done
    else echo 1 > src/round; fi ;;
  work) echo "done" > src/whole ;;
  *)
    [ -e "test/$task.test" ] || echo "$task!" > "test/$task.test"
    if [ "$task $PAWL_ATTEMPT" = "beta 1" ]; then echo "almost" > "src/$task"; else echo "$task!" > "src/$task"; fi ;;
esac
echo '{"type":"usage","inputTokens":1000,"outputTokens":100,"costUsd":0.01,"turns":1}'
`;

const runTests = `status=0; n=0
for file in test/*.test; do
  [ -e "$file" ] || continue
  n=$((n + 1)); name=$(basename "$file" .test)
  if [ "$(cat "src/$name" 2>/dev/null)" = "$(cat "$file")" ]; then echo "ok $n - $name"; else echo "not ok $n - $name"; status=1; fi
done
echo "# tests $n"
exit $status
`;

function openProject(): Stage {
  const stage = openStage({ env: { COLUMNS: '130' } });
  stage.write({ 'test/run.sh': runTests, 'ARCHITECTURE.md': '# Files\n' });
  const agents = ['claude-opus', 'claude-sonnet', 'claude-haiku', 'qwen'];
  stage.agents(
    Object.fromEntries(agents.map((name) => [name, agent])),
    'commands: { compile: "true", lint: "true", test: "sh test/run.sh" }\nmax_parallel: 2\n',
  );
  stage.commit('A project with tests');
  return stage;
}

/** Without what differs from run to run: ids, commits, times, places. */
const steady = (text: string, stage: Stage): string =>
  text
    .replaceAll(stage.folder, '/home/ada')
    .replace(/\d{6}-\d{4}-[a-z0-9]{4}/g, '261120-1105-abcd')
    .replace(/main@[0-9a-f]{8}/g, 'main@c0000000')
    .replace(/(shop-)[0-9a-f]{12}/g, '$1a1b2c3d4e5f6')
    .replace(/ \d+(\.\d+)?(ms|s)\b( ·)?/g, ' TIME$3')
    // Quick gates tell no time.
    .replace(/^( {2}[✓✗] .*?) TIME( ·)?/gm, '$1');

const sorted = (text: string): string =>
  `${text
    .split('\n')
    .filter((line) => line !== '')
    .sort()
    .join('\n')}\n`;

test.each(names)('%s', async (name) => {
  const stage = openProject();
  const planned = await stage.call('run', name, '--spec', 'spec.md', '--dry-run');
  expect(planned.code, planned.stderr).toBe(0);
  const ended = await stage.call('run', name, '--spec', 'spec.md');
  expect(ended.code, ended.stderr).toBe(0);
  const told = steady(ended.stderr, stage);
  const files = name === 'review' ? 'nothing\n' : (await stage.call('diff', '--stat')).stdout;
  const text = [
    `$ pawl run ${name} --spec spec.md --dry-run\n${steady(planned.stdout, stage)}`,
    `$ pawl run ${name} --spec spec.md${sideBySide.has(name) ? ' 2>&1 | sort' : ''}`,
    sideBySide.has(name) ? sorted(told) : told,
    `$ pawl diff --stat\n${files}`,
  ].join('\n');
  await expect(text).toMatchFileSnapshot(`golden/built-in/${name}.txt`);
  const broken = /error of pawl|internal/.exec(ended.stderr);
  expect(broken).toBe(null);
});

test('arch-review, run alone: its verdict is the end of the run', async () => {
  const stage = openProject();
  const run = () =>
    stage.call('run', 'validators/arch-review', '--spec', 'spec.md', '--set', 'diff=+one', '--set', 'task=tills');
  stage.agents({
    'claude-opus': `cat > told; grep -q 'The task: tills' told && grep -q '+one' told && rm told && echo '{"pass": true}'`,
  });
  expect(await run()).toMatchObject({ code: 0 });
  stage.agents({ 'claude-opus': `cat > /dev/null; echo '{"pass": false, "comments": "It crosses a boundary."}'` });
  const refused = await run();
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('It crosses a boundary.');
});

test('every built-in one is here', async () => {
  const stage = openStage();
  const { workflows } = JSON.parse((await stage.call('workflows', '--json')).stdout);
  const known = workflows.map(({ name }: { readonly name: string }) => name);
  expect(known).toEqual([...names, 'validators/arch-review']);
});
