import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { readTree } from './tree.ts';

const skipped = new Set(['node_modules', 'dist', '.git', '.turbo', 'coverage']);
/** Output of real programs, kept as it came: it may say where it was made. */
const asItCame = new Set(['recordings', 'golden', 'histories']);

/** Files below a root that belong to the project, with `/`, recordings left out. */
export function projectFiles(root: string, folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    // In a linked worktree `.git` is a file.
    if (skipped.has(entry.name)) return [];
    if (entry.isDirectory()) return asItCame.has(entry.name) ? [] : projectFiles(root, path);
    return entry.isFile() ? [path] : [];
  });
}

/** Links, folders and package names in a document that lead nowhere. */
export function deadReferences(root: string, path: string): readonly string[] {
  const text = readFileSync(join(root, path), 'utf8');
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  const names = new Set(readTree(root).map((one) => one.manifest.name));
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  const relative = targets.filter((target) => !/^([a-z]+:|#)/.test(target)).map((target) => target.split('#')[0] ?? '');
  const folders = exact(prose.matchAll(/\b(?:packages|apps|tooling)\/[a-z-]+\*?/g));
  const packages = exact(text.matchAll(/@pawl\/[a-z-]+\*?/g));
  return [
    ...relative
      .filter((target) => !existsSync(join(root, posix.dirname(path), target)))
      .map((target) => `${path}: the link ${target} leads nowhere.`),
    ...folders.filter((folder) => !existsSync(join(root, folder))).map((folder) => `${path}: there is no ${folder}.`),
    ...packages
      .filter((name) => name !== '@pawl/source' && !names.has(name) && !isTool(root, name))
      .map((name) => `${path}: there is no package ${name}.`),
  ];
}

/** A pattern such as `packages/provider-*` or `packages/provider-<id>` names nothing exact. */
function exact(matches: Iterable<RegExpMatchArray>): readonly string[] {
  return [...matches].map((match) => match[0]).filter((name) => !/[*-]$/.test(name));
}

function isTool(root: string, name: string): boolean {
  return existsSync(join(root, 'tooling', name.replace('@pawl/', '')));
}

/** What must not stand in a file that others get: few and narrow, so that fictional paths in tests are fine. */
const foreign: readonly (readonly [RegExp, string])[] = [
  // With a registry's host in it, a lockfile or a document works behind one network only.
  [/\bregistry\.[a-z0-9-]+\.[a-z]/i, 'a registry host'],
  // Absolute, below the folders where this tends to be written: not `src/work/`, not `~/root/`.
  [/(?<![\w.*~}-])\/(root|work)\/[\w.-]/, 'a path of one machine'],
];

/** Lines of a text that name what only one machine has. */
export function foreignNames(path: string, text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      foreign
        .filter(([pattern]) => pattern.test(line))
        .map(([, what]) => `${path}:${index + 1}: it names ${what}: ${line.trim().slice(0, 120)}`),
    );
}
