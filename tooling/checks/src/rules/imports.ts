import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import type { Import } from '../imports.ts';
import { isAdapter, type Room, roomFor } from '../rooms.ts';
import type { SourceFile, WorkspacePackage } from '../tree.ts';

/** Modules that one package alone may use, so that its promises hold for all. */
const owners: Readonly<Record<string, { readonly folder: string; readonly why: string }>> = {
  child_process: { folder: 'packages/process', why: 'only packages/process starts processes: use @pawl/process' },
  cluster: { folder: 'packages/process', why: 'only packages/process starts processes: use @pawl/process' },
  execa: { folder: 'packages/process', why: 'only packages/process starts processes: use @pawl/process' },
  sqlite: { folder: 'packages/session-store', why: 'only packages/session-store knows SQLite: use its interface' },
};

/** Imports stay within the package, its table row and what its neighbours export. */
export function checkImports(packages: readonly WorkspacePackage[], rooms: readonly Room[]): readonly string[] {
  const ours = new Map(packages.map((one) => [one.manifest.name, one]));
  return packages.flatMap((one) => {
    const anywhere = [...one.sources, ...one.others].flatMap((file) =>
      file.imports.flatMap((found) => sentence(file, found, reachProblem(one, file, found, ours))),
    );
    const shipped = one.sources.flatMap((file) =>
      file.imports.flatMap((found) => sentence(file, found, roomProblem(one, file, rooms, found, ours))),
    );
    return [...anywhere, ...shipped];
  });
}

function sentence(file: SourceFile, found: Import, problem: string | undefined): readonly string[] {
  return problem === undefined ? [] : [`${file.path}:${found.line}: ${problem}.`];
}

/** Holds for tests too. */
function reachProblem(
  one: WorkspacePackage,
  file: SourceFile,
  { specifier }: Import,
  ours: ReadonlyMap<string, WorkspacePackage>,
): string | undefined {
  if (specifier.startsWith('.')) {
    const target = posix.join(posix.dirname(file.path), specifier);
    if (target.startsWith(`${one.folder}/`)) return undefined;
    return `${specifier} leaves the package: import the other one by its name`;
  }
  const [target, subpath] = ourTarget(specifier, ours);
  if (!target) return undefined;
  if (target.folder.startsWith('apps/') && target !== one) {
    return `nobody imports an app: move what you need of ${specifier} into a package`;
  }
  if (subpath !== '.' && !(subpath in (target.manifest.exports ?? {}))) {
    return `${specifier} is not exported: import what ${target.manifest.name} exports, or export it there`;
  }
  return undefined;
}

function roomProblem(
  one: WorkspacePackage,
  file: SourceFile,
  rooms: readonly Room[],
  { specifier, typeOnly }: Import,
  ours: ReadonlyMap<string, WorkspacePackage>,
): string | undefined {
  const room = roomFor(rooms, one.folder);
  if (!room) return undefined;
  const builtin = builtinName(specifier);
  if (builtin !== undefined && room.pure)
    return `a pure package has no ${specifier}: take what it gives as an argument`;
  const owner = owners[builtin ?? specifier];
  if (owner && owner.folder !== one.folder) return owner.why;

  const [target] = ourTarget(specifier, ours);
  if (!target || target === one || target.folder.startsWith('apps/')) return undefined;
  const { name } = target.manifest;
  if (isAdapter(room) && roomFor(rooms, target.folder) === room) {
    return `adapters do not know each other: what you share with ${name} belongs in provider-kit`;
  }
  const allowed = room.imports === 'everything' ? 'values' : room.imports.get(name);
  if (allowed === undefined) return `${one.folder} may not import ${name}: see the table of rooms in ARCHITECTURE.md`;
  const inTesting = allowed === 'types-but-in-testing' && file.path.startsWith(`${one.folder}/src/testing/`);
  if (allowed !== 'values' && !inTesting && !typeOnly)
    return `${one.folder} may import only types of ${name}: write import type`;
  const { dependencies, devDependencies, peerDependencies } = one.manifest;
  // An app is bundled, so its parts are development dependencies.
  const declared = { ...dependencies, ...peerDependencies, ...(one.folder.startsWith('apps/') ? devDependencies : {}) };
  return name in declared ? undefined : `${name} is not a dependency of ${one.folder}: add it to its package.json`;
}

function builtinName(specifier: string): string | undefined {
  if (specifier.startsWith('node:')) return specifier.slice('node:'.length).split('/')[0];
  return builtinModules.includes(specifier) ? specifier.split('/')[0] : undefined;
}

function ourTarget(
  specifier: string,
  ours: ReadonlyMap<string, WorkspacePackage>,
): readonly [WorkspacePackage | undefined, string] {
  const parts = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  const rest = parts.slice(length).join('/');
  return [ours.get(parts.slice(0, length).join('/')), rest === '' ? '.' : `./${rest}`];
}
