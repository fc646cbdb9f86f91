import { attemptText } from './attempt-text.ts';
import { escapeBlock, escapeInline } from './escape-markdown.ts';
import { failureExcerpt } from './excerpt.ts';
import { factLines } from './format-report.ts';
import type { AttemptReport, RunReport } from './model.ts';
import { plainLine } from './plain-text.ts';
import { questionLines } from './questions.ts';
import { type Row, rowsOf } from './rows.ts';
import { stepDetail } from './step-detail.ts';
import { verdictMark } from './step-line.ts';
import { statusMarks } from './style.ts';

const failureLines = 30;
const warningsShown = 20;

/** The report as GitHub Flavored Markdown. Text of agents and gates cannot become markup, links or mentions. */
export function formatMarkdown(report: RunReport): string {
  const workflow = plainLine(report.workflow) || 'run';
  const blocks = [
    `# ${verdictMark(report)} ${escapeInline(workflow)}: ${report.status}`,
    ...(report.abortReason === undefined ? [] : [escapeBlock(plainLine(report.abortReason))]),
    ...failureBlocks(report),
    ...questionLines(report).map((line) => `**${escapeInline(line)}**`),
    ...stepTable(rowsOf(report, undefined)),
    factLines(report)
      .map(([label, value]) => `- **${label}**: ${escapeInline(value)}`)
      .join('\n'),
    ...warningBlocks(report),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function failureBlocks(report: RunReport): string[] {
  const { failure } = report;
  if (failure === undefined) return [];
  const message = escapeBlock(plainLine(failure.message));
  const step = escapeInline(plainLine(failure.step));
  const search = stepDetail(report, failure.step);
  const attempt = search.found === 'step' ? search.step.attempts.at(-1) : undefined;
  const excerpt = attempt ? failureExcerpt(attempt, failureLines) : [];
  return [
    step === '' ? message : `**${step}**: ${message}`,
    ...(excerpt.length > 0 ? [fenced(excerpt.join('\n'))] : []),
  ];
}

/** The fence is longer than any run of backticks inside. */
function fenced(text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((length, run) => Math.max(length, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}

function stepTable(rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const lines = rows.map(({ depth, status, name, agent, tries, turns, tokens, cost, time, lines: changed, gates }) => {
    const indented = `${'&nbsp;&nbsp;'.repeat(depth)}${escapeInline(name)}`;
    const marks = gates.map(({ text }) => escapeInline(text)).join(', ');
    const cells = [agent, tries, turns, tokens, cost, time, changed].map(escapeInline);
    return `| ${[statusMarks[status], indented, ...cells, marks].join(' | ')} |`;
  });
  const reasons = rows.flatMap(({ path, failed }) => failed.map((attempt) => reasonLine(path, attempt)));
  const head = '| | step | agent | tries | turns | tokens | cost | time | lines | gates |';
  const table = [head, '|---|---|---|--:|--:|--:|--:|--:|--:|---|', ...lines].join('\n');
  return reasons.length === 0 ? [table] : [table, reasons.join('\n')];
}

const reasonLine = (path: string, attempt: AttemptReport): string =>
  `- ${escapeBlock(`${path}, ${attemptText(attempt)}`)}`;

function warningBlocks({ warnings }: RunReport): string[] {
  if (warnings.length === 0) return [];
  const shown = warnings.slice(0, warningsShown).map(({ step, message }) => {
    const where = step === '' ? '' : `${plainLine(step)}: `;
    return `- ${escapeBlock(`${where}${plainLine(message)}`)}`;
  });
  const hidden = warnings.length - warningsShown;
  return ['## Warnings', [...shown, ...(hidden > 0 ? [`- ${hidden} more`] : [])].join('\n')];
}
