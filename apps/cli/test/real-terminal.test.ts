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
echo '{"type":"usage","inputTokens":12000,"outputTokens":300,"costUsd":0.12,"turns":1}'
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
  ⠿›left  worker  talking  1 action  1 turn  12.3k tokens  context ~12.0k  $0.12  TIME
      I look at the till of left.
  ⠿ right  worker  talking  1 action  1 turn  12.3k tokens  context ~12.0k  $0.12  TIME
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
    await terminal.shows(/\? both\/\w+ waits for you after its gates have run/);
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
    // tmux breaks lines some frames before it tells its size. What is drawn in between must take as many rows there as what
    // stood before: so only time goes on from here, and no line is near to twice the width, whatever the time that it tells.
    await terminal.shows(/till of left[\s\S]*till of right/);
    terminal.resize(52, 30);
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
    expect((await stage.call('status')).stdout).toContain('interrupted');
  });

  test('a question outlives Ctrl+C, its terminal and its process: it is asked again, and nothing is done again', async () => {
    const { terminal, go, working, stage } = openShop(100, 40);
    go();
    const asks = /\? both waits for you after its gates have run[\s\S]*\n>$/;
    const holder = async () => {
      const [run] = JSON.parse((await stage.call('list', '--json')).stdout).runs;
      return run.holder.pid as number;
    };
    terminal.type('pawl run flow --spec spec.md --pause-after both; echo "exit $?"');
    await terminal.shows(asks);
    await working();
    terminal.press('C-c');
    await terminal.shows(/! interrupted[\s\S]*pawl resume [\s\S]*exit 4/);
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
      terminal.type('clear; pawl resume; echo "exit $?"');
      await terminal.shows(asks);
      process.kill(await holder(), signal);
      await terminal.shows(signal === 'SIGKILL' ? 'exit 137' : /! interrupted[\s\S]*exit 4/);
    }
    terminal.type('clear; pawl resume; echo "exit $?"');
    await terminal.shows(asks);
    terminal.type('c');
    await terminal.shows(/✓ passed[\s\S]*exit 0/);
    expect(readFileSync(join(stage.folder, 'starts.txt'), 'utf8')).toBe('start\nstart\n');
  });

  test('attach shows a run of another process, answers it, and leaves it', async () => {
    const { terminal, working, stage, go } = openShop(90, 30);
    const run = stage.start('run', 'flow', '--spec', 'spec.md', '--pause-after', 'both', '--json');
    await working();
    terminal.type('pawl attach; echo "exit $?"');
    await terminal.shows('attached: at work in process');
    await terminal.shows('I look at the till of left');
    // The files as they are, which nothing has recorded yet; of the step that is selected.
    terminal.press('Down');
    await terminal.shows('›right');
    terminal.press('d');
    await terminal.shows(/both\/right: what it has changed so far[\s\S]*right\.txt[\s\S]*\+made/);
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

describe.skipIf(!hasTmux)('fifty lanes in a real terminal (needs tmux)', { timeout: 120_000 }, () => {
  const program = join(import.meta.dirname, 'fixtures/fifty-lanes.ts');

  function openLanes(columns: number, rows: number, env = '') {
    const stage = openStage();
    const end = join(stage.folder, 'end');
    const terminal = openTmux(stage, columns, rows);
    onTestFinished(terminal.close);
    terminal.type(
      `clear; ${env} '${process.execPath}' --conditions=@pawl/source '${program}' '${end}'; echo "exit $?"`,
    );
    return { terminal, end: () => writeFileSync(end, '') };
  }

  test('are the same screen whatever the width was before', async () => {
    const { terminal, end } = openLanes(120, 30);
    await terminal.shows(/and \d+ more/);
    for (const [columns, rows, lanes] of [
      [120, 30, 16],
      [80, 24, 10],
      [40, 12, 4],
      [120, 30, 16],
    ] as const) {
      terminal.resize(columns, rows);
      const fits = () => isWhole(terminal.screen(), columns, lanes);
      await until(`a screen of ${columns} columns`, fits, 30_000).catch((error: Error) => {
        throw new Error(`${error.message}\n${terminal.screen()}`);
      });
      await expect(`${laneTree(terminal.screen())}\n`).toMatchFileSnapshot(`golden/screens/lanes-${columns}.txt`);
      // Nothing is left of what was drawn for another width.
      expect(terminal.screen().match(/^ {2}and \d+ more$/gm)).toHaveLength(1);
    }
    end();
    const last = await terminal.shows('exit 0');
    expect(last).toContain('asked for: nothing');
    expect(last).not.toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
  });

  /** Every figure of a width is there: it was drawn for that, not cut. */
  const isWhole = (screen: string, columns: number, lanes: number): boolean =>
    laneTree(screen).match(/^[⠋-⠿][ ›]task-\d\d\/impl {2}/gm)?.length === lanes &&
    /\n· new · TIME$/.test(steady(screen)) &&
    columns < 60 === !laneTree(screen).includes('context');

  const laneTree = (screen: string): string => {
    const lines = steady(screen).split('\n');
    return lines
      .slice(
        Math.max(
          0,
          lines.findLastIndex((line) => line.includes('›')),
        ),
      )
      .join('\n');
  };

  test('its keys: another step, its log, its changes, help, a pause, and the end', async () => {
    const { terminal } = openLanes(100, 40);
    await terminal.shows('›task-01/impl');
    terminal.press('Down');
    terminal.press('l');
    await terminal.shows('plan/task-02/impl: the newest of its log');
    await terminal.shows('    I look at the till of task-02.');
    terminal.press('Up');
    terminal.press('d');
    await terminal.shows('plan/task-01/impl: what it has changed so far');
    await terminal.shows('+made by plan/task-01/impl');
    terminal.press('?');
    await terminal.shows('Ctrl+C  ends this');
    terminal.press('p');
    await terminal.shows(/pausing$/);
    terminal.press('p');
    await terminal.shows('goes on without a pause');
    terminal.press('a');
    await terminal.shows('press a once more to stop the run');
    terminal.press('a');
    const last = await terminal.shows('exit 0');
    expect(last).toContain('asked for: pause, pause, abort');
  });

  test.each([
    ['', true],
    ['NO_COLOR=1', false],
    ['FORCE_COLOR=0', false],
    ['NO_COLOR=1 FORCE_COLOR=1', false],
    ['TERM=dumb', false],
  ])('with `%s` its colours are %s', async (env, colored) => {
    const { terminal, end } = openLanes(80, 24, env);
    await terminal.shows(env === 'TERM=dumb' ? 'plan/task-50/impl' : '›task-01/impl');
    if (colored) expect(terminal.colored()).toMatch(/\[36m/);
    else expect(terminal.colored()).not.toMatch(/\[[\d;]*3\dm/);
    end();
    await terminal.shows('exit 0');
  });

  test('FORCE_COLOR speaks for a pipe too, NO_COLOR is the stronger one', async () => {
    const terminal = openTmux(openStage(), 80, 40);
    onTestFinished(terminal.close);
    const bold = /\[1mtdd/;
    terminal.type('clear; FORCE_COLOR=1 pawl workflows list | cat; echo done');
    await terminal.shows('\ndone');
    expect(terminal.colored()).toMatch(bold);
    terminal.type('clear; NO_COLOR=1 FORCE_COLOR=1 pawl workflows list; echo ended');
    await terminal.shows('\nended');
    expect(terminal.colored()).not.toMatch(bold);
  });
});

test.skipIf(hasTmux)('tmux is not installed: the display was not driven in a real terminal', () => {
  expect(process.env.PAWL_REQUIRE_TMUX, 'apt-get install tmux').toBeUndefined();
});
