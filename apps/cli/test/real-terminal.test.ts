import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStage, until } from './stage.ts';
import { hasTmux, openTmux } from './tmux.ts';

/** Two lanes that work until they are let go, each with something to say. */
function openShop(columns: number, rows: number) {
  const stage = openStage();
  const go = join(stage.folder, 'go');
  stage.agents(
    {
      worker: `cat > /dev/null; name=$(basename "$PAWL_STEP"); echo "start" >> ${stage.folder}/starts.txt
echo '{"type":"tool","name":"edit","input":{"file":"'$name'.txt"}}'
echo '{"type":"usage","inputTokens":12000,"outputTokens":300,"costUsd":0.12}'
echo made > $name.txt
echo '{"type":"text","text":"I look at the till of '$name'."}'
until [ -f ${go} ]; do sleep 0.05; done`,
    },
    'max_parallel: 2\n',
  );
  stage.write({
    '.pawl/workflows/flow.yaml': `name: flow
steps:
  - name: both
    parallel: true
    steps:
      - { name: left, type: code, agent: worker, prompt: a, gate: ["bash: test -f left.txt"] }
      - { name: right, type: code, agent: worker, prompt: b, gate: ["bash: test -f right.txt"] }
  - { name: after, gate: ["bash: 'true'"] }
`,
  });
  const terminal = openTmux(stage, columns, rows);
  onTestFinished(terminal.close);
  const starts = join(stage.folder, 'starts.txt');
  const bothWork = () => existsSync(starts) && readFileSync(starts, 'utf8').split('\n').length === 3;
  return { stage, terminal, go: () => writeFileSync(go, ''), working: () => until('both turns', bothWork) };
}

/** Screens of one run are the same but for times, ids and what turns. */
const steady = (screen: string): string =>
  screen
    .replaceAll(/\d{6}-\d{4}-[a-z0-9]{4}/g, 'RUN')
    .replaceAll(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, '⠿')
    .replaceAll(/\b(\d+h )?(\d+m )?\d+(\.\d)?(ms|s)\b/g, 'TIME')
    .replaceAll(/@[0-9a-f]{8}/g, '@BASE')
    .replaceAll(/worktree \/\S+/g, 'worktree PATH');

/** What is at work, from its first line on. */
const treeOf = (screen: string): string => {
  const lines = steady(screen).split('\n');
  return lines.slice(lines.findLastIndex((line) => line.startsWith('▸ both')) || 0).join('\n');
};

describe.skipIf(!hasTmux)('in a real terminal (needs tmux)', () => {
  test('the tree of what is at work, its keys, a pause, the question and the end', async () => {
    const { terminal, go, working } = openShop(100, 40);
    terminal.type('pawl run flow --spec spec.md; echo "exit $?"');
    await working();
    await terminal.shows('I look at the till of right');
    expect(treeOf(await terminal.shows(/till of left[\s\S]*till of right/))).toBe(`▸ both
  ⠿›left  worker  working  1 action  12.3k tokens  context ~12.0k  $0.12  TIME
      I look at the till of left.
  ⠿ right  worker  working  1 action  12.3k tokens  context ~12.0k  $0.12  TIME
      I look at the till of right.
· after
▸ running · flow · TIME`);
    terminal.press('?');
    await terminal.shows('p  ask me when the next step has passed its gates');
    terminal.press('Down');
    await terminal.shows(/›right/);
    terminal.press('l');
    await terminal.shows('both/right: the newest of its log');
    terminal.press('d');
    await terminal.shows('+made');
    terminal.press('p');
    await terminal.shows('pausing');
    go();
    await terminal.shows(/\? both\/\w+ waits for you, its gates have run/);
    await terminal.shows(/>$/);
    terminal.type('c');
    // The other lane had come to its end while the pause was on, or it did not: then it is not asked about.
    const end = await terminal.shows(/exit 0|Continue\n>$|>\s*c\n[\s\S]*>$/);
    if (!end.includes('exit 0')) terminal.type('c');
    const last = await terminal.shows('exit 0');
    expect(last).toContain('✓ passed');
    expect(last).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
    expect(last).toMatch(/\n {2}pawl apply \S+ +bring it to your branch/);
    // The terminal reads lines again.
    terminal.type('echo still "here"');
    await terminal.shows(/\nstill here\n/);
  });

  test('a terminal that becomes narrow, and wide again, keeps no rest of old lines', async () => {
    const { terminal, go, working } = openShop(110, 30);
    terminal.type('clear; pawl run flow --spec spec.md; echo "exit $?"');
    await working();
    await terminal.shows('I look at the till of left');
    terminal.resize(44, 30);
    // Where there is less room the figures that say least are gone.
    const narrow = await terminal.shows(/^(?![\s\S]*context)[\s\S]*till of left[\s\S]*till of right/);
    expect(narrow.split('\n').filter((line) => line === '▸ both')).toHaveLength(1);
    expect(narrow.match(/I look at the till of left/g)).toHaveLength(1);
    terminal.resize(110, 30);
    const wide = await terminal.shows(/context[\s\S]*context/);
    expect(wide.match(/I look at the till of left/g)).toHaveLength(1);
    expect(wide.split('\n').filter((line) => line === '▸ both')).toHaveLength(1);
    go();
    await terminal.shows('exit 0');
  });

  test('a stops the run when it is pressed twice, Ctrl+C does once; the terminal is as it was', async () => {
    const { terminal, working, stage } = openShop(80, 24);
    terminal.type('pawl run flow --spec spec.md; echo "exit $?"');
    await working();
    await terminal.shows('›left');
    terminal.press('a');
    await terminal.shows('press a once more to stop the run');
    terminal.press('a');
    await terminal.shows('exit 4');
    terminal.type('clear; pawl resume; echo "exit $?"');
    await terminal.shows(/›left|›right/);
    terminal.press('C-c');
    await terminal.shows('exit 4');
    expect((await stage.call('status')).stdout).toContain('aborted');
  });

  test('attach shows a run of another process, answers it, and leaves it', async () => {
    const { terminal, working, stage, go } = openShop(90, 30);
    const run = stage.start('run', 'flow', '--spec', 'spec.md', '--pause-after', 'both', '--json');
    await working();
    terminal.type('pawl attach; echo "exit $?"');
    await terminal.shows('attached: at work in process');
    await terminal.shows('I look at the till of left');
    terminal.press('p');
    await terminal.shows('pausing');
    terminal.press('p');
    await terminal.shows('goes on without a pause');
    terminal.press('C-c');
    await terminal.shows(/goes on[\s\S]*exit 0/);
    go();
    expect(await run.ended).toMatchObject({ code: 3 });
  });
});

test.skipIf(hasTmux)('tmux is not installed: the display was not driven in a real terminal', () => {
  expect(process.env.PAWL_REQUIRE_TMUX, 'apt-get install tmux').toBeUndefined();
});
