import { posix } from 'node:path';
import type { WorkspacePackage } from '../tree.ts';

/**
 * The web half of an application runs in a browser: it knows its own files, libraries, and of the server the types in
 * `wire.ts`, which knows nothing itself.
 */
export function checkWeb(packages: readonly WorkspacePackage[]): readonly string[] {
  return packages.flatMap((one) => {
    const [web, wire] = [`${one.folder}/web/`, `${one.folder}/wire.ts`];
    return one.sources.flatMap((file) => {
      if (file.path === wire)
        return file.imports.map(
          ({ line }) => `${file.path}:${line}: wire.ts imports nothing: write the type down here.`,
        );
      if (!file.path.startsWith(web)) return [];
      return file.imports.flatMap(({ specifier, line, typeOnly }) => {
        const problem = webProblem(file.path, specifier, { web, wire, typeOnly });
        return problem === undefined ? [] : [`${file.path}:${line}: ${problem}.`];
      });
    });
  });
}

function webProblem(
  path: string,
  specifier: string,
  { web, wire, typeOnly }: { readonly web: string; readonly wire: string; readonly typeOnly: boolean },
): string | undefined {
  if (specifier.startsWith('@pawl/') || specifier === 'pawl')
    return `the web half may not import ${specifier}: what it needs to know comes through wire.ts`;
  if (specifier.startsWith('node:')) return `the web half runs in a browser: there is no ${specifier}`;
  if (!specifier.startsWith('.')) return undefined;
  const target = posix.join(posix.dirname(path), specifier);
  if (target === wire) return typeOnly ? undefined : `of wire.ts only types are imported: write import type`;
  return target.startsWith(web)
    ? undefined
    : `${specifier} is not of the web half: it may import wire.ts and nothing else`;
}
