import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { type Import, importsOf } from './imports.ts';
import { type Token, tokenize } from './tokens.ts';

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface SourceFile {
  /** From the root, with `/`. */
  readonly path: string;
  readonly imports: readonly Import[];
  readonly tokens: readonly Token[];
}

export interface WorkspacePackage {
  /** From the root: `packages/core`. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** What ships: `src`, in an application also `bin`, and of one with a web half `server`, `web`, `wire.ts` and `wire`. */
  readonly sources: readonly SourceFile[];
  /** All the rest that is code: tests, benches, scripts, demos. */
  readonly others: readonly SourceFile[];
}

const shippedFolders = ['src', 'bin', 'server', 'web', 'wire'];
const skipped = new Set(['node_modules', 'dist', 'recordings', 'golden', 'histories', 'fixtures']);

/** All packages below `packages/` and `apps/`, with their code read. */
export function readTree(root: string): readonly WorkspacePackage[] {
  return ['packages', 'apps'].flatMap((group) =>
    foldersOf(join(root, group))
      .map((name) => posix.join(group, name))
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map((folder) => readPackage(root, folder)),
  );
}

function readPackage(root: string, folder: string): WorkspacePackage {
  const manifest: Manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const files = codeFiles(root, folder).map((path) => readSource(root, path));
  const ships = ({ path }: SourceFile) =>
    path === `${folder}/wire.ts` || shippedFolders.some((name) => path.startsWith(`${folder}/${name}/`));
  return { folder, manifest, sources: files.filter(ships), others: files.filter((file) => !ships(file)) };
}

function readSource(root: string, path: string): SourceFile {
  const tokens = tokenize(readFileSync(join(root, path), 'utf8'));
  return { path, tokens, imports: importsOf(tokens) };
}

function codeFiles(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder.split(sep).join('/'), entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : codeFiles(root, path);
    return entry.isFile() && /\.(ts|tsx|mts|js|mjs)$/.test(entry.name) ? [path] : [];
  });
}

function foldersOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}
