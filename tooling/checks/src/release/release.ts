import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTree, type WorkspacePackage } from '../tree.ts';
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
    const results: Released[] = [];
    for (const one of published) results.push({ name: one.manifest.name, violations: await check(root, one, folder) });
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function check(root: string, one: WorkspacePackage, folder: string): Promise<readonly string[]> {
  const run = spawnSync('pnpm', ['pack', '--json', '--pack-destination', folder], {
    cwd: join(root, one.folder),
    encoding: 'utf8',
    timeout: 60_000,
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) return [`pnpm pack failed: ${run.error?.message ?? `${run.stdout}${run.stderr}`.trim()}`];
  return checkPacked(JSON.parse(run.stdout).filename);
}

/** A package with nothing but commands has no types to check. */
export async function checkPacked(path: string): Promise<readonly string[]> {
  const tarball = openTarball(path);
  const types = tarball.manifest.exports === undefined ? [] : runTypesCheck(path);
  return [...checkTarball(tarball), ...(await runPublint(path, tarball.manifest)), ...types];
}
