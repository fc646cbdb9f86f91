import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openStage, type Stage, until } from './stage.ts';

const page = join(import.meta.dirname, '../../../docs/recovery.md');
const blockOf = (name: string): RegExp =>
  new RegExp(`(<!-- transcript: ${name} -->\\n\`\`\`text\\n)([\\s\\S]*?)(\`\`\`\\n<!-- /transcript -->)`);

/** What differs from run to run: ids, commits, times, places. */
const steady = (text: string): string =>
  text
    .replace(/\d{6}-\d{4}-[a-z0-9]{4}/g, 'RUN')
    .replace(/main@[0-9a-f]{8}/g, 'main@COMMIT')
    .replace(/\b[0-9a-f]{8,40}\b/g, 'COMMIT')
    .replace(/\d{4}-\d\d-\d\d( \d\d:\d\d)?/g, 'DAY')
    .replace(/\b\d+(\.\d+)? [kMG]?B\b/g, 'SIZE')
    .replace(/\b\d+(\.\d+)?(ms|s)\b( ·)?/g, 'TIME')
    .replace(/(worktree {1,2}|is back in |rm -r )\S+/g, '$1PLACE')
    .replace(/\bTIME\b/g, '')
    .replace(/ +/g, ' ')
    .replace(/ $/gm, '');

/** The page shows what the program prints. `UPDATE_DOCS=1` writes it there. */
function seeOnPage(
  name: string,
  stage: Stage,
  parts: readonly (readonly [command: string, output: string])[],
  compared: (text: string) => unknown = (text) => text,
): void {
  const printed = `${parts
    .map(([command, output]) => `$ ${command}\n${output.trimEnd()}\n`)
    .join('\n')
    .replaceAll(stage.folder, '/home/ada')
    .replace(/^( {2}\? )\S+: /gm, '$1ada: ')}`;
  const text = readFileSync(page, 'utf8');
  const block = blockOf(name);
  if (process.env.UPDATE_DOCS)
    writeFileSync(
      page,
      text.replace(block, (_, before: string, __, after: string) => before + printed + after),
    );
  const shown = block.exec(readFileSync(page, 'utf8'))?.[2] ?? '';
  expect(compared(steady(shown))).toEqual(compared(steady(printed)));
}

const flow = `name: till
steps:
  - name: plan
    type: split
    agent: planner
    each:
      - { name: build, type: code, agent: builder, prompt: "{task.description}", gate: [test] }
`;

/** A builder that cannot make the drawer before somebody has mended its machine. */
function openShop(workflow = flow): Stage {
  const stage = openStage({ env: { COLUMNS: '100' } });
  stage.agents(
    {
      planner: `cat > /dev/null
        echo '[{"name":"keys","description":"Make the keys."},{"name":"drawer","description":"Make the drawer."}]'`,
      builder: `cat > /dev/null; echo "I look at the till."
        case "$PAWL_STEP" in
          plan/drawer/*) if [ ! -e ${stage.folder}/mended ]; then
            touch ${stage.folder}/there; [ -e ${stage.folder}/hang ] && exec sleep 300
            echo stuck > drawer.txt; exit 0; fi ;;
        esac
        task=$(echo "$PAWL_STEP" | cut -d/ -f2); echo "$task" > "$task.txt"`,
    },
    'commands: { test: "! grep -s stuck drawer.txt" }\n',
  );
  stage.write({ '.pawl/workflows/till.yaml': workflow });
  stage.commit('A till');
  return stage;
}

test('a step that failed', async () => {
  const stage = openShop();
  const failed = await stage.pawl('run', 'till', '--spec', 'spec.md');
  expect(failed.code).toBe(1);
  stage.write({ '../mended': '' });
  const resumed = await stage.pawl('resume');
  expect(resumed.code, resumed.stderr).toBe(0);
  seeOnPage('failed', stage, [
    ['pawl run till --spec spec.md', failed.stderr],
    ['pawl resume', resumed.stderr],
  ]);
});

test('a process that was killed', async () => {
  const stage = openShop();
  stage.write({ '../hang': '' });
  const pawl = stage.start('run', 'till', '--spec', 'spec.md');
  await until('the agent', () => existsSync(join(stage.folder, 'there')));
  pawl.kill('SIGKILL');
  await pawl.ended;
  const status = await stage.pawl('status');
  stage.write({ '../mended': '' });
  const resumed = await stage.pawl('resume');
  expect(resumed.code, resumed.stderr).toBe(0);
  seeOnPage('killed', stage, [
    ['pawl status', `${status.stdout}${status.stderr}`],
    ['pawl resume', resumed.stderr],
  ]);
});

test('a process that was killed, where a person is to be asked', async () => {
  const stage = openShop();
  stage.write({ '../hang': '' });
  stage.write({ '.pawl/config.yaml': `${stage.read('.pawl/config.yaml')}on_interrupt: ask\n` });
  const pawl = stage.start('run', 'till', '--spec', 'spec.md');
  await until('the agent', () => existsSync(join(stage.folder, 'there')));
  pawl.kill('SIGKILL');
  await pawl.ended;
  stage.write({ '../mended': '' });
  const waiting = await stage.pawl('resume');
  expect(waiting.code, waiting.stderr).toBe(3);
  const approved = await stage.pawl('approve');
  expect(approved.code, approved.stderr).toBe(0);
  seeOnPage('asked', stage, [
    ['pawl resume', waiting.stderr],
    ['pawl approve', approved.stderr],
  ]);
});

test('a provider that does not answer for now', async () => {
  const stage = openStage({ env: { COLUMNS: '100' } });
  const limited = '{"type":"failure","code":"rate-limited","message":"Too many requests.","retryAfterMs":2000}';
  stage.agents({
    builder: `cat > /dev/null; echo keys > keys.txt
      [ -e ${stage.folder}/asked ] || { touch ${stage.folder}/asked; echo '${limited}'; exit 1; }
      echo drawer > drawer.txt`,
  });
  const workflow = 'name: till\nsteps:\n  - { name: build, type: code, agent: builder, prompt: "{spec}" }\n';
  stage.write({ '.pawl/workflows/till.yaml': workflow });
  stage.commit('A till');
  const run = await stage.pawl('run', 'till', '--spec', 'spec.md');
  expect(run.code, run.stderr).toBe(0);
  seeOnPage('awaited', stage, [['pawl run till --spec spec.md', run.stderr]]);
});

test('Ctrl+C', async () => {
  const stage = openShop();
  stage.write({ '../hang': '' });
  const pawl = stage.start('run', 'till', '--spec', 'spec.md');
  await until('the agent', () => existsSync(join(stage.folder, 'there')));
  pawl.kill('SIGINT');
  const stopped = await pawl.ended;
  expect(stopped.code, stopped.stderr).toBe(4);
  stage.write({ '../mended': '' });
  const resumed = await stage.pawl('resume');
  expect(resumed.code, resumed.stderr).toBe(0);
  seeOnPage('interrupted', stage, [
    ['pawl run till --spec spec.md   # Ctrl+C', stopped.stderr],
    ['pawl resume', resumed.stderr],
  ]);
});

test('Ctrl+C at a question, while another lane works', async () => {
  const stage = openShop(`name: till
steps:
  - name: both
    parallel: true
    steps:
      - { name: keys, type: code, agent: builder, prompt: "{spec}", hitl: after_gate }
      - { name: drawer, type: code, agent: slow, prompt: "{spec}" }
`);
  stage.agents({
    builder: 'cat > /dev/null; echo keys > keys.txt',
    slow: `cat > /dev/null; echo "I look at the drawer."; echo half > drawer.txt
[ -e ${stage.folder}/mended ] && exit 0; touch ${stage.folder}/there; exec sleep 300`,
  });
  stage.commit('A slow builder');
  const pawl = stage.start('run', 'till', '--spec', 'spec.md');
  const both = () => existsSync(join(stage.folder, 'there')) && pawl.sofar().includes('waits for a person');
  await until('the question and the agent', both);
  pawl.kill('SIGINT');
  const stopped = await pawl.ended;
  expect(stopped.code, stopped.stderr).toBe(4);
  stage.write({ '../mended': '' });
  const resumed = await stage.pawl('resume');
  expect(resumed.code, resumed.stderr).toBe(3);
  const approved = await stage.pawl('approve');
  expect(approved.code, approved.stderr).toBe(0);
  const parts = [
    ['pawl run till --spec spec.md   # Ctrl+C', stopped.stderr],
    ['pawl resume', resumed.stderr],
    ['pawl approve', approved.stderr],
  ] as const;
  // Lanes side by side say things in any order.
  seeOnPage('kept', stage, parts, (text) => text.split('\n').sort());
});

test('a question', async () => {
  const stage = openShop();
  stage.write({ '../mended': '' });
  const waiting = await stage.pawl('run', 'till', '--spec', 'spec.md', '--pause-after', 'plan');
  expect(waiting.code, waiting.stderr).toBe(3);
  const status = await stage.pawl('status');
  const approved = await stage.pawl('approve');
  expect(approved.code, approved.stderr).toBe(0);
  seeOnPage('question', stage, [
    ['pawl run till --spec spec.md --pause-after plan', waiting.stderr],
    ['pawl status', `${status.stdout}${status.stderr}`],
    ['pawl approve', approved.stderr],
  ]);
});

test('work that was put back', async () => {
  const stage = openShop(`name: till
steps:
  - name: build
    type: code
    agent: builder
    prompt: "{spec}"
    gate: ["bash: test $PAWL_NEVER_SET -a -e mended"]
    retry: [{ attempt: 2, worktree: reset }, { exit: 2 }]
`);
  expect(await stage.pawl('run', 'till', '--spec', 'spec.md')).toMatchObject({ code: 1 });
  const listed = await stage.pawl('undo');
  const commit = /^(\S+) .*build#1\/checkpoint/m.exec(listed.stdout)?.[1] ?? '';
  const back = await stage.pawl('undo', commit);
  expect(back.code, back.stderr).toBe(0);
  seeOnPage('undo', stage, [
    ['pawl undo', `${listed.stdout}${listed.stderr}`],
    [`pawl undo ${commit}`, back.stderr],
  ]);
});

test('a step that is done again with another prompt', async () => {
  const stage = openShop();
  expect(await stage.pawl('run', 'till', '--spec', 'spec.md')).toMatchObject({ code: 1 });
  stage.write({ '../mended': '', 'drawer.md': 'Make the drawer. Do not get stuck.\n' });
  const words = ['replay', '--from-step', 'plan/drawer/build', '--edit-prompt', 'drawer.md'];
  const replayed = await stage.pawl(...words);
  expect(replayed.code, replayed.stderr).toBe(0);
  seeOnPage('replayed', stage, [[`pawl ${words.join(' ')}`, replayed.stderr]]);
});

const one = `name: till
steps:
  - { name: build, type: code, agent: builder, prompt: "{spec}", gate: ["bash: test -e till.txt"] }
`;

test("git's own files changed by an agent", async () => {
  const stage = openShop(one);
  stage.agents({ builder: 'cat > /dev/null; echo till > till.txt; git config core.fsmonitor /tmp/evil' });
  const stopped = await stage.pawl('run', 'till', '--spec', 'spec.md');
  expect(stopped.code).toBe(1);
  stage.git('config', '--unset', 'core.fsmonitor');
  stage.agents({ builder: 'cat > /dev/null; echo till > till.txt' });
  const resumed = await stage.pawl('resume');
  expect(resumed.code, resumed.stderr).toBe(0);
  // Where a line breaks hangs on how long the path of this place is.
  const inOneLine = (text: string) => text.replace(/\s+/g, ' ');
  seeOnPage(
    'planted',
    stage,
    [
      ['pawl run till --spec spec.md', stopped.stderr],
      ['git config --unset core.fsmonitor', ''],
      ['pawl resume', resumed.stderr],
    ],
    inOneLine,
  );
});

test('a conflict with what the user has done since', async () => {
  const stage = openShop(one);
  stage.agents({ builder: 'cat > /dev/null; echo "Till of the run" > till.txt' });
  stage.commit('Agents');
  expect(await stage.pawl('run', 'till', '--spec', 'spec.md')).toMatchObject({ code: 0 });
  stage.write({ 'till.txt': 'My till\n' });
  stage.commit('My own till');
  const dry = await stage.pawl('apply', '--dry-run');
  const applied = await stage.pawl('apply');
  expect(applied.code).toBe(1);
  expect(stage.read('till.txt')).toContain('<<<<<<<');
  stage.git('merge', '--abort');
  expect(stage.read('till.txt')).toBe('My till\n');
  seeOnPage('conflict', stage, [
    ['pawl apply --dry-run', dry.stdout],
    ['pawl apply', applied.stderr],
    ['git merge --abort', ''],
  ]);
});

test('a record that cannot be written', async () => {
  const stage = openShop(one);
  stage.agents({
    builder: `cat > /dev/null; echo till > till.txt; touch ${stage.folder}/there
      until [ -e ${stage.folder}/mended ]; do sleep 0.05; done`,
  });
  stage.commit('Agents');
  const pawl = stage.start('run', 'till', '--spec', 'spec.md');
  await until('the agent', () => existsSync(join(stage.folder, 'there')));
  const database = new DatabaseSync(join(stage.home, 'pawl.db'));
  database.exec('BEGIN EXCLUSIVE');
  stage.write({ '../mended': '' });
  const stopped = await pawl.ended;
  expect(stopped.code, stopped.stderr).toBe(5);
  database.exec('ROLLBACK');
  database.close();
  const resumed = await stage.pawl('resume');
  expect(resumed.code, resumed.stderr).toBe(0);
  seeOnPage('locked', stage, [
    ['pawl run till --spec spec.md', stopped.stderr],
    ['pawl resume', resumed.stderr],
  ]);
});

test('lanes that do not fit', async () => {
  const lane = (name: string) =>
    `{ name: ${name}, type: code, agent: builder, prompt: ${name}, gate: ["bash: 'true'"] }`;
  const stage = openShop(`name: till
steps:
  - name: both
    parallel: true
    steps:
      - ${lane('left')}
      - ${lane('right')}
`);
  stage.agents({ builder: 'cat > /dev/null; echo "$PAWL_STEP" > till.txt' }, 'max_parallel: 1\n');
  stage.commit('Agents');
  const failed = await stage.pawl('run', 'till', '--spec', 'spec.md');
  expect(failed.code, failed.stderr).toBe(1);
  // While one lane is merged the other is at work: which is told first is chance.
  seeOnPage('lanes', stage, [['pawl run till --spec spec.md', failed.stderr]], (text) => text.split('\n').sort());
});

test('what lies around, and a worktree that was deleted by hand', async () => {
  const stage = openShop();
  expect(await stage.pawl('run', 'till', '--spec', 'spec.md')).toMatchObject({ code: 1 });
  const planned = await stage.pawl('gc', '--plan');
  expect(planned.code, planned.stderr).toBe(0);
  const { worktree } = JSON.parse((await stage.call('status', '--json')).stdout);
  rmSync(worktree, { recursive: true });
  stage.write({ '../mended': '' });
  const resumed = await stage.pawl('resume');
  expect(resumed.code, resumed.stderr).toBe(0);
  seeOnPage('leftovers', stage, [
    ['pawl gc --plan', planned.stdout],
    [`rm -r ${worktree}`, ''],
    ['pawl resume', resumed.stderr],
  ]);
});
