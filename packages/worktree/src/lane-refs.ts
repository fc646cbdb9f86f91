import { WorktreeError } from './errors.ts';
import { type GitCall, gitFailed, runGit } from './git.ts';
import type { LaneRecord, Place } from './lane-place.ts';
import type { Repository } from './repository.ts';

/** A lane's names in the repository, and what they stand for. */
export class LaneRefs {
  readonly #repository: Repository;
  readonly #place: Place;
  readonly #record: LaneRecord;
  /** Trees of commits, so that git need not be asked. */
  readonly #trees = new Map<string, string>();

  constructor(repository: Repository, place: Place, record: LaneRecord) {
    this.#repository = repository;
    this.#place = place;
    this.#record = record;
  }

  get branch(): string {
    return `refs/heads/${this.#place.branch}`;
  }

  know(commit: string, tree: string): void {
    this.#trees.set(commit, tree);
  }

  knownTree(commit: string): string | undefined {
    return this.#trees.get(commit);
  }

  async treeOf(commit: string): Promise<string> {
    const known = this.#trees.get(commit);
    if (known) return known;
    const [tree] = await this.#ask(`${commit}^{tree}`);
    if (!tree) throw unknownCommit(commit);
    this.#trees.set(commit, tree);
    return tree;
  }

  /** One process for all. The last one missing tells which of several it was. */
  async resolve(names: readonly string[]): Promise<{ commit: string; tree: string }[]> {
    const answers = await this.#ask(...names.flatMap((name) => [`${name}^{commit}`, `${name}^{tree}`]));
    return names.map((name, index) => {
      const [commit, tree] = [answers[2 * index], answers[2 * index + 1]];
      if (!commit || !tree) throw unknownCommit(names.length === 1 ? name : names.join(', '));
      this.know(commit, tree);
      return { commit, tree };
    });
  }

  async hasCommit(commit: string): Promise<boolean> {
    return (await this.run(['cat-file', '-e', `${commit}^{commit}`])).code === 0;
  }

  async isIn(commit: string, tip: string): Promise<boolean> {
    return (await this.run(['merge-base', '--is-ancestor', commit, tip])).code === 0;
  }

  async update(lines: readonly string[]): Promise<void> {
    const result = await this.tryUpdate(lines);
    if (result.code !== 0) throw gitFailed(this.#call(['update-ref']), result);
  }

  /** One transaction. Never through a symbolic ref: the agent could have pointed ours to a branch of the user. */
  tryUpdate(lines: readonly string[]) {
    return this.run(['update-ref', '--no-deref', '--stdin'], `${lines.join('\n')}\n`);
  }

  run(args: readonly string[], stdin?: string) {
    return runGit(this.#repository.context, { ...this.#call(args), ...(stdin !== undefined && { stdin }) });
  }

  async #ask(...names: string[]): Promise<string[]> {
    const result = await this.run(['rev-parse', '--quiet', ...names, '--']);
    return result.code === 0 ? result.stdout.split('\n').filter((line) => line !== '--') : [];
  }

  #call(args: readonly string[]): GitCall {
    const { adminDir } = this.#record;
    return { cwd: this.#place.own, args, variables: { GIT_DIR: adminDir, GIT_COMMON_DIR: this.#repository.commonDir } };
  }
}

export function unknownCommit(commit: string): WorktreeError {
  return new WorktreeError('unknown-commit', `There is no commit ${commit} in the repository.`);
}

/** Somebody else has moved the branch of a lane. */
export function branchMoved(branch: string, at: string, expected: string): WorktreeError {
  const back = `git branch --force ${branch} ${expected}`;
  return new WorktreeError(
    'branch-moved',
    `The branch ${branch} is at ${at}, not at ${expected}, where it was left: ${back} puts it back.`,
  );
}
