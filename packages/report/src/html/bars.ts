import { formatDuration } from '../format-figures.ts';
import type { RunReport } from '../model.ts';
import { plainLine } from '../plain-text.ts';
import { cutStart } from '../width.ts';
import { escapeHtml } from './escape.ts';

export interface Bar {
  readonly label: string;
  readonly value: number;
  readonly text: string;
  /** `f-agent`, `f-failed`, … of the page's style. */
  readonly kind: string;
}

/** Bars below each other, each as long as its value. */
export function barsSvg(bars: readonly Bar[], about: string): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const rows = bars.map(({ label, value, text, kind }, index) => {
    const y = index * 24;
    const width = Math.max(value > 0 ? 1.5 : 0, (value / most) * 600);
    return `<text x="0" y="${y + 16}">${escapeHtml(cutStart(plainLine(label), 32))}<title>${escapeHtml(plainLine(label))}</title></text><rect class="${kind}" x="220" y="${y + 4}" width="${width.toFixed(1)}" height="16" rx="2"/><text class="soft" x="${(228 + width).toFixed(1)}" y="${y + 16}">${escapeHtml(text)}</text>`;
  });
  return `<div class="wide"><svg viewBox="0 0 1000 ${bars.length * 24 + 2}" role="img" aria-label="${escapeHtml(about)}">\n${rows.join('\n')}\n</svg></div>`;
}

const parts = [
  ['agentMs', 'agent', 'agents'],
  ['gatesMs', 'gates', 'gates'],
  ['gitMs', 'git', 'git'],
  ['waitingMs', 'waiting', 'waiting'],
  ['stoodMs', 'stood', 'stood still'],
  ['pawlMs', 'pawl', 'pawl itself'],
] as const;

/** The duration of the run as one bar, with what each part of it is. */
export function wallSvg({ totals: { wall } }: RunReport): string {
  const all = parts.reduce((sum, [kind]) => sum + wall[kind], 0) || 1;
  let left = 0;
  const bars = parts.map(([kind, name]) => {
    const width = (wall[kind] / all) * 1_000;
    const rect = `<rect class="f-${name}" x="${left.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="18"/>`;
    left += width;
    return rect;
  });
  const legend = parts
    .filter(([kind]) => wall[kind] > 0)
    .map(([kind, name, title]) => `<li><i class="f-${name}"></i>${title} ${formatDuration(wall[kind])}</li>`);
  return `<div class="wide"><svg viewBox="0 0 1000 18" preserveAspectRatio="none" role="img" aria-label="What the time went into">${bars.join('')}</svg></div>\n<ul class="legend">${legend.join('')}</ul>`;
}
