import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStage, type Stage } from './stage.ts';

/** An adapter that needs no program: it says what it was told. */
const adapter = (id: string, spec = 'v1') => `
const capabilities = { sessions: [], access: ['read-only', 'edit', 'full'], limits: [], reports: [], output: [] };
export default {
  spec: ${JSON.stringify(spec)},
  id: ${JSON.stringify(id)},
  title: 'An echo',
  models: { loud: 'LOUD-1' },
  environment: [],
  options: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
  capabilities,
  probe: async () => ({ found: true, version: '3.1.4', known: true, signedIn: true, capabilities }),
  open: async ({ model }) => ({
    ref: undefined,
    turn({ prompt }) {
      const outcome = { kind: 'completed', text: 'heard ' + prompt.trim() + ' as ' + model };
      const end = { type: 'turn-end', outcome, usage: {}, session: undefined, durationMs: 1, unknownLines: 0 };
      return {
        ended: Promise.resolve(end),
        async *[Symbol.asyncIterator]() {
          yield { type: 'turn-start' };
          yield end;
        },
      };
    },
    close: async () => {},
  }),
};
`;

/** An installed package of the repository. */
function install(stage: Stage, name: string, code: string, manifest: object = { exports: './index.js' }): void {
  const folder = `node_modules/${name}`;
  stage.write({
    [`${folder}/package.json`]: JSON.stringify({ name, version: '1.0.0', type: 'module', ...manifest }),
    [`${folder}/index.js`]: code,
  });
}

function named(...names: readonly string[]): Stage {
  const stage = openStage({ env: { PATH: '/usr/bin:/bin' } });
  stage.write({
    '.gitignore': 'node_modules\n',
    '.pawl/config.yaml': `providers: ${JSON.stringify(names)}\n`,
    '.pawl/workflows/one.yaml':
      'name: one\nsteps:\n  - { name: work, type: code, agent: echo-loud, prompt: "{spec}" }\n',
    'spec.md': 'Sing.\n',
  });
  stage.commit();
  return stage;
}

describe('a package that is named under providers:', () => {
  test('is an agent like every other one, also when the run is read again', async () => {
    const stage = named('@acme/pawl-provider-echo');
    install(stage, '@acme/pawl-provider-echo', adapter('echo'));
    const { code, stdout, stderr } = await stage.pawl('run', 'one', '--spec', 'spec.md', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('as LOUD-1');
    const agents = await stage.call('agents');
    expect(agents.stdout.replace(/\s+/g, ' ')).toContain(
      '✓ echo An echo 3.1.4, signed in; adapter: @acme/pawl-provider-echo names: echo, echo-loud',
    );
    const { adapters } = JSON.parse((await stage.call('agents', '--json')).stdout);
    expect(adapters.at(-1)).toMatchObject({ provider: 'echo', package: '@acme/pawl-provider-echo' });
    expect((await stage.call('workflows', 'check', 'one')).code).toBe(0);
  });

  test.each([
    ['for import alone', { exports: { '.': { types: './index.d.ts', import: './index.js' } } }],
    [
      'with nested conditions',
      { exports: { browser: './no.js', node: { require: './no.cjs', import: './index.js' } } },
    ],
    ['with a list', { exports: { '.': [{ deno: './no.js' }, { default: './index.js' }] } }],
    ['with main', { main: 'index.js' }],
    ['with neither', {}],
  ])('is found by its package.json: %s', async (_, manifest) => {
    const stage = named('pawl-echo');
    install(stage, 'pawl-echo', adapter('echo'), manifest);
    expect((await stage.call('agents')).stdout).toContain('adapter: pawl-echo');
  });

  test('is found in a folder above, as Node finds it', async () => {
    const stage = named('pawl-echo');
    install(stage, '../../node_modules/pawl-echo', adapter('echo'));
    expect((await stage.call('agents')).stdout).toContain('adapter: pawl-echo');
  });

  test.each<[string, string | undefined, string]>([
    ['is not installed', undefined, 'is not installed'],
    ['speaks another contract', adapter('echo', 'v2'), 'speaks contract v2; this pawl speaks contract v1'],
    ['exports a function', 'export default () => {};', 'does not export an adapter (its default export is a function'],
    ['exports nothing', 'export const a = 1;', 'does not export an adapter; this pawl speaks'],
    [
      'is half an adapter',
      "export default { spec: 'v1', id: 'Not An Id' };",
      'exports an adapter that is not whole: id is not what the contract says, title is missing',
    ],
    ['fails as it starts', "throw new Error('boom');", 'cannot be loaded: boom'],
    ['lacks something', "import 'nowhere-to-be-found';", "cannot be loaded: Cannot find package 'nowhere-to-be-found'"],
    ['has the name of one of ours', adapter('claude'), 'brings an adapter named claude, which pawl has already'],
  ])('that %s is refused by name, with the command that mends it', async (_, code, problem) => {
    const stage = named('pawl-echo');
    if (code !== undefined) install(stage, 'pawl-echo', code);
    const run = await stage.call('run', 'one', '--spec', 'spec.md');
    expect(run.code).toBe(5);
    expect(run.stderr.replace(/\s+/g, ' ')).toContain(
      `pawl-echo, named under providers: in .pawl/config.yaml, ${problem}`.replace(/\s+/g, ' '),
    );
    const agents = await stage.call('agents');
    expect(agents.code).toBe(0);
    expect(agents.stdout).toMatch(/\n✗ pawl-echo/);
    expect(agents.stdout.replace(/\s+/g, ' ')).toContain(`named under providers: ${problem}`);
    const { broken } = JSON.parse((await stage.call('agents', '--json')).stdout);
    expect(broken).toMatchObject([{ name: 'pawl-echo', hint: expect.any(String) }]);
  });

  test('twice under one name of agent: the second is refused', async () => {
    const stage = named('pawl-echo', 'pawl-other');
    install(stage, 'pawl-echo', adapter('echo'));
    install(stage, 'pawl-other', adapter('echo'));
    expect((await stage.call('run', 'one', '--spec', 'spec.md')).stderr).toContain(
      'pawl-other, named under providers: in .pawl/config.yaml, brings an adapter named echo, which pawl-echo has already',
    );
  });

  test('may be one of ours in the version of the repository, which goes before the one beside pawl', async () => {
    const stage = named('@pawl/provider-codex');
    install(stage, '@pawl/provider-codex', adapter('codex'));
    const { adapters, missing } = JSON.parse((await stage.call('agents', '--json')).stdout);
    const found = adapters.filter(({ provider }: { provider: string }) => provider === 'codex');
    expect(found).toMatchObject([{ title: 'An echo', package: '@pawl/provider-codex' }]);
    expect(missing).toEqual([]);
  });
});

test('nothing is loaded that is not named', async () => {
  const stage = openStage({ env: { PATH: '/usr/bin:/bin' } });
  const mark = join(stage.folder, 'loaded');
  const leaveMark = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(mark)}, '');\n`;
  install(stage, '@acme/pawl-provider-echo', leaveMark + adapter('echo'));
  install(stage, '@pawl/provider-codex', leaveMark + adapter('codex'));
  stage.write({ '.pawl/config.yaml': 'providers: []\n' });
  expect((await stage.call('agents')).stdout).not.toContain('An echo');
  expect(() => stage.read('../loaded')).toThrow('ENOENT');
});

test.each(['./plugin.mjs', '../plugin', '/opt/plugin', 'file:///x.js', 'node:fs', 'a/b', '@a/b/c', 'Upper', ''])(
  'no package is named %j',
  async (name) => {
    const stage = openStage();
    stage.write({ '.pawl/config.yaml': `providers:\n  - ${JSON.stringify(name)}\n` });
    const { code, stderr } = await stage.call('agents');
    expect(code).toBe(2);
    expect(stderr).toContain('write the name of an installed package');
    expect(stderr).toContain('config.yaml:2:5');
  },
);

test('a version that an adapter was not tried with works, and is told once', async () => {
  const stage = named('pawl-echo');
  install(stage, 'pawl-echo', adapter('echo').replace('known: true', 'known: false'));
  stage.write({
    '.pawl/config.yaml': 'providers: [pawl-echo]\nagents: { other: { provider: echo, model: x } }\n',
    '.pawl/workflows/one.yaml':
      'name: one\nsteps:\n  - { name: a, type: code, agent: echo-loud, prompt: p }\n  - { name: b, type: code, agent: other, prompt: p }\n',
  });
  stage.commit();
  const { code, stderr } = await stage.call('run', 'one', '--spec', 'spec.md');
  expect(code).toBe(0);
  expect(stderr.match(/An echo 3\.1\.4 is a version that its adapter was not tried with/g)).toHaveLength(1);
});
