import type { AgentReport } from '@pawl/core';
import { attemptText } from './attempt-text.ts';
import { addFigures, type Figures, figuresOfUsage } from './figures.ts';
import { formatCount, formatDuration, tokensTold, turnsTold } from './format-figures.ts';
import type { AttemptReport, RunReport, StepReport } from './model.ts';
import { formatMoney } from './money.ts';
import { plainLine } from './plain-text.ts';
import {
  columnsOf,
  gatePiece,
  noColor,
  type Piece,
  paint,
  piecesWidth,
  statusMarks,
  statusStyles,
  type TextOptions,
} from './style.ts';
import { cut, displayWidth, pad } from './width.ts';

export interface StepLineOptions extends TextOptions {
  /** Columns before the mark. */
  readonly indent?: number;
  /** Columns for the name, so that lines below each other align. */
  readonly nameWidth?: number;
  /** Another mark than that of the status: a spinner. */
  readonly mark?: string;
  /** What the agent that runs now has told so far; comes on top of the settled figures. */
  readonly live?: AgentReport['usage'];
}

/**
 * One line for a step: mark, name, then what the width leaves room for; first to go are tokens, turns, gates, attempt,
 * agent. A figure is shown whole or not at all.
 */
export function stepLine(step: StepReport, options: StepLineOptions): string {
  const { color = noColor, indent = 0, mark = statusMarks[step.status] } = options;
  const room = columnsOf(options) - indent - displayWidth(mark) - 1;
  const name = plainLine(step.name);
  const nameWidth = Math.max(displayWidth(name), options.nameWidth ?? 0);
  const shown = figurePieces(step, options);
  while (shown.length > 0 && Math.min(nameWidth, 12) + 2 + widthOf(shown) > room) {
    const worst = shown.reduce((found, one) => (one.rank > found.rank ? one : found));
    shown.splice(shown.indexOf(worst), 1);
  }
  const nameRoom = Math.min(nameWidth, room - (shown.length > 0 ? widthOf(shown) + 2 : 0));
  const head = `${color(statusStyles[step.status], mark)} ${pad(cut(name, nameRoom), nameRoom)}`;
  return ' '.repeat(indent) + [head, ...shown.map(({ pieces }) => paint(pieces, color, ' '))].join('  ').trimEnd();
}

/** Why an attempt did not pass: `✗ attempt 1, qwen: 2 tests failed`. */
export function attemptLine(attempt: AttemptReport, options: StepLineOptions): string {
  const { color = noColor, indent = 0, mark = statusMarks[attempt.status] } = options;
  const text = cut(attemptText(attempt), columnsOf(options) - indent - displayWidth(mark) - 1);
  return `${' '.repeat(indent)}${color(statusStyles[attempt.status], mark)} ${text}`;
}

/** The last line of a display: `✓ passed · tdd · 3m 12s · $0.42 + 3 unpriced · 45.2k tokens`. */
export function verdictLine(report: RunReport, options: TextOptions): string {
  const { color = noColor, now } = options;
  const status = verdictStatus(report);
  const { totals } = report;
  const live = report.endedAt === undefined && now !== undefined && report.startedAt !== undefined;
  const duration = live ? now - (report.startedAt ?? now) : report.durationMs;
  const tokens = tokensTold(totals.tokens);
  const parts = [formatDuration(duration)];
  if (totals.agentRuns > 0) parts.push(formatMoney(totals.cost, { short: columnsOf(options) < 60 }));
  if (totals.agentRuns > 0 && tokens !== undefined) parts.push(`${tokens} tokens`);
  const verdict = `${verdictMark(report)} ${report.status}`;
  const workflow = plainLine(report.workflow);
  const room = columnsOf(options) - displayWidth(verdict) - (workflow === '' ? 0 : 3);
  const rest = (): string => parts.map((part) => ` · ${part}`).join('');
  while (parts.length > 1 && Math.min(displayWidth(workflow), 12) + displayWidth(rest()) > room) parts.pop();
  const name = workflow === '' ? '' : ` · ${cut(workflow, room - displayWidth(rest()))}`;
  return color(statusStyles[status], verdict) + name + rest();
}

export function verdictStatus({ status }: RunReport): StepReport['status'] {
  if (status === 'new') return 'pending';
  if (status === 'aborted' || status === 'stopping' || status === 'interrupted') return 'stopped';
  return status;
}

/** One that was interrupted is nobody's wish: it is to go on. */
export const verdictMark = (report: RunReport): string =>
  report.status === 'interrupted' ? '!' : statusMarks[verdictStatus(report)];

interface Shown {
  /** The highest goes first. */
  readonly rank: number;
  readonly pieces: readonly Piece[];
}

function figurePieces(step: StepReport, { live, now }: StepLineOptions): Shown[] {
  const last = step.attempts.at(-1);
  const figures = withLive(step.totals, live);
  const asked = figures.agentRuns > 0;
  const priced = step.totals.agentRuns > 0 || live?.costUsd !== undefined;
  const tokens = tokensTold(figures.tokens);
  const turns = turnsTold(figures);
  const ran = stepDuration(step, now);
  const shown: Shown[] = [];
  const show = (rank: number, text: string | undefined): void => {
    if (text !== undefined) shown.push({ rank, pieces: [{ text }] });
  };
  if (step.tasks.length > 0) show(2, taskProgress(step));
  show(3, step.agent === undefined ? undefined : plainLine(step.agent));
  show(4, last && last.attempt > 1 ? `attempt ${last.attempt}` : undefined);
  show(6, asked && turns !== undefined ? (turns === '1' ? '1 turn' : `${turns} turns`) : undefined);
  show(7, asked && tokens !== undefined ? `${tokens} tokens` : undefined);
  show(1, priced ? formatMoney(figures.cost, { short: true }) : undefined);
  show(0, ran === undefined ? undefined : formatDuration(ran));
  if (last && last.gates.length > 0) shown.push({ rank: 5, pieces: last.gates.map(gatePiece) });
  return shown;
}

/** Undefined for a step that has not started, or runs and nobody says what time it is. */
export function stepDuration(step: Pick<StepReport, 'startedAt' | 'endedAt'>, now?: number): number | undefined {
  const end = step.endedAt ?? now;
  return step.startedAt === undefined || end === undefined ? undefined : Math.max(0, end - step.startedAt);
}

function taskProgress(step: StepReport): string {
  const passed = step.tasks.filter((task) => task.status === 'passed').length;
  return `${passed} of ${formatCount(step.tasks.length, 'task')}`;
}

function withLive(totals: Figures, live: AgentReport['usage'] | undefined): Figures {
  if (live === undefined) return totals;
  const { cost, ...told } = figuresOfUsage(live);
  return addFigures(totals, live.costUsd === undefined ? told : { ...told, cost });
}

function widthOf(shown: readonly Shown[]): number {
  return shown.reduce((sum, { pieces }) => sum + piecesWidth(pieces, ' ') + 2, shown.length > 0 ? -2 : 0);
}
