import type { Figures } from './figures.ts';
import { formatCount, formatDuration, tokensTold, turnsTold } from './format-figures.ts';
import type { AttemptReport, RunReport, Status, StepReport, TaskReport } from './model.ts';
import { formatMoney } from './money.ts';
import { plainLine } from './plain-text.ts';
import { stepDuration } from './step-line.ts';
import { gatePiece, type Piece } from './style.ts';

/** What the tables of text and Markdown show. Plain text. */
export interface Row {
  readonly depth: number;
  readonly status: Status;
  /** Of a step or task; empty for the row that counts others. */
  readonly path: string;
  readonly name: string;
  readonly agent: string;
  readonly tries: string;
  readonly turns: string;
  readonly tokens: string;
  readonly cost: string;
  readonly time: string;
  readonly lines: string;
  readonly gates: readonly Piece[];
  /** Attempts that failed: the reason of each retry. */
  readonly failed: readonly AttemptReport[];
}

/** A split with more tasks than this shows the ones that did not pass, up to this many, and counts the others. */
const tasksShown = 12;

export function rowsOf(report: RunReport, now: number | undefined): Row[] {
  return report.steps.flatMap((step) => stepRows(step, 0, now));
}

function stepRows(step: StepReport, depth: number, now: number | undefined): Row[] {
  const last = step.attempts.at(-1);
  const row: Row = {
    ...figureCells(step.totals),
    depth,
    status: step.status,
    path: plainLine(step.path),
    name: nameOf(step),
    agent: plainLine(step.agent ?? ''),
    tries: step.attempts.length === 0 ? '' : `${step.attempts.length}`,
    time: timeCell(step, now),
    lines: last?.checkpoint?.files.length ? `+${last.checkpoint.insertions} -${last.checkpoint.deletions}` : '',
    gates: last?.gates.map(gatePiece) ?? [],
    failed: step.attempts.filter((attempt) => attempt.failure !== undefined),
  };
  const inside = step.steps.flatMap((one) => stepRows(one, depth + 1, now));
  return [row, ...inside, ...taskRows(step.tasks, depth + 1, now)];
}

/** Of a step that serves: `review: look`. */
const nameOf = ({ name, serves }: StepReport): string => plainLine(serves ? `${serves.name}: ${name}` : name);

function taskRows(tasks: readonly TaskReport[], depth: number, now: number | undefined): Row[] {
  const shown =
    tasks.length <= tasksShown
      ? tasks
      : tasks.filter((task) => task.status !== 'passed' && task.status !== 'pending').slice(0, tasksShown);
  const rows = shown.flatMap((task) => [
    taskRow(task, depth, now),
    ...task.steps.flatMap((step) => stepRows(step, depth + 1, now)),
  ]);
  const hidden = new Map<Status, number>();
  const seen = new Set(shown);
  for (const task of tasks) if (!seen.has(task)) hidden.set(task.status, (hidden.get(task.status) ?? 0) + 1);
  const counted = Array.from(hidden, ([status, count]) => restRow(status, count, depth));
  return [...rows, ...counted];
}

function taskRow(task: TaskReport, depth: number, now: number | undefined): Row {
  return {
    ...figureCells(task.totals),
    depth,
    status: task.status,
    path: plainLine(task.path),
    name: plainLine(task.name),
    time: timeCell(task, now),
  };
}

function restRow(status: Status, count: number, depth: number): Row {
  return { ...noCells, depth, status, path: '', name: `${formatCount(count, 'more task')} ${status}` };
}

const noCells = { agent: '', tries: '', turns: '', tokens: '', cost: '', time: '', lines: '', gates: [], failed: [] };

/** Empty where no agent ran; `?` where nobody told. */
function figureCells(figures: Figures): typeof noCells {
  if (figures.agentRuns === 0) return noCells;
  return {
    ...noCells,
    turns: turnsTold(figures) ?? '?',
    tokens: tokensTold(figures.tokens) ?? '?',
    cost: formatMoney(figures.cost, { short: true }),
  };
}

function timeCell(node: Pick<StepReport, 'startedAt' | 'endedAt'>, now: number | undefined): string {
  const duration = stepDuration(node, now);
  return duration === undefined ? '' : formatDuration(duration);
}
