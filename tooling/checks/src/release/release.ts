import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTree } from '../tree.ts';
import { checkDashboard } from './dashboard.ts';
import { runPublint, runTypesCheck } from './linters.ts';
import { checkTarball, openTarball } from './tarball.ts';

export interface Released {
  readonly name: string;
  readonly violations: readonly string[];
}

/** Packs every published package of a built tree, as a release would, and looks at what users would get. */
export async function checkRelease(root: string): Promise<readonly Released[]> {
  const published = readTree(root).filter((one) => one.manifest.private !== true);
  const folder = mkdtempSync(join(tmpdir(), 'pawl-release-'));
  try {
    const packed = new Map<string, string>();
    const results: Released[] = [];
    for (const { folder: of, manifest } of published) {
      const { file, problem } = pack(join(root, of), folder);
      results.push({ name: manifest.name, violations: file === undefined ? [problem] : await checkPacked(file) });
      if (file !== undefined) packed.set(manifest.name, file);
    }
    return [...results, ...(await checkServed(packed.get('pawl'), packed.get('@pawl/dashboard')))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The dashboard, as it comes with pawl and beside it. */
async function checkServed(pawl: string | undefined, beside: string | undefined): Promise<readonly Released[]> {
  if (pawl === undefined || beside === undefined)
    return [{ name: 'npx pawl dashboard', violations: ['pawl and @pawl/dashboard are not both packed.'] }];
  return [
    { name: 'npx pawl dashboard', violations: await checkDashboard([pawl], ['pawl', 'dashboard']) },
    { name: 'npx pawl-dashboard', violations: await checkDashboard([pawl, beside], ['pawl-dashboard']) },
  ];
}

type Packed = { readonly file: string; readonly problem?: never } | { readonly file?: never; readonly problem: string };

function pack(folder: string, into: string): Packed {
  const run = spawnSync('pnpm', ['pack', '--json', '--pack-destination', into], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    shell: process.platform === 'win32',
  });
  if (run.status !== 0)
    return { problem: `pnpm pack failed: ${run.error?.message ?? `${run.stdout}${run.stderr}`.trim()}` };
  return { file: JSON.parse(run.stdout).filename };
}

/** A package with nothing but commands has no types to check. */
export async function checkPacked(path: string): Promise<readonly string[]> {
  const tarball = openTarball(path);
  const types = tarball.manifest.exports === undefined ? [] : runTypesCheck(path);
  return [...checkTarball(tarball), ...(await runPublint(path, tarball.manifest)), ...types];
}
