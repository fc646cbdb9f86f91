import type { Figures, Tokens } from './figures.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** `340ms`, `3.4s`, `12s`, `1m 04s`, `2h 05m`, `3d 04h`: never longer than eight characters below a thousand days. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return '?';
  const ms = Math.max(0, Math.round(milliseconds));
  if (ms < second) return `${ms}ms`;
  if (ms < 9_950) return `${(ms / second).toFixed(1)}s`;
  const seconds = Math.round(ms / second) * second;
  if (seconds < minute) return `${seconds / second}s`;
  if (seconds < hour) return pair(seconds, minute, 'm', second, 's');
  const minutes = Math.round(ms / minute) * minute;
  if (minutes < day) return pair(minutes, hour, 'h', minute, 'm');
  return pair(Math.round(ms / hour) * hour, day, 'd', hour, 'h');
}

/** `999`, `12.3k`, `123k`, `1.2M`. */
export function formatTokens(count: number): string {
  if (!Number.isFinite(count)) return '?';
  const tokens = Math.max(0, Math.round(count));
  if (tokens < 1_000) return `${tokens}`;
  if (tokens < 99_950) return `${(tokens / 1_000).toFixed(1)}k`;
  if (tokens < 999_500) return `${Math.round(tokens / 1_000)}k`;
  return tokens < 99_950_000 ? `${(tokens / 1e6).toFixed(1)}M` : `${Math.round(tokens / 1e6)}M`;
}

/** `3 files`, `1 file`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Input and output together; `+` at the end: some run told none; undefined: nothing was told at all. */
export function tokensTold(tokens: Tokens): string | undefined {
  const sum = tokens.input + tokens.output;
  if (tokens.unreported > 0) return sum === 0 ? undefined : `${formatTokens(sum)}+`;
  return formatTokens(sum);
}

/** The same for turns. */
export function turnsTold(figures: Pick<Figures, 'turns' | 'turnsUnreported'>): string | undefined {
  if (figures.turnsUnreported > 0) return figures.turns === 0 ? undefined : `${figures.turns}+`;
  return `${figures.turns}`;
}

function pair(value: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const rest = Math.round((value % large) / small);
  return `${Math.floor(value / large)}${largeUnit} ${String(rest).padStart(2, '0')}${smallUnit}`;
}
