import { type TimelineEntry, timelineOf } from '../agents.ts';
import { formatDuration } from '../format-figures.ts';
import type { RunReport } from '../model.ts';
import { plainLine } from '../plain-text.ts';
import { type Work, workOf } from '../wall.ts';
import { cutStart } from '../width.ts';
import { escapeHtml } from './escape.ts';

const wide = 1_000;
const labels = 220;
const rowHeight = 24;
const rowsShown = 150;
const barsShown = 5_000;

/** What was under way when: a row for each step, a bar for each effect. Undefined where nothing has ended yet. */
export function timelineSvg(report: RunReport): string | undefined {
  const { startedAt } = report;
  const entries = timelineOf(report).slice(0, barsShown);
  if (startedAt === undefined || entries.length === 0) return undefined;
  const until = Math.max(report.endedAt ?? startedAt, ...entries.map(({ endedAt }) => endedAt), startedAt + 1);
  const steps = [...new Set(entries.map(({ step }) => step))];
  const shown = steps.slice(0, rowsShown);
  const rows = new Map(shown.map((step, index) => [step, index]));
  const x = (at: number): number => labels + ((at - startedAt) / (until - startedAt)) * (wide - labels - 10);
  const height = shown.length * rowHeight + 34;
  const hidden = steps.length - shown.length;
  const parts = [
    ...gridLines(until - startedAt, (ms) => x(startedAt + ms), height),
    ...shown.map((step, index) => {
      const name = escapeHtml(cutStart(plainLine(step), 32));
      return `<text x="0" y="${index * rowHeight + 44}">${name}<title>${escapeHtml(plainLine(step))}</title></text>`;
    }),
    ...entries.flatMap((entry) => {
      const row = rows.get(entry.step);
      return row === undefined ? [] : [bar(entry, x, row * rowHeight + 32)];
    }),
  ];
  const more = hidden > 0 ? `\n<p class="soft">${hidden} more steps are not drawn.</p>` : '';
  return `<div class="wide"><svg viewBox="0 0 ${wide} ${height}" role="img" aria-label="Timeline of the run">\n${parts.join('\n')}\n</svg></div>${more}`;
}

const classes: Readonly<Record<Work, string>> = {
  agentMs: 'f-agent',
  gatesMs: 'f-gates',
  gitMs: 'f-git',
  waitingMs: 'f-waiting',
};

const classOf = (entry: TimelineEntry): string => {
  const work = workOf(entry);
  return work === undefined ? 'f-pawl' : classes[work];
};

function bar(entry: TimelineEntry, x: (at: number) => number, y: number): string {
  const left = x(entry.startedAt);
  const width = Math.max(1.5, x(entry.endedAt) - left);
  const what = entry.gate ?? entry.agent ?? entry.type;
  const title = `${entry.step}, attempt ${entry.attempt}: ${entry.type} ${what}, ${formatDuration(entry.endedAt - entry.startedAt)}, ${entry.outcome}`;
  return `<rect class="${classOf(entry)}" x="${left.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="16" rx="2"><title>${escapeHtml(plainLine(title))}</title></rect>`;
}

function gridLines(duration: number, x: (ms: number) => number, height: number): string[] {
  return [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = x(duration * part).toFixed(1);
    const anchor = part === 1 ? 'end' : part === 0 ? 'start' : 'middle';
    return `<line class="grid" x1="${at}" x2="${at}" y1="22" y2="${height}"/><text class="soft" x="${at}" y="14" text-anchor="${anchor}">${formatDuration(duration * part)}</text>`;
  });
}
