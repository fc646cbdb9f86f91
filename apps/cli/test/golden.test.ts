import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '@pawl/core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDisplay } from '../src/display/live.ts';
import { whatNext } from '../src/display/what-next.ts';
import { main } from '../src/main.ts';
import { openTerminal } from '../src/terminal.ts';
import { steadyHistory } from './history.ts';
import { type Stage, stageIn } from './stage.ts';
import { prepareTdd } from './tdd.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-cli-')));
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

/** As people see it, with escapes that can be read. */
async function shown(args: readonly string[], columns: number, color: boolean): Promise<string> {
  const seen: string[] = [];
  const stream = { write: (text: string) => seen.push(text), isTTY: true, columns, rows: 50 };
  const { NO_COLOR: _, ...plain } = stage.env;
  const env = { ...plain, PAWL_HOME: home, CI: '1', ...(color ? {} : { NO_COLOR: '1' }) };
  const code = await main(args, { cwd: stage.repository, env, stdout: stream, stderr: stream });
  const text = seen
    .join('')
    .replaceAll(folder, '/home/ada')
    .replace(/main@[0-9a-f]{8}/g, 'main@c0000000')
    // Half the cores of this machine.
    .replace(/(max_parallel +)\d+/g, '$1N');
  return `$ pawl ${args.join(' ')}\n${text}[exit code ${code}]\n`;
}

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
  ['workflows'],
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
  ['help', 'run'],
  ['help', 'answer'],
  ['help', 'attach'],
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
