import { posix } from 'node:path';
import type { WorkspacePackage } from '../tree.ts';

/**
 * The web half of an application runs in a browser: it knows its own files, libraries, and of the server the types in
 * `wire.ts`, the door of the folder `wire`, which knows nothing but itself.
 */
export function checkWeb(packages: readonly WorkspacePackage[]): readonly string[] {
  return packages.flatMap((one) => {
    const [web, wire, subjects] = [`${one.folder}/web/`, `${one.folder}/wire.ts`, `${one.folder}/wire/`];
    return one.sources.flatMap((file) => {
      if (file.path === wire || file.path.startsWith(subjects))
        return file.imports
          .filter(({ specifier }) => !targetOf(file.path, specifier)?.startsWith(subjects))
          .map(
            ({ line }) => `${file.path}:${line}: wire.ts imports nothing but its subjects: write the type down here.`,
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
  const target = targetOf(path, specifier);
  if (target === undefined) return undefined;
  if (target === wire) return typeOnly ? undefined : `of wire.ts only types are imported: write import type`;
  return target.startsWith(web)
    ? undefined
    : `${specifier} is not of the web half: it may import wire.ts and nothing else`;
}

const targetOf = (path: string, specifier: string): string | undefined =>
  specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
