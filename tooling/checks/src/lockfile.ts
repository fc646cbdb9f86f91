import { parse } from 'yaml';

interface LockedPackage {
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
}

/** Where contributors work. Registries may lag behind with some of these, and a lockfile then installs on one system only. */
const wanted: Readonly<Record<string, (binary: LockedPackage) => boolean>> = {
  'macOS on arm64': (binary) => runsOn(binary, 'darwin', 'arm64'),
  'macOS on x64': (binary) => runsOn(binary, 'darwin', 'x64'),
  Windows: (binary) => runsOn(binary, 'win32'),
  'Linux on arm64': (binary) => runsOn(binary, 'linux', 'arm64'),
};
/** Node itself, which the other systems bring along; and what rollup names for one system alone and does without elsewhere. */
const onPurpose = new Set(['node', '@napi-rs/lzma']);
const platform = /[-/](aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|wasm32|win32|windows)\b.*$/;

/** One sentence for each family of platform binaries that lacks one for a wanted system. */
export function missingPlatforms(lockfile: string): readonly string[] {
  const { packages = {} }: { packages?: Readonly<Record<string, LockedPackage>> } = parse(lockfile);
  const families = new Map<string, LockedPackage[]>();
  for (const [key, locked] of Object.entries(packages)) {
    const at = key.lastIndexOf('@');
    const name = key.slice(0, at);
    const family = name.replace(platform, '');
    if (family === name || onPurpose.has(family) || locked.os === undefined) continue;
    const id = `${family}@${key.slice(at + 1)}`;
    families.set(id, [...(families.get(id) ?? []), locked]);
  }
  return [...families].flatMap(([family, binaries]) =>
    Object.entries(wanted)
      .filter(([, fits]) => !binaries.some(fits))
      .map(([system]) => `${family} has no binary for ${system}: pin the newest version that has one in the catalog.`),
  );
}

function runsOn(binary: LockedPackage, os: string, cpu?: string): boolean {
  return (binary.os ?? []).includes(os) && (cpu === undefined || (binary.cpu ?? []).includes(cpu));
}
