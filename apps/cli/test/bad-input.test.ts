import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contentOf, openStage, type Stage, start } from './stage.ts';

const run = ['run', 'tdd', '--spec', 'spec.md'];

/** Through the real program: exit code, what it says, and that nothing is left behind. */
const refused = (stage: Stage, ...rest: Refusal) => seeRefusal(stage, stage.pawl, ...rest);
/** The same without a process: for what differs from a tested case in its text only. */
const refusedInside = (stage: Stage, ...rest: Refusal) => seeRefusal(stage, stage.call, ...rest);

type Refusal = [args: readonly string[], code: number, ...says: readonly (string | RegExp)[]];

async function seeRefusal(stage: Stage, pawl: Stage['pawl'], ...[args, code, ...says]: Refusal): Promise<void> {
  const before = contentOf(stage.folder);
  const ended = await pawl(...args);
  expect(ended.code, ended.stderr).toBe(code);
  for (const text of says)
    expect(ended.stderr).toEqual(
      typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text),
    );
  expect(ended.stderr).toMatch(/^pawl: /);
  expect(ended.stderr).not.toMatch(/\n {4}at |internal|node:/);
  expect(ended.stdout).toBe('');
  expect(contentOf(stage.folder)).toEqual(before);
  expect(existsSync(stage.home)).toBe(false);
}

describe('the place', () => {
  test('no git', async () => {
    const stage = openStage();
    Object.assign(stage.env, { PATH: '/nowhere' });
    await refused(stage, run, 5, /git was not found|no git|install git/i);
  });

  test('no repository', async () => {
    const stage = openStage();
    rmSync(join(stage.repository, '.git'), { recursive: true });
    await refused(stage, run, 5, 'is not in a git repository', 'git init');
  });

  test('a bare repository', async () => {
    const stage = openStage();
    rmSync(join(stage.repository, '.git'), { recursive: true });
    stage.git('init', '--quiet', '--bare');
    await refused(stage, run, 5, 'bare repository', 'git clone');
  });

  test('no commit', async () => {
    const stage = openStage();
    rmSync(join(stage.repository, '.git'), { recursive: true });
    stage.git('init', '--quiet');
    await refused(stage, run, 5, 'has no commit yet', 'git commit');
  });

  test('PAWL_HOME that is no absolute path', async () => {
    const stage = openStage({ env: { PAWL_HOME: 'here' } });
    await refused(stage, run, 5, 'PAWL_HOME must be an absolute path, not here');
  });

  test('a folder that is gone', async () => {
    const stage = openStage();
    const gone = join(stage.folder, 'gone');
    mkdirSync(gone);
    const entry = join(import.meta.dirname, '../src/main.ts');
    const command = `rmdir ../gone; "$0" --conditions=@pawl/source "${entry}" list; echo "exit $?"`;
    const { stdout, stderr } = await start('sh', ['-c', command, process.execPath], gone, stage.env).ended;
    expect(stdout).toBe('exit 5\n');
    expect(stderr).toMatch(/^pawl: the current folder .*\n {2}try: /);
  });
});

describe('the specification', () => {
  const cases: readonly (readonly [string, string | Buffer | undefined, string | RegExp])[] = [
    ['that is not there', undefined, 'cannot read the specification it.md: there is no such file'],
    ['that is empty', ' \n\n', 'the specification it.md is empty'],
    ['of 5 MB', 'x'.repeat(5 * 1024 * 1024), 'the specification it.md is larger than 1 MB'],
    [
      'that is no text',
      Buffer.from([0x89, 0x50, 0, 1]),
      'cannot read the specification it.md: it is not a text in UTF-8',
    ],
    ['in another encoding', Buffer.from('Gr\xf6\xdfe', 'latin1'), 'it is not a text in UTF-8'],
  ];
  test.each(cases)('%s', async (_, content, message) => {
    const stage = openStage();
    if (content !== undefined) writeFileSync(join(stage.repository, 'it.md'), content);
    await refused(stage, ['run', 'tdd', '--spec', 'it.md'], 2, message);
  });

  test('not named, a folder, without an end', async () => {
    const stage = openStage();
    await refused(stage, ['run', 'tdd'], 2, 'a run needs a specification', 'try: pawl run <workflow> --spec spec.md');
    await refused(stage, ['run', 'tdd', '--spec', '.'], 2, 'cannot read the specification .: it is a folder');
    await refused(stage, ['run', 'tdd', '--spec', '/dev/zero'], 2, 'larger than 1 MB');
  });
});

describe('names', () => {
  test('an unknown workflow', async () => {
    const stage = openStage();
    await refused(
      stage,
      ['run', 'tddd', '--spec', 'spec.md'],
      2,
      'no workflow is named tddd: did you mean tdd?',
      'try: pawl workflows list',
    );
  });

  test.each(['../tdd', 'a b', '.git/config', '-x', 'a/../b'])('%s is no name of a workflow', async (name) => {
    const stage = openStage();
    await refusedInside(stage, ['run', '--spec', 'spec.md', '--', name], 2, 'cannot be the name of a workflow');
  });

  test('a workflow file that is not there', async () => {
    await refused(
      openStage(),
      ['run', 'my/flow.yaml', '--spec', 'spec.md'],
      2,
      'cannot read the workflow my/flow.yaml: there is no such file',
    );
  });

  test('an unknown agent', async () => {
    const stage = openStage();
    await refused(stage, [...run, '--agent', 'claud'], 2, 'unknown agent `claud`', /did you mean|known:/);
  });

  test('a CLI that is not installed', async () => {
    const stage = openStage({ env: { PATH: '/usr/bin:/bin' } });
    await refused(
      stage,
      run,
      5,
      'agent claude-opus: Claude Code was not found',
      'npm install -g @anthropic-ai/claude-code',
      'try: pawl agents',
    );
  });

  test('a CLI that is not signed in: seen when it is asked, and nothing of the checkout changes', async () => {
    const stage = openStage();
    const said = {
      ...{ type: 'result', subtype: 'success', is_error: true, terminal_reason: 'api_error', api_error_status: 401 },
      result: 'Invalid API key · Fix external API key',
    };
    const claude = join(stage.folder, 'bin', 'claude');
    mkdirSync(join(stage.folder, 'bin'));
    const script = `case $1 in --version) echo '2.1.328 (Claude Code)' ;; *) cat > /dev/null; echo '${JSON.stringify(said)}'; exit 1 ;; esac`;
    writeFileSync(claude, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    Object.assign(stage.env, { PATH: `${join(stage.folder, 'bin')}:${stage.env.PATH}` });
    const before = contentOf(stage.repository, /^\.git$/);
    const { code, stderr } = await stage.pawl(...run);
    expect(code, stderr).toBe(5);
    expect(stderr).toContain(
      '✗ attempt 1: not-signed-in: Invalid API key · Fix external API key. Run `claude` and sign in',
    );
    expect(stderr).not.toContain('attempt 2');
    expect(contentOf(stage.repository, /^\.git$/)).toEqual(before);
  });

  test('an agent of the configuration whose adapter or options are wrong', async () => {
    const stage = openStage();
    stage.write({
      '.pawl/config.yaml': 'agents: { claude-opus: { provider: script, options: { comand: ["sh"] } } }\n',
    });
    await refused(
      stage,
      ['run', 'freeform', '--spec', 'spec.md'],
      2,
      'agent claude-opus: options',
      'comand',
      'options.command',
    );
    stage.write({ '.pawl/config.yaml': 'agents: { claude-opus: { provider: scrpt } }\n' });
    await refused(stage, ['run', 'freeform', '--spec', 'spec.md'], 2, 'scrpt');
  });

  test('a run that is not there', async () => {
    const stage = openStage();
    await refused(stage, ['report', '2611'], 2, 'no run is named 2611', 'try: pawl list');
    await refused(stage, ['status'], 2, 'there is no run of this repository yet', 'try: pawl run');
    await refused(stage, ['apply', "x' OR 1=1"], 2, "no run is named x' OR 1=1");
    const listed = await stage.pawl('list');
    expect(listed).toMatchObject({ code: 0, stdout: '', stderr: 'no runs yet: pawl run <workflow> --spec spec.md\n' });
    expect(existsSync(stage.home)).toBe(false);
  });
});

describe('the workflow file', () => {
  const step = (name: string) => `name: flow\nsteps:\n  - { name: ${name}, gate: ["bash: 'true'"] }\n`;
  const bomb = `name: flow\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\nsteps: []\n`;
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['is not YAML', 'name: flow\nsteps: [\n', /flow\.yaml:\d+:\d+: error: .*\[yaml-syntax\]\n \d+ \|/],
    [
      'has a key twice',
      `${step('a')}name: other\n`,
      /flow\.yaml:4:1: error: .*name.*\[duplicate-key\]\n 4 \| name: other\n {3}\| \^\^\^\^/,
    ],
    ['is a bomb of anchors', bomb, /flow\.yaml:\d+:\d+: error: /],
    ['has a step a/b', step('a/b'), /\[invalid-name\]\n 3 \|/],
    ['has a step ..', step('..'), /\[invalid-name\]/],
    ['has a step that attempts are called by', step('"a#2"'), /\[invalid-name\]/],
    [
      'says a word that is not known',
      step('a').replace('gate', 'gaet'),
      /unknown key `gaet`.*\n.*\n.*\^\^\^\^\n hint: did you mean `gate`\?/,
    ],
    [
      'calls what is not there',
      step('a').replace(/gate:.*\]/, 'workflow: tddd'),
      /no workflow `tddd`.*\n.*\n.*\n hint: did you mean `tdd`\?/,
    ],
    ['calls itself', step('a').replace(/gate:.*\]/, 'workflow: flow'), /\[workflow-cycle\]/],
    ['is empty', '', /the workflow is empty/],
    ['is no text', 'name: \0', /it is not a text in UTF-8/],
  ];
  test.each(cases)('%s', async (_, text, message) => {
    const stage = openStage();
    stage.write({ '.pawl/workflows/flow.yaml': text });
    await refused(stage, ['run', 'flow', '--spec', 'spec.md'], 2, message);
  });
});

describe('the command line', () => {
  const cases: readonly (readonly [readonly string[], string | RegExp])[] = [
    [['rnu'], /^pawl: unknown command 'rnu': did you mean run\?\n {2}try: pawl help\n$/],
    [['run'], /^pawl: a workflow must be named\n {2}try: pawl workflows list\n$/],
    [['run', 'tdd', '--spce', 'x'], /^pawl: unknown option '--spce': did you mean --spec\?\n {2}try: pawl help run\n$/],
    [[...run, '--set', 'x'], '--set takes key=value, not x'],
    [[...run, '--set', 'a=1', '--set', 'a=2'], '--set gives a twice'],
    [['list', '--limit', 'many'], '--limit takes a whole number from 1 to 1000, not many'],
    [['report', '--format', 'pdf'], '--format is text, json, markdown, html, not pdf'],
    [['status', 'one', 'two'], /too many arguments/],
    [['help', 'rpeort'], 'no command is named rpeort: did you mean report?'],
    [['workflows', 'shwo', 'tdd'], /pawl: .*\n {2}try: pawl help workflows\n$/],
  ];
  test.each(cases)('%j', async (args, message) => {
    await refusedInside(openStage(), args, 2, message);
  });

  test('errors are data with --json', async () => {
    const stage = openStage();
    const ended = await stage.pawl('run', 'tddd', '--spec', 'spec.md', '--json');
    expect(ended.code).toBe(2);
    expect(JSON.parse(ended.stdout)).toEqual({
      version: 1,
      error: {
        code: 'unknown-workflow',
        message: expect.stringContaining('did you mean tdd?'),
        hint: 'pawl workflows list',
      },
    });
    expect(ended.stderr).toContain('pawl: no workflow is named tddd');
    stage.write({ '.pawl/workflows/flow.yaml': 'name: flow\nstep: []\n' });
    const invalid = JSON.parse((await stage.call('run', 'flow', '--spec', 'spec.md', '--json')).stdout);
    expect(invalid.error.diagnostics[0]).toMatchObject({ code: 'unknown-key', line: 2, column: 1 });
  });

  test('what came from outside does not act on the terminal', async () => {
    const { stderr } = await openStage().call('run', 'x\u001b[2Jy.yaml', '--spec', 'spec.md');
    expect(stderr).toContain('xy.yaml');
    expect(stderr).not.toContain('\u001b');
  });
});

describe('the database', () => {
  test('that is none', async () => {
    const stage = openStage();
    stage.agents({ 'claude-opus': 'true' });
    mkdirSync(stage.home);
    writeFileSync(join(stage.home, 'pawl.db'), 'this is my diary, not a database\n'.repeat(100));
    const before = contentOf(stage.folder);
    for (const args of [['list'], ['run', 'freeform', '--spec', 'spec.md']]) {
      const { code, stderr } = await stage.pawl(...args);
      expect(code, stderr).toBe(5);
      expect(stderr).toMatch(/pawl: .*pawl\.db/);
    }
    expect(contentOf(stage.folder)).toEqual(before);
  });

  test('that cannot be made', async () => {
    const stage = openStage();
    stage.agents({ 'claude-opus': 'true' });
    writeFileSync(stage.home, 'a file\n');
    const { code, stderr } = await stage.pawl('run', 'freeform', '--spec', 'spec.md');
    expect(code, stderr).toBe(5);
    expect(stderr).toMatch(/pawl: .*pawl-home/);
  });

  test('that breaks in the middle of a run: the agents end, and the run is named', async () => {
    const stage = openStage();
    const database = join(stage.home, 'pawl.db');
    stage.agents({
      'claude-opus': `cat > /dev/null; for file in ${database} ${database}-wal ${database}-shm; do echo garbage > $file; done; date > x`,
    });
    const { code, stderr } = await stage.pawl('run', 'freeform', '--spec', 'spec.md');
    expect(code, stderr).toBe(5);
    expect(stderr).toMatch(
      /\npawl: run \S+ was stopped, for its record cannot be written: .*pawl\.db.*\n {2}try: pawl status /,
    );
  });
});
