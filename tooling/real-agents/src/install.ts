import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binFolder, clisFolder, type RealCli } from './clis.ts';
import { plainEnvironment } from './environment.ts';

/** Installs what is missing or not of the pinned version, and links every CLI into {@link binFolder}. */
export function installClis(clis: readonly RealCli[]): void {
  if (!clis.every(isInstalled)) {
    const args = ['install', '--frozen-lockfile', '--config.confirm-modules-purge=false'];
    console.error(`installing the real agents: pnpm ${args.join(' ')} (in ${clisFolder})`);
    const run = spawnSync('pnpm', args, {
      cwd: clisFolder,
      env: { ...plainEnvironment(process.env), PATH: process.env.PATH },
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: 300_000,
      shell: process.platform === 'win32',
    });
    if (run.status !== 0)
      throw new Error(`pnpm could not install the real agents: ${run.error ?? `exit ${run.status}`}`);
  }
  mkdirSync(binFolder, { recursive: true });
  const names = clis.map(({ name }) => name);
  for (const name of readdirSync(binFolder)) if (!names.includes(name)) rmSync(join(binFolder, name), { force: true });
  for (const cli of clis) {
    const found = installedVersion(cli);
    if (found !== cli.version) {
      throw new Error(
        `${cli.npmName} ${cli.version} is pinned and ${found ?? 'none'} runs here: delete clis/node_modules`,
      );
    }
    // In one step: another run of the suite may be starting it.
    const fresh = join(clisFolder, 'node_modules', '.cache', `${cli.name}.${process.pid}`);
    link(cli, fresh);
    renameSync(fresh, join(binFolder, cli.name));
  }
}

/** One that is interpreted becomes a script that is replaced by it. */
function link(cli: RealCli, path: string): void {
  if (cli.interpreted)
    writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${cli.locate()}' "$@"\n`, { mode: 0o755 });
  else symlinkSync(cli.locate(), path);
}

function isInstalled(cli: RealCli): boolean {
  return installedVersion(cli) === cli.version;
}

function installedVersion(cli: RealCli): string | undefined {
  try {
    const [file = '', ...args] = [...(cli.interpreted ? [process.execPath] : []), cli.locate(), '--version'];
    const run = spawnSync(file, args, {
      encoding: 'utf8',
      timeout: 30_000,
      env: { PATH: '/usr/bin:/bin' },
    });
    return /\d+\.\d+\.\d+\S*/.exec(run.stdout ?? '')?.[0];
  } catch {
    return undefined;
  }
}
