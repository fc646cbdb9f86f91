import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { WorktreeError } from './errors.ts';
import { type GitCall, type GitContext, type GitResult, git, gitFailed, readable, runGit } from './git.ts';
import { readSettings, type Settings } from './settings.ts';
import { withShadow } from './shadow.ts';

export interface Repository {
  /** Top folder of the checkout. */
  readonly root: string;
  /** What its worktrees share. */
  readonly commonDir: string;
  /** This checkout's own part of it. */
  readonly gitDir: string;
  readonly head: {
    readonly commit: string;
    readonly tree: string /** Undefined: detached. */;
    readonly branch?: string;
  };
  /** From the root to where it was opened, with a `/` at its end; `''` at the root. */
  readonly prefix: string;
  readonly objectFormat: 'sha1' | 'sha256';
  readonly settings: Settings;
  readonly context: GitContext;
  /** Changes that are not in HEAD: staged, unstaged or untracked. */
  isDirty(): Promise<boolean>;
}

export interface OpenRepositoryOptions {
  /** Where PATH, HOME and XDG_CONFIG_HOME are taken from. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Deadline of each git call. Default two minutes. */
  readonly timeoutMs?: number;
  /** Told before each git process that is started. */
  readonly onGit?: (args: readonly string[]) => void;
}

export async function openRepository(cwd: string, options: OpenRepositoryOptions = {}): Promise<Repository> {
  const { env = process.env, timeoutMs = 120_000, onGit } = options;
  const context: GitContext = { env, timeoutMs, ...(onGit && { onGit }) };
  await checkVersion(context, cwd);
  const [gitDir, commonDir, format] = await places(context, cwd);
  const [root, prefix, commit, tree, symbolic] = await position(context, cwd);
  const settings = await readSettings(context, cwd, commonDir);
  const branch = symbolic.startsWith('refs/heads/') ? symbolic.slice('refs/heads/'.length) : undefined;
  const repository = {
    root: await realpath(root),
    commonDir,
    gitDir,
    head: { commit, tree, ...(branch !== undefined && { branch }) },
    prefix,
    objectFormat: format,
    settings,
    context,
  };
  return { ...repository, isDirty: async () => (await changesOf(repository)).length > 0 };
}

export interface Change {
  readonly path: string;
  readonly staged: boolean;
}

/** Of the user's checkout, without taking its index lock and without its filters. */
export async function changesOf(repository: Omit<Repository, 'isDirty'>): Promise<Change[]> {
  const args = ['status', '--porcelain', '-z', '--untracked-files=all', '--ignore-submodules=dirty', '--no-renames'];
  const result = await withShadow(repository, (shadow) =>
    git(repository.context, shadow.call(args, { index: `${repository.gitDir}/index` })),
  );
  const records = result.stdout.split('\0').slice(0, -1);
  return records.map((record) => ({ path: readable(record.slice(3)), staged: !' ?'.includes(record.charAt(0)) }));
}

async function checkVersion(context: GitContext, cwd: string): Promise<void> {
  const { stdout } = await git(context, { cwd, args: ['version'] });
  const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(stdout) ?? []).map(Number);
  if (major > 2 || (major === 2 && minor >= 32)) return;
  throw new WorktreeError('git-too-old', `This is ${stdout.trim()}: install git 2.32 or newer.`);
}

async function places(context: GitContext, cwd: string): Promise<[string, string, 'sha1' | 'sha256']> {
  const what = ['--is-bare-repository', '--is-inside-work-tree', '--show-object-format', '--absolute-git-dir'];
  const call = { cwd, args: ['rev-parse', ...what, '--git-common-dir'] };
  const result = await runGit(context, call);
  if (result.code !== 0) throw notOpened(call, result);
  const [bare, inside, format, gitDir = '', commonDir = '', ...more] = lines(result);
  if (more.length > 0) throw lineBreak(cwd);
  if (bare === 'true') {
    throw new WorktreeError(
      'bare-repository',
      `${cwd} is a bare repository: run in a checkout (git clone, git worktree add).`,
    );
  }
  if (inside !== 'true') {
    throw new WorktreeError(
      'not-a-repository',
      `${cwd} is not among the files of its repository (inside .git?): go there.`,
    );
  }
  return [await realpath(gitDir), await realpath(resolve(cwd, commonDir)), format === 'sha256' ? 'sha256' : 'sha1'];
}

async function position(context: GitContext, cwd: string): Promise<[string, string, string, string, string]> {
  const commits = ['--verify', 'HEAD^{commit}'];
  const call = { cwd, args: ['rev-parse', '--show-toplevel', '--show-prefix'] };
  const [root, prefix, ...more] = lines(await git(context, call));
  if (root === undefined || prefix === undefined || more.length > 0) {
    throw lineBreak(cwd);
  }
  const head = await runGit(context, { cwd, args: ['rev-parse', '--quiet', ...commits] });
  if (head.code !== 0) {
    const next = 'git add -A && git commit -m "first commit"';
    throw new WorktreeError('no-commit', `${root} has no commit yet, and a run starts from one: ${next}`);
  }
  const rest = { cwd, args: ['rev-parse', 'HEAD^{commit}', 'HEAD^{tree}', '--symbolic-full-name', 'HEAD'] };
  const [commit = '', tree = '', symbolic = ''] = lines(await git(context, rest));
  return [root, prefix, commit, tree, symbolic];
}

const lineBreak = (cwd: string): WorktreeError =>
  new WorktreeError('not-a-repository', `The path of the repository at ${cwd} has a line break: move it.`);

function lines(result: GitResult): string[] {
  return readable(result.stdout).split('\n').slice(0, -1);
}

function notOpened(call: GitCall, result: GitResult): WorktreeError {
  if (result.stderr.includes('dubious ownership') || result.stderr.includes('unsafe repository')) {
    const next = 'git config --global --add safe.directory <its folder>';
    return new WorktreeError('unsafe-repository', `${call.cwd} belongs to somebody else. If you trust it: ${next}`);
  }
  if (result.stderr.includes('not a git repository')) {
    return new WorktreeError('not-a-repository', `${call.cwd} is not in a git repository: go to one, or run git init.`);
  }
  return gitFailed(call, result);
}
