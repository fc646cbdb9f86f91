import { lstat, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Diff, type RawChange, runDiff } from './diff.ts';
import { type GitContext, git, gitFailed, readable, runGit } from './git.ts';
import { copyIndex } from './lane-place.ts';
import { pulledFiles } from './pulled-files.ts';
import { makeShadow, type Shadow, type ShadowSource } from './shadow.ts';

const outFolders = ['.pawl/out/', '.gump/out/'];
const gitLink = '160000';

/** Looks at the files of a worktree through an index of our own. Calls must not overlap. */
export class Snapshots {
  readonly #context: GitContext;
  readonly #source: ShadowSource;
  readonly #root: string;
  readonly #folder: string;
  /** Repositories inside the worktree that are no submodules of the base: `a/b/`, bytes as `latin1`. */
  readonly #nested = new Set<string>();
  /** Paths from the user's checkout; as in the record. */
  readonly #brought: Set<string>;
  readonly index: string;

  constructor(context: GitContext, source: ShadowSource, root: string, folder: string, brought: readonly string[]) {
    this.#context = context;
    this.#source = source;
    this.#root = root;
    this.#folder = folder;
    this.#brought = new Set(brought);
    this.index = join(folder, 'index');
  }

  get skipped(): string[] {
    return [...this.#nested].map(readable).sort();
  }

  leaveOut(path: string): void {
    this.#brought.add(path);
  }

  async shadow(): Promise<Shadow> {
    // Only the process that owns the lane works on this index, and its git calls have ended.
    await rm(`${this.index}.lock`, { force: true });
    return makeShadow(this.#source, this.#folder, this.#root, excludesOf([...this.#nested, ...this.#brought]));
  }

  /** The tree of the files as they are: tracked and untracked, but what is ignored, nested or an output of pawl. */
  async tree(): Promise<string> {
    await this.#forgetNested();
    let shadow = await this.shadow();
    const before = `${this.index}.before`;
    await copyIndex(this.index, before);
    const first = await runGit(this.#context, shadow.call(['add', '-A']));
    if (first.code !== 0 || first.stderr.includes('embedded git repository')) {
      await copyIndex(before, this.index);
      await this.#findNested(shadow);
      shadow = await this.shadow();
      const second = shadow.call(['add', '-A']);
      const result = await runGit(this.#context, second);
      if (result.code !== 0) throw gitFailed(second, result);
    }
    await rm(before, { force: true });
    await this.#takeOutBrought(shadow);
    return this.#writeTree(shadow);
  }

  /** What changed since a commit; takes back what must not be in a checkpoint, so the tree may be another one. */
  async compare(since: string, tree: string, maxDiffBytes: number): Promise<Diff & { readonly tree: string }> {
    const shadow = await this.shadow();
    const call = (args: readonly string[], maxBytes: number) => shadow.call(args, { maxBytes });
    const { raw, ...diff } = await runDiff(this.#context, call, { from: since, to: tree, maxDiffBytes });
    const place = { context: this.#context, commonDir: this.#source.commonDir };
    const pulled = await pulledFiles(place, shadow, this.#root, raw);
    const unwanted = raw.filter((change) => isUnwanted(change) || pulled.has(change));
    if (unwanted.length === 0) return { ...diff, tree };
    for (const { path, newMode, oldMode } of unwanted) {
      if (newMode === gitLink && oldMode === '000000') this.#nested.add(`${path}/`);
    }
    const lines = unwanted.map(({ oldMode, oldId, path }) => `${oldMode.replace(/^0+$/, '0')} ${oldId}\t${path}\0`);
    await git(this.#context, shadow.call(['update-index', '-z', '--index-info'], { stdin: lines.join('') }));
    return this.compare(since, await this.#writeTree(shadow), maxDiffBytes);
  }

  /** An ignore rule of the agent's can bring back what ours leave out. */
  async #takeOutBrought(shadow: Shadow): Promise<void> {
    if (this.#brought.size === 0) return;
    const stdin = [...this.#brought].map((path) => `${path}\0`).join('');
    await git(this.#context, shadow.call(['update-index', '--force-remove', '-z', '--stdin'], { stdin }));
  }

  async #writeTree(shadow: Shadow): Promise<string> {
    return (await git(this.#context, shadow.call(['write-tree']))).stdout.trim();
  }

  async #findNested(shadow: Shadow): Promise<void> {
    const args = ['ls-files', '-z', '--others', '--exclude-standard'];
    const { stdout } = await git(this.#context, shadow.call(args));
    // A folder stands there only when git would not look into it.
    for (const path of stdout.split('\0')) if (path.endsWith('/')) this.#nested.add(path);
  }

  async #forgetNested(): Promise<void> {
    for (const path of this.#nested) {
      const place = Buffer.concat([Buffer.from(`${this.#root}/`), Buffer.from(`${path}.git`, 'latin1')]);
      const found = await lstat(place).catch(() => undefined);
      if (!found) this.#nested.delete(path);
    }
  }
}

function isUnwanted({ path, oldMode, newMode }: RawChange): boolean {
  return oldMode === gitLink || newMode === gitLink || outFolders.some((folder) => path.startsWith(folder));
}

/** Ignore patterns for what is in no checkpoint; bytes as `latin1`. */
export function excludesOf(paths: readonly string[]): string {
  return [...outFolders, ...paths].map((path) => `/${pattern(path)}\n`).join('');
}

/** A pattern for exactly this path; a line break cannot be said in one. */
function pattern(path: string): string {
  return path.replaceAll(/[\\*?[\]!# ]/g, '\\$&').replaceAll(/[\r\n]/g, '?');
}
