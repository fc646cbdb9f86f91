import { activityFacts } from './activity-facts.ts';
import { failureExcerpt } from './excerpt.ts';
import { formatCount, formatDuration, formatTokens, tokensTold, turnsTold } from './format-figures.ts';
import type { AttemptReport, GateResult, StepReport } from './model.ts';
import { formatMoney } from './money.ts';
import { plainLine } from './plain-text.ts';
import { attemptLine, stepDuration } from './step-line.ts';
import {
  type Color,
  columnsOf,
  gatePiece,
  noColor,
  paint,
  statusMarks,
  statusStyles,
  type TextOptions,
} from './style.ts';
import { cut, cutStart, wrap } from './width.ts';

const failureLines = 20;
const filesShown = 20;

/** One step with every attempt: session, figures, gates, why it failed, what it changed. For a terminal. */
export function formatStep(step: StepReport, options: TextOptions): string {
  const { color = noColor } = options;
  const width = columnsOf(options);
  const mark = color(statusStyles[step.status], statusMarks[step.status]);
  const about = aboutStep(step, options.now);
  const head = [`${mark} ${cutStart(plainLine(step.path), width - 2)}`, cut(`  ${about.join(', ')}`, width)];
  const warnings = step.warnings.flatMap(({ message }) =>
    wrap(`! ${plainLine(message)}`, width).map((line) => color('yellow', line)),
  );
  const blocks = [[...head, ...warnings], ...step.attempts.map((attempt) => attemptBlock(attempt, width, color))];
  return blocks.map((block) => block.join('\n')).join('\n\n');
}

/** What there is to say of a step in one line. */
export function aboutStep(step: StepReport, now?: number): readonly string[] {
  const duration = stepDuration(step, now);
  return [
    ...(step.kind === undefined ? [] : [step.kind]),
    step.status,
    ...(duration === undefined ? [] : [formatDuration(duration)]),
    ...(step.firstDiff
      ? [`the first diff ${step.firstDiff.by === 'edit' ? 'after' : 'within'} ${formatDuration(step.firstDiff.ms)}`]
      : []),
    ...(step.commit === undefined ? [] : [`commit ${plainLine(step.commit).slice(0, 12)}`]),
    ...(step.tasks.length === 0 ? [] : [formatCount(step.tasks.length, 'task')]),
    ...(step.steps.length === 0 ? [] : [`${formatCount(step.steps.length, 'step')} inside`]),
  ];
}

function attemptBlock(attempt: AttemptReport, width: number, color: Color): string[] {
  const { failure: _below, ...head } = attempt;
  const lines = [attemptLine(head, { width, color })];
  if (attempt.failure) lines.push(...wrap(plainLine(attempt.failure.message), width - 2).map((line) => `  ${line}`));
  for (const [label, value] of attemptFacts(attempt)) {
    const [first = '', ...rest] = wrap(value, width - 13);
    lines.push(`  ${color('dim', label.padEnd(11))}${first}`, ...rest.map((line) => ' '.repeat(13) + line));
  }
  for (const gate of attempt.gates) lines.push(gateLine(gate, width, color));
  lines.push(...failureExcerpt(attempt, failureLines).map((line) => `    ${cut(line, width - 4)}`));
  return [...lines, ...fileLines(attempt, width)];
}

/** Of one attempt: labels and values. */
export function attemptFacts(attempt: AttemptReport): [label: string, value: string][] {
  const { sessionUse, session, tokens, time, checkpoint, folder, model, agentRuns } = attempt;
  const found: [string, string | undefined][] = [
    ['model', model],
    ['session', [sessionUse && sessionText(sessionUse), session?.id].filter((part) => part !== undefined).join(', ')],
    ['ended', attempt.agentEnd],
    ['progress', attempt.noProgress],
  ];
  if (agentRuns > 0) {
    const told = tokensTold(tokens) !== undefined;
    found.push(['turns', turnsTold(attempt) ?? 'unknown']);
    found.push(['tokens', told ? `${formatTokens(tokens.input)} in, ${formatTokens(tokens.output)} out` : 'unknown']);
    found.push(['cost', formatMoney(attempt.cost)]);
    found.push(...activityFacts(attempt.activity));
  }
  const { agentMs, gatesMs, gitMs, waitingMs } = time;
  const times = Object.entries({ agent: agentMs, gates: gatesMs, git: gitMs, waiting: waitingMs }).filter(
    ([, ms]) => ms > 0,
  );
  found.push(['time', times.map(([kind, ms]) => `${kind} ${formatDuration(ms)}`).join(', ')]);
  found.push(['checkpoint', checkpoint?.commit.slice(0, 12)]);
  found.push(['folder', folder]);
  return found.flatMap(([label, value]) => (value ? [[label, plainLine(value)] as [string, string]] : []));
}

function sessionText(use: NonNullable<AttemptReport['sessionUse']>): string {
  return use.mode === 'from' || use.mode === 'fork' ? `${use.mode} ${use.step}` : use.mode;
}

function gateLine(gate: GateResult, width: number, color: Color): string {
  const piece = gatePiece(gate);
  const ms = gate.durationMs === undefined ? '' : `  ${formatDuration(gate.durationMs)}`;
  const exit = gate.exitCode ? `  exit ${gate.exitCode}` : '';
  const why = gate.status === 'skipped' && gate.message ? `  ${plainLine(gate.message)}` : '';
  const command = gate.command === undefined ? '' : `  ${plainLine(gate.command)}`;
  const text = cut(piece.text, width - 2);
  const rest = cut(`${ms}${exit}${why}${command}`, width - 2 - [...text].length);
  return `  ${paint([{ ...piece, text }], color)}${rest}`;
}

function fileLines({ checkpoint }: AttemptReport, width: number): string[] {
  if (!checkpoint || checkpoint.files.length === 0) return [];
  const letters = { added: 'A', modified: 'M', deleted: 'D' };
  const { files, insertions, deletions } = checkpoint;
  const shown = files
    .slice(0, filesShown)
    .map(({ path, change }) => `    ${letters[change]} ${cutStart(plainLine(path), width - 6)}`);
  const hidden = files.length - shown.length;
  const rest = hidden > 0 ? [`    and ${hidden} more`] : [];
  return [`  ${formatCount(files.length, 'file')} changed, +${insertions} -${deletions}`, ...shown, ...rest];
}
