import { plannedAt, type RunState } from '@pawl/core';
import { askedWhen, excerpt, plainLine, type StepReport } from '@pawl/report';
import type { Question } from '@pawl/runner';
import type { Piece, Screen } from '../terminal.ts';
import { patchExcerpt } from './diff-lines.ts';

const mostFiles = 12;
const mostPatch = 16;
const marks = { added: 'A', modified: 'M', deleted: 'D' } as const;

/** What a person needs to decide: what changed, what the gates say, where it lies. */
export function questionLines(
  { step, question, lane }: Pick<Question, 'step' | 'question' | 'lane'>,
  report: StepReport | undefined,
  state: RunState,
  screen: Screen,
  diff: string,
): readonly string[] {
  return [
    '',
    screen.line(['yellow', '?'], ['bold', ` ${plainLine(step)}`], ` waits for you ${askedWhen[question]}`),
    ...evidenceLines(step, report, state, screen),
    ...patchExcerpt(diff, screen, mostPatch, 'd'),
    // Whole, so that it can be copied: a terminal breaks it where it ends.
    `${screen.color('dim', '  worktree  ')}${plainLine(lane)}`,
    ...screen.paragraph(['  '], choices[question]),
  ];
}

const gated = 'c continue · d whole diff · r retry with a comment · e edit the worktree and continue · a abort';
const choices = {
  before_gate: gated,
  after_gate: gated,
  interrupted:
    'c continue in its conversation · d whole diff · r retry in a new conversation · e edit the worktree and continue · a abort',
} as const;

/** What the newest attempt gave, the files it changed, and its gates. */
export function evidenceLines(
  path: string,
  report: StepReport | undefined,
  state: RunState,
  screen: Screen,
): readonly string[] {
  const attempt = report?.attempts.at(-1);
  const files = attempt?.checkpoint?.files ?? [];
  const changed = files.slice(0, mostFiles).map(({ path, change, insertions, deletions }) => {
    const counts = insertions === undefined ? 'binary' : `+${insertions} -${deletions ?? 0}`;
    return screen.line(`    ${marks[change]} ${plainLine(path)} `, ['dim', counts]);
  });
  const more = files.length > mostFiles ? [`    and ${files.length - mostFiles} more`] : [];
  const gates = (attempt?.gates ?? []).map(({ name, status, message }) => {
    const mark: Piece = status === 'failed' ? ['red', '✗'] : status === 'passed' ? ['green', '✓'] : ['dim', '–'];
    const first = message === undefined ? '' : plainLine(message.trim().split('\n', 1)[0] ?? '');
    return screen.line('    ', mark, ` ${plainLine(name)} `, ['dim', first]).trimEnd();
  });
  return [
    ...outputLines(path, state, screen),
    files.length === 0 ? '  no file changed' : `  ${files.length === 1 ? '1 file' : `${files.length} files`} changed`,
    ...changed,
    ...more,
    ...(gates.length > 0 ? ['  gates', ...gates] : []),
  ];
}

const mostOutput = 12;

/** A plan's tasks, a verdict's comments, the text of an artifact. What is very long lies in the run's folder. */
function outputLines(path: string, { steps, plan }: RunState, screen: Screen): readonly string[] {
  const step = Object.hasOwn(steps, path) ? steps[path] : undefined;
  const kind = step && plannedAt(plan, step.address)?.kind;
  const text = kind === 'validate' ? step?.comments : step?.output;
  if (typeof text !== 'string' || kind === 'code') return [];
  if (kind !== 'split') return excerpt(text, mostOutput).map((line) => screen.line(`  │ ${plainLine(line)}`));
  const tasks = JSON.parse(text) as readonly { readonly name: string; readonly description: string }[];
  const shown = tasks
    .slice(0, mostOutput)
    .map(({ name, description }) => screen.line(`    ${plainLine(name)} `, ['dim', plainLine(description)]));
  const more = tasks.length > mostOutput ? [`    and ${tasks.length - mostOutput} more`] : [];
  return [`  ${tasks.length === 1 ? '1 task' : `${tasks.length} tasks`} planned`, ...shown, ...more];
}
