import { createHash, randomUUID } from 'node:crypto';
import { lstat, readdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRefs } from './guard-refs.ts';
import type { Repository } from './repository.ts';

/** Something of git's own that is not as it was. */
export interface GitChange {
  readonly kind: 'config' | 'hook' | 'attributes' | 'objects' | 'head' | 'ref' | 'link';
  /** The file, or the ref. */
  readonly path: string;
  readonly words: string;
}

type Kind = GitChange['kind'];
type State = ReadonlyMap<string, { readonly kind: Kind; readonly value: string }>;

const shared: readonly (readonly [Kind, string])[] = [
  ['config', 'config'],
  ['config', 'config.worktree'],
  ['config', 'info/sparse-checkout'],
  ['config', 'info/exclude'],
  ['attributes', 'info/attributes'],
  ['objects', 'objects/info/alternates'],
  ['objects', 'objects/info/http-alternates'],
  ['objects', 'info/grafts'],
  ['objects', 'shallow'],
  ['head', 'HEAD'],
];

/** Remembers git's own files and refs, and tells what became of them. What is watched outlives the process. */
export class Guard {
  /** Where the files are remembered while they are watched: beside the worktree, out of the agent's sight. */
  readonly #memory: string;
  readonly #repository: Repository;
  readonly #worktree: string;
  readonly #adminDir: string;
  /** By path: what its content was when it looked like this. */
  readonly #seen = new Map<string, { readonly look: string; readonly value: string }>();
  #state: State = new Map();

  private constructor(repository: Repository, worktree: string, adminDir: string, memory: string) {
    this.#memory = memory;
    this.#repository = repository;
    this.#worktree = worktree;
    this.#adminDir = adminDir;
  }

  static async take(repository: Repository, worktree: string, adminDir: string, own: string): Promise<Guard> {
    const guard = new Guard(repository, worktree, adminDir, join(own, 'watched.json'));
    guard.#state = await guard.#remembered(await guard.#look());
    return guard;
  }

  /** Refs are left out: there can be many, and they start no program. */
  async watch(): Promise<void> {
    const files = [...this.#state].filter(([, { kind }]) => !isPosition(kind));
    const draft = `${this.#memory}.${randomUUID()}`;
    await writeFile(draft, JSON.stringify(files), { mode: 0o600 });
    await rename(draft, this.#memory);
  }

  /** One that cannot be read vouches for nothing: all that is there is told as new. */
  async #remembered(now: State): Promise<State> {
    const text = await readFile(this.#memory, 'utf8').catch(() => undefined);
    if (text === undefined) return now;
    const positions = [...now].filter(([, { kind }]) => isPosition(kind));
    return new Map([...positions, ...readState(text)]);
  }

  async changes(): Promise<GitChange[]> {
    const before = this.#state;
    const now = await this.#look();
    this.#state = now;
    await rm(this.#memory, { force: true });
    const paths = [...new Set([...before.keys(), ...now.keys()])].sort();
    return paths.flatMap((path) => {
      const [old, current] = [before.get(path), now.get(path)];
      const kind = current?.kind ?? old?.kind;
      if (!kind || old?.value === current?.value) return [];
      return [{ kind, path, words: words(kind, path, old?.value, current?.value) }];
    });
  }

  async #look(): Promise<State> {
    const { commonDir, gitDir, context } = this.#repository;
    const state = new Map<string, { readonly kind: Kind; readonly value: string }>();
    const note = async (kind: Kind, path: string) => {
      const value = await this.#valueOf(path);
      if (value !== undefined) state.set(path, { kind, value });
    };
    for (const [kind, name] of shared) await note(kind, join(commonDir, name));
    if (gitDir !== commonDir) {
      await note('head', join(gitDir, 'HEAD'));
      await note('config', join(gitDir, 'config.worktree'));
    }
    for (const path of await below(join(commonDir, 'hooks'))) await note('hook', path);
    for (const name of ['commondir', 'gitdir']) await note('link', join(this.#adminDir, name));
    await note('config', join(this.#adminDir, 'config.worktree'));
    await note('link', join(this.#worktree, '.git'));
    for (const path of await below(join(commonDir, 'modules'))) {
      if (/\/(?:config|config\.worktree)$/.test(path)) await note('config', path);
      else if (/\/hooks\/[^/]+$/.test(path)) await note('hook', path);
      else if (/\/info\/attributes$/.test(path)) await note('attributes', path);
    }
    const home = context.env.HOME;
    const xdg = context.env.XDG_CONFIG_HOME || (home && join(home, '.config'));
    if (home) await note('config', join(home, '.gitconfig'));
    for (const name of ['config', 'attributes']) if (xdg) await note('config', join(xdg, 'git', name));
    for (const [kind, path] of this.#repository.settings.followed)
      for (const file of kind === 'hook' ? await below(path) : [path]) await note(kind, file);
    for (const [ref, value] of await readRefs(commonDir, (path) => this.#valueOf(path, 'text'))) {
      // These change what every commit seems to hold.
      state.set(ref, { kind: ref.startsWith('refs/replace/') ? 'objects' : 'ref', value });
    }
    return state;
  }

  /** Reads again only what looks other than last time; the time of the last change of a file cannot be set back. */
  async #valueOf(path: string, as: 'text' | 'digest' = 'digest'): Promise<string | undefined> {
    const found = await lstat(path, { bigint: true }).catch(() => undefined);
    if (!found) return undefined;
    const { ino, size, mode, mtimeNs, ctimeNs } = found;
    const look = [ino, size, mode, mtimeNs, ctimeNs].join(' ');
    const seen = this.#seen.get(path);
    if (seen?.look === look) return seen.value;
    const value = found.isSymbolicLink()
      ? `link to ${await readlink(path).catch(() => '')}`
      : found.isFile()
        ? await contentOf(path, Number(mode), as)
        : 'no file';
    this.#seen.set(path, { look, value });
    return value;
  }
}

const isPosition = (kind: Kind): boolean => kind === 'ref' || kind === 'head';

type Entry = [path: string, file: { readonly kind: Kind; readonly value: string }];

function readState(text: string): readonly Entry[] {
  try {
    const stored: unknown = JSON.parse(text);
    return Array.isArray(stored) ? stored.filter((entry): entry is Entry => Array.isArray(entry)) : [];
  } catch {
    return [];
  }
}

async function contentOf(path: string, mode: number, as: 'text' | 'digest'): Promise<string> {
  const bytes = await readFile(path).catch(() => Buffer.from('not readable'));
  if (as === 'text') return bytes.toString('latin1');
  return `${mode & 0o111 ? 'x' : '-'}${createHash('sha256').update(bytes).digest('hex')}`;
}

const most = 20_000;

/** Every file and link below, without following links. Objects are left out: they are named by their content. */
async function below(folder: string): Promise<string[]> {
  const found: string[] = [];
  const visit = async (at: string): Promise<void> => {
    for (const entry of await readdir(at, { withFileTypes: true }).catch(() => [])) {
      const path = join(at, entry.name);
      if (entry.isDirectory() && entry.name !== 'objects' && entry.name !== 'refs') await visit(path);
      else if (!entry.isDirectory() && found.length < most) found.push(path);
    }
  };
  const top = await lstat(folder).catch(() => undefined);
  if (top?.isSymbolicLink()) return [folder];
  await visit(folder);
  return found;
}

const names: Record<Kind, string> = {
  config: 'The git setting file',
  hook: 'The git hook',
  attributes: 'The git attributes file',
  objects: "The list of where git's objects lie,",
  head: 'What is checked out in the repository,',
  ref: 'The ref',
  link: "The worktree's link to its repository,",
};

function words(kind: Kind, path: string, old: string | undefined, now: string | undefined): string {
  const what = path.startsWith('refs/replace/')
    ? `What git shows in place of an object, ${path},`
    : `${names[kind]} ${path}`;
  if (kind === 'ref') {
    if (old === undefined) return `${what} is new: ${now}`;
    return now === undefined ? `${what} is gone; it was ${old}` : `${what} moved from ${old} to ${now}`;
  }
  return `${what} ${old === undefined ? 'is new' : now === undefined ? 'is gone' : 'has changed'}`;
}
