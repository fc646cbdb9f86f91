import type { CommandEnd } from './ports.ts';

/** Why a command did not come to an exit code of its own, in words; undefined when it did. */
export function stoppage(end: CommandEnd, timeoutMs: number): string | undefined {
  if (end.cancelled) return 'It was stopped.';
  if (end.timedOut) return `It did not end within ${seconds(timeoutMs)} s and was stopped.`;
  if (end.error) return `It could not be started: ${end.error.message}`;
  return end.signal === undefined ? undefined : `It was ended by ${end.signal}.`;
}

const seconds = (ms: number): number => (ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1000));
