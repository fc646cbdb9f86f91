import { activityFacts } from './activity-facts.ts';
import { agentRows } from './agents.ts';
import { failureExcerpt } from './excerpt.ts';
import { formatCount, formatDuration, formatTokens, tokensTold, turnsTold } from './format-figures.ts';
import { metricsOf } from './metrics/read.ts';
import type { RunReport } from './model.ts';
import { formatMoney } from './money.ts';
import { plainLine } from './plain-text.ts';
import { questionLines } from './questions.ts';
import { rowsOf } from './rows.ts';
import { stepDetail } from './step-detail.ts';
import { verdictLine } from './step-line.ts';
import { columnsOf, noColor, type TextOptions } from './style.ts';
import { tableLines } from './table.ts';
import { cut, wrap } from './width.ts';

const failureLines = 12;
const warningsShown = 10;

/**
 * The whole report for a terminal, without a line feed at the end: the verdict, the step that failed and why, the
 * steps, the totals, warnings. No line is wider than the width. What to do next is not said here.
 */
export function formatReport(report: RunReport, options: TextOptions): string {
  const { color = noColor, now } = options;
  const width = columnsOf(options);
  const blocks = [
    [verdictLine(report, options), ...(report.abortReason === undefined ? [] : wrapped(report.abortReason, width))],
    failureBlock(report, width).map((line, index) => (index === 0 ? color('red', line) : line)),
    questionLines(report)
      .flatMap((line) => wrapped(`? ${line}`, width))
      .map((line) => color('yellow', line)),
    tableLines(rowsOf(report, now), width, color),
    factLines(report).flatMap(([label, value]) => labelled(label, value, width, color)),
    warningLines(report, width).map((line) => color('yellow', line)),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
}

function failureBlock(report: RunReport, width: number): string[] {
  const { failure } = report;
  if (failure === undefined) return [];
  const head = failure.step === '' ? failure.message : `${failure.step}: ${failure.message}`;
  const lines = wrapped(head, width);
  const search = stepDetail(report, failure.step);
  const attempt = search.found === 'step' ? search.step.attempts.at(-1) : undefined;
  const excerpt = attempt ? failureExcerpt(attempt, failureLines) : [];
  return [...lines, ...excerpt.map((line) => `  ${cut(line, width - 2)}`)];
}

/** Labels and values below the table, for text and Markdown. */
export function factLines(report: RunReport): [label: string, value: string][] {
  const { totals, base } = report;
  const facts: [string, string][] = [];
  if (totals.agentRuns > 0) {
    const { tokens } = totals;
    const cached = tokens.cached > 0 ? ` (${formatTokens(tokens.cached)} cached)` : '';
    const reasoning = tokens.reasoning > 0 ? ` (${formatTokens(tokens.reasoning)} reasoning)` : '';
    const missing = tokens.unreported > 0 ? `; ${formatCount(tokens.unreported, 'run')} told none` : '';
    const told = tokensTold(tokens) !== undefined;
    facts.push(['cost', formatMoney(totals.cost)]);
    facts.push([
      'tokens',
      told
        ? `${formatTokens(tokens.input)} in${cached}, ${formatTokens(tokens.output)} out${reasoning}${missing}`
        : 'unknown',
    ]);
    facts.push(['turns', turnsTold(totals) ?? 'unknown']);
  }
  facts.push(['attempts', attemptsFact(report)]);
  facts.push(['time', timeFact(report)]);
  const { files, insertions, deletions } = totals;
  const diff = metricsOf(report).find(({ id }) => id === 'first.diff');
  const within = diff?.certainty === 'exact' ? 'within' : 'after';
  const first = diff ? `; the first diff ${within} ${formatDuration(diff.value)}` : '';
  facts.push(['changed', `${formatCount(files, 'file')}, +${insertions} -${deletions}${first}`]);
  facts.push(...activityFacts(totals.activity));
  const agents = agentRows(report);
  if (agents.length > 1) {
    const each = agents.map(({ agent, totals: spent }) => {
      const cost = spent.agentRuns > 0 ? ` ${formatMoney(spent.cost)}` : '';
      return `${plainLine(agent)} ${formatCount(spent.attempts, 'attempt')}${cost}`;
    });
    facts.push(['agents', each.join('; ')]);
  }
  if (report.queued.length > 0) facts.push(['queued', queuedFact(report)]);
  facts.push(['run', plainLine(report.run)]);
  if (report.from) facts.push(['replay', plainLine(`of ${report.from.run} from ${report.from.step}`)]);
  facts.push(['spec', plainLine(report.spec)]);
  facts.push(['base', baseFact(base)]);
  if (report.branch !== undefined) facts.push(['branch', plainLine(report.branch)]);
  if (report.worktree !== undefined) facts.push(['worktree', plainLine(report.worktree)]);
  return facts.filter(([, value]) => value !== '');
}

/** Where the run began, and how far its branch has moved on since. */
export function baseFact({ commit, branch, behind = 0 }: RunReport['base']): string {
  const moved = behind > 0 ? `, ${formatCount(behind, 'commit')} behind it now` : '';
  return `${plainLine(commit).slice(0, 12)}${branch === undefined ? '' : ` (${plainLine(branch)})${moved}`}`;
}

function queuedFact({ queued }: RunReport): string {
  const shown = queued.slice(0, 5).map(({ step, provider }) => `${plainLine(step)} at ${plainLine(provider)}`);
  return [...shown, ...(queued.length > 5 ? [`${queued.length - 5} more`] : [])].join(', ');
}

function attemptsFact({ totals }: RunReport): string {
  const { attempts, retries, escalations, guards } = totals;
  const parts = [`${attempts}`];
  if (retries > 0) parts.push(formatCount(retries, 'retry', 'retries'));
  if (escalations > 0) parts.push(formatCount(escalations, 'escalation'));
  if (guards > 0) parts.push(formatCount(guards, 'guard tripped', 'guards tripped'));
  return parts.join(', ');
}

function timeFact({ durationMs, totals }: RunReport): string {
  const { agentMs, gatesMs, gitMs, waitingMs, stoodMs, pawlMs } = totals.wall;
  const kinds = Object.entries({
    agents: agentMs,
    gates: gatesMs,
    git: gitMs,
    waiting: waitingMs,
    'stood still': stoodMs,
    pawl: pawlMs,
  });
  const told = kinds.filter(([, ms]) => ms > 0).map(([kind, ms]) => `${kind} ${formatDuration(ms)}`);
  return [formatDuration(durationMs), ...(told.length > 0 ? [`(${told.join(', ')})`] : [])].join(' ');
}

export function warningLines({ warnings }: RunReport, width: number): string[] {
  const lines = warnings.slice(0, warningsShown).flatMap(({ step, message }) => {
    const where = step === '' ? '' : `${step}: `;
    return wrapped(`! ${where}${message}`, width);
  });
  const hidden = warnings.length - warningsShown;
  return hidden > 0 ? [...lines, `! ${formatCount(hidden, 'more warning')}`] : lines;
}

function labelled(label: string, value: string, width: number, color: TextOptions['color'] = noColor): string[] {
  const [first = '', ...rest] = wrap(value, width - 10);
  return [`${color('dim', label.padEnd(10))}${first}`, ...rest.map((line) => `${' '.repeat(10)}${line}`)];
}

function wrapped(text: string, width: number): string[] {
  return wrap(plainLine(text), width);
}
