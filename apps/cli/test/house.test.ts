import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { lookAtNode } from '../src/doctor.ts';
import { main } from '../src/main.ts';
import { jsonLines, openStage, until } from './stage.ts';

test('init writes a configuration, a schema and a workflow that fit the project, and can be run as they are', async () => {
  const stage = openStage({ env: { PATH: '/usr/bin:/bin' } });
  stage.write({ 'Cargo.toml': '[package]\nname = "shop"\n' });
  const { code, stdout, stderr } = await stage.call('init', '--yes', '--json');
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    written: [
      '.pawl/config.yaml',
      '.pawl/workflows/first.yaml',
      '.pawl/schema/workflow.json',
      '.pawl/conventions.md',
      '.pawl/spec.md',
    ],
    commands: { compile: 'cargo build', test: 'cargo test', lint: 'cargo clippy -- -D warnings' },
  });
  expect(stage.read('.pawl/workflows/first.yaml')).toMatch(
    /^# yaml-language-server: \$schema=\.\.\/schema\/workflow\.json\n/,
  );
  expect(stage.read('.pawl/workflows/first.yaml')).toContain('gate: [compile, lint, test]');
  expect(JSON.parse(stage.read('.pawl/schema/workflow.json'))).toHaveProperty('$schema');
  const checked = await stage.call('workflows', 'check', 'first');
  expect(checked.code, checked.stdout + checked.stderr).toBe(0);
  expect(checked.stdout + checked.stderr).not.toContain('warning:');
  // Nothing of it is written twice, and what somebody changed stays.
  stage.write({ '.pawl/config.yaml': '# mine\n' });
  expect(await stage.call('init', '--yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('already') });
  expect(stage.read('.pawl/config.yaml')).toBe('# mine\n');
});

test('init without a known project leaves valid files', async () => {
  const stage = openStage();
  expect(await stage.call('init')).toMatchObject({ code: 0 });
  expect(await stage.call('config', 'list', '--json')).toMatchObject({ code: 0 });
  expect(await stage.call('workflows', 'check', 'first')).toMatchObject({ code: 0 });
});

test('config: values are put and taken away, comments and order stay, nonsense changes nothing', async () => {
  const stage = openStage();
  const text = `# of the shop
commands:
  test: npm test # all of them
  # lint: later
max_parallel: 2
`;
  stage.write({ '.pawl/config.yaml': text });
  expect(await stage.call('config', 'get', 'commands.test')).toMatchObject({ code: 0, stdout: 'npm test\n' });
  expect(await stage.call('config', 'set', 'commands.test', 'make test')).toMatchObject({ code: 0 });
  expect(await stage.call('config', 'set', 'agents.stub.provider', 'script')).toMatchObject({ code: 0 });
  expect(await stage.call('config', 'set', 'agents.stub.options', '{ command: [node, a.mjs] }')).toMatchObject({
    code: 0,
  });
  expect(await stage.call('config', 'set', 'max_parallel', '--unset')).toMatchObject({ code: 0 });
  expect(stage.read('.pawl/config.yaml')).toBe(`# of the shop
commands:
  test: make test # all of them
  # lint: later
agents:
  stub:
    provider: script
    options:
      command:
        - node
        - a.mjs
`);
  const before = stage.read('.pawl/config.yaml');
  for (const [key, value, why] of [
    ['max_parallel', 'three', 'max_parallel cannot be that'],
    ['max_paralel', '3', 'did you mean max_parallel?'],
    ['commands.tset', 'x', 'commands.tset cannot be that'],
    ['commands..test', 'x', 'has no key'],
  ] as const) {
    const refused = await stage.call('config', 'set', key, value);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(why);
  }
  expect(stage.read('.pawl/config.yaml')).toBe(before);
  expect(JSON.parse((await stage.call('config', 'list', '--json')).stdout)).toMatchObject({
    values: { 'commands.test': 'make test', 'agents.stub.options.command': ['node', 'a.mjs'] },
    defaults: { gate_timeout: '600s' },
  });
  expect(await stage.call('config', 'get', 'setup')).toMatchObject({ code: 2 });
});

test('doctor says what is missing and what mends it, and makes nothing', async () => {
  const stage = openStage({ env: { PATH: '/usr/bin:/bin' } });
  const { code, stdout } = await stage.call('doctor', '--json');
  const { findings } = JSON.parse(stdout) as { findings: { name: string; state: string; fix?: string }[] };
  expect(code).toBe(0);
  const byName = Object.fromEntries(findings.map((finding) => [finding.name, finding]));
  for (const name of ['git', 'node', 'home', 'disk', 'database', 'repository']) expect(byName[name]?.state).toBe('ok');
  expect(byName['agent codex']).toMatchObject({ state: 'warning', fix: expect.stringContaining('npm install -g') });
  expect(existsSync(stage.home)).toBe(false);
  stage.write({ '.pawl/config.yaml': 'max_parallel: three\n' });
  const broken = await stage.call('doctor');
  expect(broken.code).toBe(5);
  expect(broken.stdout).toContain('✗ repository');
  expect(lookAtNode('22.17.0')).toMatchObject({ state: 'problem', fix: expect.stringContaining('22.18') });
  expect(lookAtNode('23.0.1')).toMatchObject({ state: 'ok' });
});

test('logs: what agents said stands where their turn ended, of one step where it is named; as data, too', async () => {
  const stage = openStage();
  stage.agents({ worker: 'cat > /dev/null; echo "I build a till."; echo x > till.txt' });
  stage.write({
    '.pawl/workflows/flow.yaml': `name: flow
steps:
  - { name: impl, type: code, agent: worker, prompt: "{spec}", gate: ["bash: echo gated"] }
  - { name: after, gate: ["bash: 'true'"] }
`,
  });
  await stage.call('run', 'flow', '--spec', 'spec.md');
  const all = await stage.call('logs', '--gates');
  expect(all.code, all.stderr).toBe(0);
  expect(all.stdout).toMatch(/▸ impl · worker\n[\s\S]*I build a till\.[\s\S]*gated[\s\S]*✓ after/);
  const one = await stage.call('logs', '--step', 'after', '--follow');
  expect(one.stdout).not.toContain('I build');
  expect(one.stdout).toContain('after');
  const data = jsonLines((await stage.call('logs', '--json')).stdout);
  expect(data.map(({ type }) => type)).toContain('agent');
  expect(await stage.call('logs', '--step', 'afer')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean after?'),
  });
});

test('the shell is told commands, options, runs, workflows, steps and shells', async () => {
  const stage = openStage();
  const words = async (...typed: string[]) => (await stage.call('complete', '--', ...typed)).stdout.split('\n');
  expect(await words('app')).toEqual(['approve', 'apply', '']);
  expect(await words('run', '--ver')).toEqual(['--verbose', '']);
  expect(await words('run', '')).toContain('tdd');
  expect(await words('workflows', 's')).toEqual(['show', '']);
  expect(await words('answer', '--choice', 'r')).toEqual(['retry', '']);
  expect(await words('completion', '')).toEqual(['bash', 'zsh', 'fish', 'powershell', '']);
  expect(await words('run', '--spec', '')).toEqual(['']);
  for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
    expect((await stage.call('completion', shell)).stdout).toContain('pawl complete');
  expect(await stage.call('completion', 'bsh')).toMatchObject({ code: 2, stderr: expect.stringContaining('bash?') });
});

test('bash completes with it', async () => {
  const { execFileSync } = await import('node:child_process');
  const stage = openStage();
  const script = (await stage.call('completion', 'bash')).stdout;
  const fake = 'pawl() { shift 2; printf "%s\\n" "asked:$1-$2"; }';
  const typed = `COMP_WORDS=(pawl run t); COMP_CWORD=2; _pawl; printf "%s" "$COMPREPLY"`;
  const told = execFileSync('bash', ['--norc', '-c', `${script}\n${fake}\n${typed}`], { encoding: 'utf8' });
  expect(told).toBe('asked:run-t');
});

test('init asks which agent shall work only where somebody sits, and takes the first for an empty line', async () => {
  const stage = openStage();
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  let shown = '';
  const write = (text: string): void => {
    shown += text;
  };
  const stderr = { write, isTTY: true, columns: 80, rows: 24 };
  const ended = main(['init'], {
    cwd: stage.repository,
    env: stage.env,
    stdin,
    stdout: { write: () => undefined },
    stderr,
  });
  // On a machine with less than two agents there is nothing to ask.
  const asked = await Promise.race([
    ended.then(() => false),
    until('the question', () => shown.includes('which agent')).catch(() => false),
  ]);
  if (asked) stdin.write('\n');
  expect(await ended).toBe(0);
  expect(existsSync(join(stage.repository, '.pawl/workflows/first.yaml'))).toBe(true);
});
