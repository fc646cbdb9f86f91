import { plainLine } from '@pawl/report';
import {
  type Applied,
  type ApplyPreview,
  type ApplyRunOptions,
  applyRun,
  previewApply,
  WorktreeError,
} from '@pawl/worktree';
import type { Context } from '../context.ts';
import { CliError, exitCodes } from '../exit.ts';
import { readRun, type StoredRun } from '../runs.ts';
import type { Terminal } from '../terminal.ts';

export interface ApplyOptions {
  readonly dryRun?: boolean;
  readonly squash?: boolean;
  readonly rebase?: boolean;
  readonly branch?: string;
  readonly json?: boolean;
}

/** Brings a passed run to a branch: the only command that changes the user's checkout. */
export async function apply(context: Context, id: string | undefined, options: ApplyOptions): Promise<number> {
  const { terminal } = context;
  if (options.squash && options.rebase)
    throw new CliError('usage', 'bad-option', '--squash and --rebase exclude each other', 'pawl help apply');
  const repository = await context.repository();
  const run = await readRun(context, { id, fits: (status) => status === 'passed', what: 'passed run' });
  const name = run.record.id;
  refuse(run, repository.root);
  if (id === undefined) {
    const newest = await readRun(context, { id });
    if (newest.record.id !== name)
      terminal.say(
        `note: the newest run, ${newest.record.id}, has not passed (${newest.status}); the newest that did is ${name}`,
      );
  }
  const what: ApplyRunOptions = {
    repository,
    commit: run.head,
    run: name,
    how: options.squash ? 'squash' : options.rebase ? 'rebase' : 'merge',
    subject: `${options.squash ? 'Apply' : 'Merge'} pawl run ${name}: ${run.report.workflow}`,
    ...(options.branch !== undefined && { branch: options.branch }),
  };
  if (options.dryRun) {
    const preview = await previewApply(what);
    if (options.json) terminal.print(JSON.stringify({ version: 1, run: name, ...preview }));
    else for (const line of previewLines(name, preview)) terminal.print(terminal.data.fold(line));
    return exitCodes.passed;
  }
  const applied = await applyRun(what).catch((error: unknown) => {
    if (WorktreeError.is(error) && error.code === 'already-applied') return undefined;
    throw error;
  });
  tell(terminal, name, {
    applied,
    branch: options.branch ?? repository.head.branch ?? 'HEAD',
    head: repository.head.commit,
    json: options.json,
  });
  return exitCodes.passed;
}

interface Told {
  readonly applied: Applied | undefined;
  readonly branch: string;
  readonly head: string;
  readonly json: boolean | undefined;
}

function tell(terminal: Terminal, run: string, { applied, branch, head, json }: Told): void {
  const done = terminal.people.color('green', '✓');
  if (json) {
    const outcome = applied ?? { kind: 'already-applied', commits: 0, commit: head };
    terminal.print(JSON.stringify({ version: 1, run, branch, ...outcome }));
  } else if (applied === undefined) terminal.say(`${done} run ${run} is in ${branch} already: there is nothing to do`);
  else terminal.say(`${done} ${count(applied.commits, 'commit')} of run ${run} ${ways[applied.kind]} ${branch}`);
}

const ways = {
  'fast-forward': 'brought to',
  merge: 'merged into',
  squash: '(all in one) put on',
  rebase: 'put on top of',
} as const;

const count = (n: number, what: string): string => (n === 1 ? `1 ${what}` : `${n} ${what}s`);

function previewLines(run: string, preview: ApplyPreview): readonly string[] {
  const { kind, branch, path, alreadyApplied, behind, commits, files, insertions, deletions, conflicts, blockedBy } =
    preview;
  if (alreadyApplied) return [`run ${run} is in ${branch} already: there is nothing to do`];
  const place = path === undefined ? 'checked out nowhere' : `checked out in ${path}`;
  return [
    `${count(commits.length, 'commit')} of run ${run} would be ${ways[kind]} ${branch} (${place})`,
    ...(behind > 0 ? [`${branch} has ${count(behind, 'commit')} that the run does not know: it began before`] : []),
    ...commits.map(({ commit, subject }) => `  ${commit.slice(0, 8)} ${plainLine(subject)}`),
    `${count(files.length, 'file')}, +${insertions} -${deletions}`,
    ...files.map((file) => `  ${file.change.padEnd(8)}  ${plainLine(file.path)}`),
    conflicts.length > 0 ? `conflicts in ${conflicts.map(plainLine).join(', ')}` : 'no conflict',
    ...(blockedBy.length > 0
      ? [`refused before these are committed or stashed: ${blockedBy.map(plainLine).join(', ')}`]
      : []),
  ];
}

function refuse({ record, status, head }: StoredRun, root: string): void {
  if (record.repository !== root)
    throw new CliError(
      'usage',
      'other-repository',
      `run ${record.id} belongs to ${record.repository}, this is ${root}`,
      `cd ${record.repository}`,
    );
  if (status === 'running' || status === 'stopping')
    throw new CliError('usage', 'not-passed', `run ${record.id} is still ${status}`, `pawl status ${record.id}`);
  if (status !== 'passed')
    throw new CliError(
      'usage',
      'not-passed',
      `run ${record.id} has not passed (${status}): only a passed run is applied`,
      `pawl report ${record.id}`,
    );
  if (head === record.baseCommit)
    throw new CliError('usage', 'nothing-to-apply', `run ${record.id} passed without changing a file`);
}
