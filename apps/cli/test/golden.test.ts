import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '@pawl/core';
import { displayWidth } from '@pawl/report';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDisplay } from '../src/display/live.ts';
import { whatNext } from '../src/display/what-next.ts';
import { entriesOf } from '../src/help/reference.ts';
import { withCommands } from '../src/program.ts';
import { openTerminal } from '../src/terminal.ts';
import { steadyHistory } from './history.ts';
import { type Stage, stageIn } from './stage.ts';
import { seen, shortFolder, steadyPlaces } from './steady.ts';
import { prepareTdd } from './tdd.ts';

const folder = shortFolder();
const ids = ['261120-1105-abcd', '261120-1205-efgh'] as const;
const home = join(folder, 'steady');
let stage: Stage;
let histories: readonly (readonly RunEvent[])[];

/** A run that fails in many ways. */
const trouble = `name: trouble
max_budget: 2
steps:
  - name: slow
    type: code
    agent: sleeper
    prompt: "{spec}"
    guard: { max_time: 1s }
    gate: ["bash: 'true'"]
    retry: [{ attempt: 2, agent: claude-sonnet }, { exit: 3 }]
  - name: a-step-with-a-name-that-is-much-longer-than-anybody-would-ever-think-of
    type: validate
    agent: critic
    prompt: "Look."
    retry: [{ exit: 2 }]
`;

beforeAll(async () => {
  vi.stubEnv('TZ', 'UTC');
  stage = stageIn(folder, { env: { PATH: '/usr/bin:/bin' } });
  prepareTdd(stage);
  await stage.call('run', 'tdd', '--spec', 'spec.md');
  stage.agents({
    sleeper: 'cat > /dev/null; sleep 60',
    'claude-sonnet': 'cat > /dev/null; mkdir -p "ein Ordner"; echo x > "ein Ordner/店.txt"',
    critic: `cat > /dev/null; echo '{"pass": false, "comments": "Too little.  The till does not open, and nobody has tried what happens when the drawer is stuck, which it was last week."}'`,
  });
  stage.write({
    '.pawl/workflows/trouble.yaml': trouble,
    '.pawl/workflows/bad.yaml': trouble.replace('guard', 'gaurd'),
  });
  await stage.call('run', 'trouble', '--spec', 'spec.md');
  histories = await steadyHistory(stage, ids, home);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const shown = (args: readonly string[], columns: number, color: boolean): Promise<string> =>
  seen(stage, args, { columns, color }, { env: { PAWL_HOME: home }, make: steadyPlaces });

/** What `pawl run` shows while the events come. */
function replayed(events: readonly RunEvent[], columns: number, color: boolean): string {
  const seen: string[] = [];
  const stream = { write: (text: string) => seen.push(text), isTTY: true, columns, rows: 50 };
  const terminal = openTerminal({ CI: '1', ...(color ? {} : { NO_COLOR: '1' }) }, { stdout: stream, stderr: stream });
  const display = openDisplay(terminal);
  for (const [index, event] of events.entries()) display.observe({ type: 'event', sequence: index + 1, event });
  display.close();
  return `$ pawl run …\n${seen.join('')}\n`;
}

const commands: readonly (readonly string[])[] = [
  ['list', '--all'],
  ['status', ids[0]],
  ['status', ids[1]],
  ['report', ids[0]],
  ['report', ids[1]],
  ['report', ids[0], '--detail', 'middle/green'],
  ['report', ids[0], '--detail', 'middle/green', '--format', 'markdown'],
  ['report', ids[0], '--detail', 'green'],
  ['report', '--compare', ids[0], ids[1]],
  ['report', '--last', '5', '--all'],
  ['report', '--last', '5', '--compare', ids[0], ids[1]],
  ['explain', '--run', ids[1]],
  ['explain', 'slow', '--run', ids[1]],
  ['explain', 'green', '--run', ids[0]],
  ['run', 'tdd', '--spec', 'spec.md', '--dry-run'],
  ['run', 'trouble', '--spec', 'spec.md', '--dry-run', '--set', 'nobody=asks'],
  ['run', 'bad', '--spec', 'spec.md'],
  ['run', 'tdd'],
  ['workflows', 'list'],
  ['workflows', 'check'],
  ['agents'],
  ['models', 'claude'],
  ['config', 'list'],
  ['config', 'get', 'commands.tset'],
  ['logs', ids[0], '--step', 'middle/green'],
  ['abort', ids[0]],
  ['pause', ids[1]],
  ['approve', ids[1]],
  ['attach', 'nothing'],
  ['rnu'],
  [],
  ['sessions', 'shwo'],
  ['list', '--limt', '3'],
  ['run', '--spce', 'spec.md', 'tdd'],
];

test.each([
  [40, false],
  [80, false],
  [120, false],
  [40, true],
  [80, true],
  [120, true],
])('what people see at %i columns, colour: %s', async (columns, color) => {
  const parts = histories.map((events) => replayed(events, columns, color));
  for (const args of commands) parts.push(await shown(args, columns, color));
  const text = parts.join('\n').replaceAll('\u001b', '␛');
  if (!color) expect(text).not.toContain('␛');
  await expect(text).toMatchFileSnapshot(`golden/${columns}${color ? '-colour' : ''}.txt`);
});

/** As the program declares them, but for its own name. */
const names = entriesOf(withCommands(() => async () => {})).map(({ name }) => name.replace(/^pawl /, ''));

test.each([40, 80, 120])('the help of every command at %i columns', async (columns) => {
  const parts: string[] = [];
  for (const name of names) parts.push(await shown(['help', ...name.split(' ')], columns, false));
  const text = parts.join('\n');
  const tooLong = text
    .split('\n')
    .filter((line) => !/^(\$| +pawl |Usage: | *\S+$)/.test(line) && displayWidth(line) > columns);
  expect(tooLong).toEqual([]);
  await expect(text).toMatchFileSnapshot(`golden/help-${columns}.txt`);
});

test('pawl --help is one screen of a terminal of 80 columns and 24 rows', async () => {
  expect((await shown(['--help'], 80, false)).trimEnd().split('\n').length).toBeLessThan(24);
});

test.each(['40', '80', '120', '40-colour', '80-colour', '120-colour'])(
  'every command of the program has what it prints among the goldens (%s)',
  (form) => {
    const files = [`golden/${form}.txt`, `golden/acts-${form}.txt`];
    const called = files
      .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
      .flatMap((text) => [...text.matchAll(/^\$ pawl (.*)$/gm)].map(([, words = '']) => words));
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !called.some((words) => `${words} `.startsWith(`${name} `)))).toEqual([]);
  },
);

test('a colour moves nothing: without it every line is the same', () => {
  for (const columns of [40, 80, 120]) {
    const [plain = '', colored = ''] = ['', '-colour'].map((form) =>
      readFileSync(join(import.meta.dirname, `golden/${columns}${form}.txt`), 'utf8'),
    );
    expect(colored.replace(/␛\[[0-9;]*m/g, '')).toBe(plain);
  }
});

test('without a terminal a run is told in whole lines', () => {
  const seen: string[] = [];
  const stream = { write: (text: string) => seen.push(text) };
  const display = openDisplay(openTerminal({}, { stdout: stream, stderr: stream }), 'verbose');
  for (const [index, event] of (histories[1] ?? []).entries())
    display.observe({ type: 'event', sequence: index + 1, event });
  expect(seen.join('')).toContain('which it was last week.\n');
  expect(seen.join('')).not.toContain('…');
});

test('a name that a shell would not like is quoted in the command that comes next', () => {
  const state = {
    run: 'r',
    status: 'failed',
    open: {},
    frames: {},
    failure: { step: "plan/it's so/work", message: 'x' },
  };
  expect(whatNext(state as never)).toContain(`pawl report r --detail 'plan/it'\\''s so/work'`);
});
