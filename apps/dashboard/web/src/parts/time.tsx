import { useEffect, useRef, useState } from 'react';

/** As the command line writes it: `340ms`, `3.4s`, `1m 04s`, `2h 05m`. */
export function duration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds);
  if (ms < 1000) return `${Math.round(ms)}ms`;
  if (ms < 9950) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}

/** One clock for all that ticks. */
const listeners = new Set<(now: number) => void>();
let timer: ReturnType<typeof setInterval> | undefined;

export function useNow(ticks: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!ticks) return;
    listeners.add(setNow);
    timer ??= setInterval(() => {
      for (const listener of listeners) listener(Date.now());
    }, 1000);
    return () => {
      listeners.delete(setNow);
      if (listeners.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, [ticks]);
  return now;
}

/** A value that changes often, as it was at most so long ago: for what costs the server something to tell. */
export function useSlowly<T>(value: T, everyMs: number): T {
  const [shown, show] = useState(value);
  const changed = useRef(0);
  useEffect(() => {
    if (Object.is(value, shown)) return;
    const timer = setTimeout(
      () => {
        changed.current = Date.now();
        show(value);
      },
      Math.max(0, changed.current + everyMs - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [value, shown, everyMs]);
  return shown;
}

/** From a start to an end, or to now while there is none. */
export function Elapsed({ from, to }: { readonly from: number | undefined; readonly to?: number | undefined }) {
  const now = useNow(from !== undefined && to === undefined);
  return <span className="number">{from === undefined ? '' : duration((to ?? Math.max(now, from)) - from)}</span>;
}

const near = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const far = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export function When({ at }: { readonly at: number }) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return (
    <time dateTime={date.toISOString()} title={whole.format(date)}>
      {(today ? near : far).format(date)}
    </time>
  );
}
