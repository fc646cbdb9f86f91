import { execFileSync } from 'node:child_process';
import type { Manifest } from '../tree.ts';

export interface TarballManifest extends Manifest {
  readonly license?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
}

export interface Tarball {
  /** Paths within the package. */
  readonly files: readonly string[];
  readonly manifest: TarballManifest;
  read(path: string): string;
}

const shipped = [
  /^dist\//,
  /^bin\//,
  /^schemas\/[^/]+\.schema\.json$/,
  /^man\/[^/]+\.1$/,
  /^package\.json$/,
  /^README\.md$/,
  /^LICENSE$/,
  /^NOTICE$/,
  /^CHANGELOG\.md$/,
];
const neverShipped = /(^|\/)(src|test|tests|bench|recordings|fixtures|node_modules)\/|\.test\.|\.map$|\.tsbuildinfo$/;
const installScripts = ['preinstall', 'install', 'postinstall', 'prepare'];

export function openTarball(path: string): Tarball {
  const tar = (args: readonly string[]) =>
    execFileSync('tar', [...args], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const read = (name: string) => tar(['-xzOf', path, `package/${name}`]);
  const files = tar(['-tzf', path])
    .split('\n')
    .filter((name) => name !== '' && !name.endsWith('/'))
    .map((name) => name.replace(/^package\//, ''));
  return { files, read, manifest: JSON.parse(read('package.json')) };
}

/** What a published package must and must not hold: one sentence for each violation. */
export function checkTarball(tarball: Tarball): readonly string[] {
  const { files, manifest } = tarball;
  const found: string[] = [];
  for (const file of files) {
    if (!shipped.some((pattern) => pattern.test(file)) || neverShipped.test(file)) {
      found.push(`${file} is in the tarball: leave it out of "files".`);
    }
  }
  for (const file of ['LICENSE', 'README.md']) {
    if (!files.includes(file)) found.push(`${file} is not in the tarball: put one beside package.json.`);
  }
  if (manifest.license !== 'Apache-2.0') found.push(`the license is ${manifest.license}: write Apache-2.0.`);
  for (const name of installScripts.filter((script) => manifest.scripts?.[script] !== undefined)) {
    found.push(`the script ${name} would run on install: remove it.`);
  }
  if (JSON.stringify(manifest.exports ?? {}).includes('@pawl/source')) {
    found.push('its exports name a source that is not shipped: give publishConfig the exports without @pawl/source.');
  }
  const ranges = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
  for (const [name, range] of Object.entries(ranges)) {
    if (/^(workspace|catalog|link|file):/.test(range)) found.push(`${name} is asked for as ${range}: pack with pnpm.`);
  }
  return [...found, ...checkBins(tarball)];
}

function checkBins({ files, manifest, read }: Tarball): readonly string[] {
  const bins = typeof manifest.bin === 'string' ? [manifest.bin] : Object.values(manifest.bin ?? {});
  return bins.flatMap((bin) => {
    const path = bin.replace(/^\.\//, '');
    if (!files.includes(path)) return [`its bin ${bin} is not in the tarball: build first, and list it in "files".`];
    return read(path).startsWith('#!/usr/bin/env node\n')
      ? []
      : [`its bin ${bin} does not begin with #!/usr/bin/env node.`];
  });
}
