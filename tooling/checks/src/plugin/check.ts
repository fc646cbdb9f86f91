import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { npm, type Ran, run } from './run.ts';

/** What an author of an adapter and its user need of ours. */
const ours = ['packages/process', 'packages/provider', 'packages/provider-kit', 'apps/cli'];

/**
 * Does what a third party does: installs our tarballs, builds the adapter, runs its tests, packs it; and then what a user does:
 * installs it in a repository, names it, runs a workflow with it. Returns what went wrong.
 */
export function checkPlugin(root: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-plugin-'));
  try {
    const tarballs = Object.fromEntries(ours.map((one) => packed(join(root, one), folder)));
    const plugin = join(folder, 'plugin');
    cpSync(join(root, 'examples/provider-plugin'), plugin, {
      recursive: true,
      filter: (path) => !/[\\/](node_modules|dist)$/.test(path),
    });
    pin(join(plugin, 'package.json'), tarballs);
    const built = [['install', '--no-audit', '--no-fund'], ['run', 'build'], ['test']].map((args) => npm(args, plugin));
    const failed = built.find(({ status }) => status !== 0) ?? used(plugin, folder, tarballs);
    return failed && `${failed.command} failed:\n${failed.output}`;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function packed(folder: string, destination: string): readonly [name: string, tarball: string] {
  const ran = run('pnpm', ['pack', '--json', '--pack-destination', destination], folder);
  if (ran.status !== 0) throw new Error(`${ran.command} failed:\n${ran.output}`);
  const { name, filename } = JSON.parse(ran.stdout) as { readonly name: string; readonly filename: string };
  return [name, filename];
}

/** Nothing of ours comes from the registry: neither what it needs itself, nor what that needs. */
function pin(file: string, tarballs: Readonly<Record<string, string>>): void {
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  for (const name of Object.keys(manifest.dependencies)) {
    const tarball = tarballs[name];
    if (tarball !== undefined) manifest.dependencies[name] = `file:${tarball}`;
  }
  manifest.overrides = { '@pawl/process': `file:${tarballs['@pawl/process']}` };
  for (const name of ['@pawl/provider']) manifest.overrides[name] = `$${name}`;
  writeFileSync(file, JSON.stringify(manifest, undefined, 2));
}

const workflow =
  'name: one\nsteps:\n  - name: work\n    type: code\n    agent: parrot-big\n    prompt: "{spec}"\n    gate: [{ bash: test -f a.txt }]\n';

/** In a repository that has installed it beside pawl, in a home of its own. */
function used(plugin: string, folder: string, tarballs: Readonly<Record<string, string>>): Ran | undefined {
  const repository = join(folder, 'repository');
  const bin = join(folder, 'bin');
  mkdirSync(join(repository, '.pawl/workflows'), { recursive: true });
  mkdirSync(bin);
  cpSync(join(plugin, 'bin/parrot.mjs'), join(bin, 'parrot'));
  const file = (name: string, text: string) => writeFileSync(join(repository, name), text);
  file('.gitignore', 'node_modules\n');
  file('spec.md', 'write a.txt: hello\n');
  file('.pawl/config.yaml', 'providers: ["@acme/pawl-provider-parrot"]\n');
  file('.pawl/workflows/one.yaml', workflow);
  const adapter = npm(['pack', '--json', '--pack-destination', folder], plugin);
  if (adapter.status !== 0) return adapter;
  const name = (JSON.parse(adapter.stdout) as readonly { readonly filename: string }[])[0]?.filename ?? '';
  const dependencies = { pawl: `file:${tarballs.pawl}`, '@acme/pawl-provider-parrot': `file:${join(folder, name)}` };
  const overrides = Object.fromEntries(
    ['@pawl/process', '@pawl/provider', '@pawl/provider-kit'].map((one) => [one, `file:${tarballs[one]}`]),
  );
  file('package.json', JSON.stringify({ name: 'shop', private: true, dependencies, overrides }));
  const env = {
    PATH: [bin, process.env.PATH].join(delimiter),
    HOME: folder,
    PAWL_HOME: join(folder, 'home'),
    NO_COLOR: '1',
  };
  const git = (...args: readonly string[]) =>
    run('git', ['-c', 'user.name=A User', '-c', 'user.email=user@localhost', ...args], repository, env);
  const pawl = (...args: readonly string[]) => run('node', ['node_modules/pawl/bin/pawl.js', ...args], repository, env);
  const steps = [
    () => npm(['install', '--no-audit', '--no-fund', '--omit=peer'], repository),
    () => git('init', '--quiet'),
    () => git('add', '--all'),
    () => git('commit', '--quiet', '--message=A shop'),
    () => has(pawl('agents'), '✓ parrot'),
    () => pawl('workflows', 'check', 'one'),
    () => pawl('run', 'one', '--spec', 'spec.md'),
    () => has(pawl('report', '--json'), '"passed"'),
  ];
  for (const step of steps) {
    const ran = step();
    if (ran.status !== 0) return ran;
  }
  return undefined;
}

/** It went well, and said this. */
const has = (ran: Ran, text: string): Ran =>
  ran.output.includes(text) ? ran : { ...ran, status: 1, output: `${ran.output}\n(it does not say ${text})` };
