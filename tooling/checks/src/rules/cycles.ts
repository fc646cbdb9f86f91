import { posix } from 'node:path';
import type { WorkspacePackage } from '../tree.ts';

/** No cycle between packages, not even through tests, and none between the files of one package. */
export function checkCycles(packages: readonly WorkspacePackage[]): readonly string[] {
  const names = new Set(packages.map((one) => one.manifest.name));
  const between = new Map(
    packages.map(({ manifest }) => {
      const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.peerDependencies };
      return [manifest.name, Object.keys(all).filter((name) => names.has(name))];
    }),
  );
  const packageCycle = findCycle(between);
  const found = packageCycle
    ? [`package.json files: ${packageCycle.join(' -> ')} is a cycle: move what both need into one below.`]
    : [];
  for (const one of packages) {
    const cycle = findCycle(fileGraph(one));
    if (cycle) found.push(`${cycle.join(' -> ')} is an import cycle: move what both need into a file of its own.`);
  }
  return found;
}

/** Type-only imports vanish before anything is loaded, so they make no cycle. */
function fileGraph(one: WorkspacePackage): ReadonlyMap<string, readonly string[]> {
  return new Map(
    one.sources.map((file) => {
      const relative = file.imports.filter((found) => !found.typeOnly && found.specifier.startsWith('.'));
      return [file.path, relative.map((found) => posix.join(posix.dirname(file.path), found.specifier))];
    }),
  );
}

/** A cycle as the names along it, the first one again at its end. */
export function findCycle(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return undefined;
    for (const next of graph.get(name) ?? []) {
      const cycle = visit(next, [...path, name]);
      if (cycle) return cycle;
    }
    done.add(name);
    return undefined;
  };
  for (const name of graph.keys()) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}
