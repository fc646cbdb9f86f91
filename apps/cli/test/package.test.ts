import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { stageIn, start } from './stage.ts';

const root = join(import.meta.dirname, '..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-package-')));
/** As it lies in somebody's node_modules: what the manifest lists, and nothing of ours around it. */
const installed = join(folder, 'node_modules/pawl');

beforeAll(() => {
  const tsup = join(root, 'node_modules/.bin/tsup');
  const config = join(import.meta.dirname, 'fixtures/tsup.config.ts');
  execFileSync(tsup, ['--silent', '--config', config, '--out-dir', join(folder, 'dist')], {
    cwd: root,
    stdio: 'pipe',
    timeout: 60_000,
  });
  mkdirSync(installed, { recursive: true });
  for (const name of ['package.json', 'bin', 'README.md'])
    cpSync(join(root, name), join(installed, name), { recursive: true });
  cpSync(join(folder, 'dist'), join(installed, 'dist'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pawl = (...args: string[]) =>
  start(process.execPath, [join(installed, 'bin/pawl.js'), ...args], folder, {
    PATH: '/usr/bin:/bin',
    HOME: folder,
    PAWL_HOME: join(folder, 'home'),
  }).ended;

test('the manifest lists what is there, and asks for nothing', () => {
  expect(manifest.files).toEqual(['bin', 'dist', 'schemas', 'man', 'README.md']);
  expect('dependencies' in manifest).toBe(false);
  expect(existsSync(join(installed, 'README.md'))).toBe(true);
});

test('--version and --help start without any dependency', async () => {
  expect(await pawl('--version')).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
  const help = await pawl('--help');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain('Runs coding agents by a workflow');
});

test('every command can be loaded', async () => {
  for (const args of [['workflows', 'check'], ['agents'], ['list', '--all'], ['workflows', 'show', 'tdd']]) {
    const { code, stderr } = await pawl(...args);
    expect(code, `${args.join(' ')}\n${stderr}`).toBe(0);
  }
  for (const command of ['run', 'apply', 'status', 'report', 'diff']) {
    const { code, stderr } = await pawl(command, 'x', ...(command === 'run' ? ['--spec', 'x'] : []));
    expect([2, 5], stderr).toContain(code);
    expect(stderr).not.toMatch(/internal|ERR_MODULE|at file/);
  }
});

test('it runs a workflow and applies it', async () => {
  const stage = stageIn(folder, { name: 'repository' });
  stage.agents({ 'claude-opus': 'cat > /dev/null; echo x > x.txt' }, 'commands: { compile: "true" }\n');
  const call = (...args: string[]) =>
    start(process.execPath, [join(installed, 'bin/pawl.js'), ...args], stage.repository, stage.env).ended;
  const { code, stderr } = await call('run', 'freeform', '--spec', 'spec.md');
  expect(code, stderr).toBe(0);
  expect(await call('apply')).toMatchObject({ code: 0 });
  expect(stage.read('x.txt')).toBe('x\n');
});

test('nothing of this machine is in it', () => {
  for (const name of readdirSync(join(installed, 'dist')).filter((each) => each.endsWith('.js'))) {
    const text = readFileSync(join(installed, 'dist', name), 'utf8');
    expect(text.includes(root), name).toBe(false);
  }
});

describe('an older Node', () => {
  /** The check runs before anything is imported, so it can be tried with any version in the place of the real one. */
  const versioned = (version: string) => {
    const preload = join(folder, `node-${version}.cjs`);
    writeFileSync(
      preload,
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });\n`,
    );
    return spawnSync(process.execPath, ['--require', preload, join(installed, 'bin/pawl.js'), '--version'], {
      encoding: 'utf8',
      timeout: 20_000,
    });
  };

  test.each(['18.20.0', '20.19.5', '22.17.1'])('%s is told which one it takes', (version) => {
    const { status, stderr, stdout } = versioned(version);
    expect({ status, stdout }).toEqual({ status: 5, stdout: '' });
    expect(stderr).toBe(
      `pawl needs Node 22.18 or newer; this is ${version}. Install one from https://nodejs.org and try again.\n`,
    );
  });

  test.each(['22.18.0', '24.0.0', '26.1.0'])('%s is fine', (version) => {
    expect(versioned(version)).toMatchObject({ status: 0, stderr: '' });
  });
});

test('an adapter that lies beside it is found, the others are offered', async () => {
  const adapter = join(folder, 'node_modules/@pawl/provider-qwen');
  mkdirSync(adapter, { recursive: true });
  writeFileSync(
    join(adapter, 'package.json'),
    '{ "name": "@pawl/provider-qwen", "type": "module", "main": "index.js" }',
  );
  writeFileSync(join(adapter, 'index.js'), 'export default { spec: "v2" }');
  const broken = await pawl('agents');
  expect(broken).toMatchObject({ code: 0, stderr: '' });
  expect(broken.stdout.replace(/\s+/g, ' ')).toContain(
    '✗ qwen @pawl/provider-qwen speaks contract v2; this pawl speaks contract v1: npm install -g @pawl/provider-qwen@latest',
  );
  writeFileSync(
    join(adapter, 'index.js'),
    `const options = { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } };
export default { spec: 'v1', id: 'qwen', title: 'Qwen', options, models: {}, environment: [],
  capabilities: { sessions: [], access: [], limits: [], reports: [], output: [] }, open: () => {}, probe: () => ({ found: false, hint: 'it was asked' }) }`,
  );
  const { stdout } = await pawl('agents');
  expect(stdout).toMatch(/^✗ qwen +it was asked$/m);
  expect(stdout.replace(/\s+/g, ' ')).toContain('npm install -g @pawl/provider-codex');
});
