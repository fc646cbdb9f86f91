import { createHash } from 'node:crypto';
import type { FileChange } from '@pawl/core';
import { RunnerError } from '../src/errors.ts';
import type { Lane, WorktreeFiles, Worktrees } from '../src/ports.ts';

type Files = ReadonlyMap<string, string>;
interface FakeCommit {
  readonly parent: string | undefined;
  readonly files: Files;
  readonly subject: string;
  readonly trailers: Readonly<Record<string, string>>;
}

/** Lanes as maps of files, with commits that know their content: the same content is the same commit. */
export class FakeRepository {
  readonly commits = new Map<string, FakeCommit>();
  readonly lanes = new Map<string, FakeLane>();
  /** Folders that are no lanes, by their path. */
  readonly scratches = new Map<string, Map<string, string>>();
  readonly base: string;
  /** Calls by name, to be counted. */
  readonly calls: string[] = [];
  /** Subjects of commits that a merge or an advance really put on a branch, in order. */
  readonly merged: string[] = [];
  readonly advanced: string[] = [];

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.base = this.commit({
      parent: undefined,
      files: new Map(Object.entries(files)),
      subject: 'base',
      trailers: {},
    });
  }

  commit(commit: FakeCommit): string {
    const content = JSON.stringify([commit.parent, [...commit.files].sort(), commit.subject]);
    const id = createHash('sha1').update(content).digest('hex');
    this.commits.set(id, commit);
    return id;
  }

  readonly filesOf = (id: string): Files => {
    const commit = this.commits.get(id);
    if (!commit) throw Object.assign(new Error(`no commit ${id}`), { code: 'unknown-commit' });
    return commit.files;
  };

  filesAt(path: string): Map<string, string> | undefined {
    return this.lanes.get(path)?.files ?? this.scratches.get(path);
  }

  lane(name: string, run = 'r1'): FakeLane {
    const lane = this.lanes.get(`/lanes/${run}/${name}`);
    if (!lane) throw new Error(`no lane ${name}: ${[...this.lanes.keys()].join(', ')}`);
    return lane;
  }

  readonly worktrees: Worktrees = {
    open: async ({ run, name, base }) => {
      this.calls.push(`open ${name}`);
      const path = `/lanes/${run}/${name}`;
      const lane = this.lanes.get(path) ?? new FakeLane(this, path, base);
      this.lanes.set(path, lane);
      return lane;
    },
    changedFiles: async (from, to) => changes(this.filesOf(from), this.filesOf(to)).map(({ path }) => path),
  };

  readonly worktreeFiles: WorktreeFiles = {
    read: async (worktree, path, maxBytes) => {
      const text = this.filesAt(worktree)?.get(path);
      if (text !== undefined && text.length > maxBytes) throw new RunnerError('file-too-large', `${path} is too large`);
      return text;
    },
    remove: async (worktree, path) => {
      const files = this.filesAt(worktree);
      for (const name of files?.keys() ?? []) if (name === path || name.startsWith(`${path}/`)) files?.delete(name);
    },
    names: async (worktree) => {
      const { files } = this.lanes.get(worktree) ?? { files: new Map() };
      return [...new Set([...files.keys()].map((path) => path.split('/')[0] ?? path))];
    },
    emptyFolder: (worktree, path) => this.worktreeFiles.remove(worktree, path),
  };
}

export class FakeLane implements Lane {
  readonly path: string;
  readonly branch: string;
  readonly files: Map<string, string>;
  head: string;
  readonly #repository: FakeRepository;

  constructor(repository: FakeRepository, path: string, base: string) {
    this.#repository = repository;
    this.path = path;
    this.branch = `pawl${path.slice('/lanes'.length)}`;
    this.files = new Map(repository.filesOf(base));
    this.head = base;
  }

  checkpoint: Lane['checkpoint'] = async ({ name, since, message }) => {
    this.#repository.calls.push(`checkpoint ${name}`);
    const kept = new Map([...this.files].filter(([path]) => !/^\.(pawl|gump)\/out\//.test(path)));
    const files = changes(this.#repository.filesOf(since), kept);
    const commit =
      files.length === 0
        ? since
        : this.#repository.commit({ parent: since, files: kept, subject: message, trailers: {} });
    const diff = files.map(({ path, change }) => `${change} ${path}: ${kept.get(path) ?? ''}\n`).join('');
    const tree = `tree of ${[...kept].sort().map(([path, text]) => `${path}=${text}`)}`;
    return { commit, tree, files, insertions: files.length, deletions: 0, diff };
  };

  reset: Lane['reset'] = async (to) => {
    this.#repository.calls.push('reset');
    this.files.clear();
    for (const [path, text] of this.#repository.filesOf(to)) this.files.set(path, text);
  };

  advance: Lane['advance'] = async ({ from, checkpoint, subject, trailers }) => {
    this.#repository.calls.push('advance');
    const files = this.#repository.filesOf(checkpoint);
    const commit = this.#repository.commit({ parent: from, files, subject, trailers });
    if (this.head === commit) return commit;
    if (this.head !== from) throw Object.assign(new Error('the branch moved'), { code: 'branch-moved' });
    this.head = commit;
    this.#repository.advanced.push(`${subject} on ${this.branch}`);
    return commit;
  };

  /** What somebody did to git's own files; told once. */
  planted: { readonly kind: string; readonly words: string }[] = [];
  watched = false;
  watch: Lane['watch'] = async () => {
    this.watched = true;
  };
  verify: Lane['verify'] = async () => {
    this.watched = false;
    return this.planted.splice(0);
  };
  bringIn: Lane['bringIn'] = async () => ({ left: [] });

  /** Each commit of the other lane, file by file. */
  merge: Lane['merge'] = async ({ from, base, head, resolution }) => {
    const { commits, filesOf } = this.#repository;
    this.#repository.calls.push(`merge ${commits.get(from)?.subject} into ${this.branch}`);
    const theirs: string[] = [];
    for (let id: string | undefined = from; id !== base; id = commits.get(id)?.parent) {
      if (id === undefined) throw Object.assign(new Error('not on its base'), { code: 'not-linear' });
      theirs.unshift(id);
    }
    // As in git: with nothing to bring, files that nobody has recorded stay.
    if (theirs.length === 0) return { commit: head };
    let tip = head;
    for (const id of theirs) {
      const commit = commits.get(id)!;
      const [was, now, ours] = [filesOf(commit.parent!), commit.files, new Map(filesOf(tip))];
      const conflict = changes(was, now).filter(
        ({ path }) => ours.get(path) !== was.get(path) && ours.get(path) !== now.get(path),
      );
      if (conflict.length > 0 && resolution === undefined)
        return { conflict: { files: conflict.map(({ path }) => path) } };
      for (const { path, change } of changes(was, now))
        if (change === 'deleted') ours.delete(path);
        else ours.set(path, now.get(path)!);
      const resolved = resolution !== undefined && (conflict.length > 0 || id === theirs.at(-1));
      tip = this.#repository.commit({ ...commit, parent: tip, files: resolved ? filesOf(resolution) : ours });
    }
    if (this.head !== head && this.head !== tip)
      throw Object.assign(new Error('the branch moved'), { code: 'branch-moved' });
    if (this.head === head) this.#repository.merged.push(...theirs.map((id) => commits.get(id)!.subject));
    this.head = tip;
    this.files.clear();
    for (const [path, text] of filesOf(tip)) this.files.set(path, text);
    return { commit: tip };
  };

  /** Both sides of every file that both have changed. */
  stageConflict: Lane['stageConflict'] = async ({ base, head, onto }) => {
    const [was, theirs, files] = [base, head, onto].map((id) => new Map(this.#repository.filesOf(id)));
    const conflicts: string[] = [];
    for (const { path } of changes(was!, theirs!)) {
      const [ours, own] = [files!.get(path), theirs!.get(path)];
      if (ours === was!.get(path)) files!.set(path, own ?? '');
      else if (ours !== own) {
        files!.set(path, `<<<<<<< ${'0'.repeat(40)}\n${ours}\n=======\n${own}\n>>>>>>> ${'1'.repeat(40)}\n`);
        conflicts.push(path);
      }
    }
    const commit = this.#repository.commit({ parent: head, files: files!, subject: 'conflict', trailers: {} });
    await this.reset(commit);
    return { commit, files: conflicts };
  };

  remove: Lane['remove'] = async () => {
    this.#repository.calls.push(`remove ${this.branch}`);
    this.#repository.lanes.delete(this.path);
  };

  /** The branch from its first commit on: subjects and files. */
  history(): { subject: string; files: Record<string, string>; trailers: Readonly<Record<string, string>> }[] {
    const found = [];
    for (let id: string | undefined = this.head; id; id = this.#repository.commits.get(id)?.parent) {
      const commit = this.#repository.commits.get(id)!;
      found.unshift({ subject: commit.subject, files: Object.fromEntries(commit.files), trailers: commit.trailers });
    }
    return found.slice(1);
  }
}

function changes(from: Files, to: Files): FileChange[] {
  const paths = [...new Set([...from.keys(), ...to.keys()])].sort();
  return paths.flatMap((path): FileChange[] => {
    if (from.get(path) === to.get(path)) return [];
    return [{ path, change: !from.has(path) ? 'added' : to.has(path) ? 'modified' : 'deleted', insertions: 1 }];
  });
}
