import { agentRows, stepsOf } from '../agents.ts';
import { attemptText } from '../attempt-text.ts';
import type { Column } from '../document.ts';
import { failureExcerpt } from '../excerpt.ts';
import { formatCount, formatDuration, tokensTold, turnsTold } from '../format-figures.ts';
import { formatMetric } from '../format-metric.ts';
import { factLines } from '../format-report.ts';
import { metrics, metricsOf } from '../metrics/read.ts';
import type { RunReport } from '../model.ts';
import { formatMoney } from '../money.ts';
import { plainLine } from '../plain-text.ts';
import { questionLines } from '../questions.ts';
import { rowsOf } from '../rows.ts';
import { stepDetail } from '../step-detail.ts';
import { verdictMark, verdictStatus } from '../step-line.ts';
import { statusMarks } from '../style.ts';
import { barsSvg, wallSvg } from './bars.ts';
import { tableHtml } from './blocks.ts';
import { escapeHtml } from './escape.ts';
import { htmlPage } from './page.ts';
import { timelineSvg } from './timeline.ts';

const failureLines = 40;
const warningsShown = 50;
const barsShown = 40;

/** The whole report as one page. `standing`: what the run is called, where that is not its status. */
export function formatHtml(report: RunReport, standing: string = report.status): string {
  const status = verdictStatus(report);
  const workflow = plainLine(report.workflow) || 'run';
  const timeline = timelineSvg(report);
  const body = [
    `<h1><span class="${status}">${verdictMark(report)} ${escapeHtml(standing)}</span> ${escapeHtml(workflow)}</h1>`,
    `<p class="soft">run ${escapeHtml(report.run)} · spec ${escapeHtml(report.spec)}</p>`,
    ...questionLines(report).map((line) => `<p class="stopped">? ${escapeHtml(line)}</p>`),
    tiles(report),
    failure(report),
    ...(report.durationMs > 0 ? ['<h2>Time</h2>', wallSvg(report)] : []),
    ...(timeline === undefined ? [] : ['<h2>Timeline</h2>', timeline]),
    stepTable(report),
    costs(report),
    agents(report),
    warnings(report),
    '<h2>Figures</h2>',
    figures(report),
    '<h2>Run</h2>',
    tableHtml({ columns: pair, rows: factLines(report) }),
  ];
  return htmlPage(`${workflow}: ${standing}`, body.filter((part) => part !== '').join('\n'));
}

const left = (title: string): Column => ({ title, align: 'left' });
const right = (title: string): Column => ({ title, align: 'right' });
const pair = [left(''), left('')];

function tiles({ totals, durationMs }: RunReport): string {
  const facts: [string, string][] = [
    ['time', formatDuration(durationMs)],
    ['attempts', `${totals.attempts}`],
    ['changed', `${formatCount(totals.files, 'file')}, +${totals.insertions} -${totals.deletions}`],
  ];
  if (totals.agentRuns > 0)
    facts.unshift(
      ['cost', formatMoney(totals.cost)],
      ['tokens', tokensTold(totals.tokens) ?? 'unknown'],
      ['turns', turnsTold(totals) ?? 'unknown'],
    );
  const each = facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`);
  return `<dl class="tiles">${each.join('')}</dl>`;
}

function failure(report: RunReport): string {
  const stopped = report.abortReason === undefined ? '' : `<p class="stopped">${escapeHtml(report.abortReason)}</p>`;
  if (!report.failure) return stopped;
  const { step, message } = report.failure;
  const search = stepDetail(report, step);
  const attempt = search.found === 'step' ? search.step.attempts.at(-1) : undefined;
  const excerpt = attempt ? failureExcerpt(attempt, failureLines) : [];
  const quote = excerpt.length > 0 ? `\n<pre>${escapeHtml(excerpt.join('\n'))}</pre>` : '';
  const where = step === '' ? '' : `<b>${escapeHtml(step)}</b>: `;
  return `${stopped}<p class="failed">${where}${escapeHtml(message)}</p>${quote}`;
}

function stepTable(report: RunReport): string {
  const rows = rowsOf(report, undefined);
  if (rows.length === 0) return '';
  const head = ['', 'step', 'agent', 'tries', 'turns', 'tokens', 'cost', 'time', 'lines', 'gates'];
  const heads = head.map((title, index) => `<th${index > 2 && index < 9 ? ' class="right"' : ''}>${title}</th>`);
  const lines = rows.map((row) => {
    const { depth, status, name, agent, tries, turns, tokens, cost, time, lines: changed, gates, failed } = row;
    const why = failed.map((attempt) => `<div class="soft">✗ ${escapeHtml(attemptText(attempt))}</div>`).join('');
    const cells = [tries, turns, tokens, cost, time, changed].map(
      (cell) => `<td class="right">${escapeHtml(cell)}</td>`,
    );
    const marks = gates.map(({ text }) => escapeHtml(text)).join(', ');
    return `<tr><td class="mark ${status}">${statusMarks[status]}</td><td style="padding-left:${Math.min(depth, 20) * 16}px">${escapeHtml(name)}${why}</td><td>${escapeHtml(agent)}</td>${cells.join('')}<td>${marks}</td></tr>`;
  });
  return `<h2>Steps</h2>\n<div class="wide"><table>\n<thead><tr>${heads.join('')}</tr></thead>\n<tbody>\n${lines.join('\n')}\n</tbody></table></div>`;
}

/** Known money by step; a step whose cost nobody knows says so and has no bar. */
function costs({ steps }: RunReport): string {
  const spent = [...stepsOf(steps)]
    .map((step) => ({ step, attempts: step.attempts.filter(({ agentRuns }) => agentRuns > 0) }))
    .filter(({ attempts }) => attempts.length > 0);
  if (spent.length < 2) return '';
  const bars = spent.slice(0, barsShown).flatMap(({ step, attempts }) =>
    attempts.map(({ attempt, cost, status }) => ({
      label: attempts.length > 1 ? `${step.path} #${attempt}` : step.path,
      value: cost.measuredUsd + cost.estimatedUsd,
      text: formatMoney(cost),
      kind: status === 'failed' ? 'f-failed' : 'f-agent',
    })),
  );
  return `<h2>Money by attempt</h2>\n${barsSvg(bars.slice(0, barsShown), 'Money by attempt; failed attempts in red')}`;
}

function agents(report: RunReport): string {
  const rows = agentRows(report);
  if (rows.length === 0) return '';
  const columns = [
    left('agent'),
    left('models'),
    right('attempts'),
    right('passed'),
    right('turns'),
    right('tokens'),
    right('cost'),
    right('time'),
  ];
  const cells = rows.map(({ agent, models, passed, totals }) => [
    agent,
    models.join(', '),
    `${totals.attempts}`,
    `${passed}`,
    turnsTold(totals) ?? '?',
    tokensTold(totals.tokens) ?? '?',
    formatMoney(totals.cost),
    formatDuration(totals.time.agentMs),
  ]);
  return `<h2>Agents</h2>\n${tableHtml({ columns, rows: cells })}`;
}

function warnings({ warnings: all }: RunReport): string {
  if (all.length === 0) return '';
  const shown = all.slice(0, warningsShown).map(({ step, message }) => {
    const where = step === '' ? '' : `<b>${escapeHtml(step)}</b>: `;
    return `<li>${where}${escapeHtml(plainLine(message))}</li>`;
  });
  const hidden = all.length - warningsShown;
  return `<h2>Warnings</h2>\n<ul>${shown.join('')}${hidden > 0 ? `<li>${hidden} more</li>` : ''}</ul>`;
}

/** Every metric that is known, with its formula: what the page says it also explains. */
function figures(report: RunReport): string {
  const known = new Map(metricsOf(report).map((value) => [value.id, value]));
  const rows = metrics.flatMap(({ id, title, formula }) => {
    const value = known.get(id);
    return value ? [[title, formatMetric(value), value.certainty, formula]] : [];
  });
  return tableHtml({ columns: [left('metric'), right('figure'), left('how sure'), left('formula')], rows });
}
