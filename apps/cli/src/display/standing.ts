import type { Standing } from '../runs.ts';

/**
 * The text of a report whose run is marked as running though no process has it in hand. The first thing a report says
 * is the run's state.
 */
export function asItStands(text: string, status: Standing): string {
  if (status !== 'interrupted' && status !== 'waiting') return text;
  const mark = status === 'waiting' ? '?' : '!';
  return text
    .replace(/▸ running|■ stopping/, `${mark} ${status}`)
    .replace(/^# [▸■] (.*): (running|stopping)$/m, `# ${mark} $1: ${status}`);
}
