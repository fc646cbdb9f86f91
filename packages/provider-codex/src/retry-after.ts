const units = new Map<string, number>([
  ...([
    ['ms', 1],
    ['s', 1_000],
    ['second', 1_000],
    ['m', 60_000],
    ['minute', 60_000],
  ] as const),
  ...([
    ['h', 3_600_000],
    ['hour', 3_600_000],
    ['d', 86_400_000],
    ['day', 86_400_000],
  ] as const),
]);
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayMs = 86_400_000;
/** A time is told without its seconds. */
const roundingMs = 60_000;

/**
 * How long to wait, where a sentence tells: `try again in 1.5s`, or by the local clock `try again at 1:24 PM`,
 * `… at Nov 23rd, 2026 3:25 PM`. `now`: when it was said; without it a time tells nothing.
 */
export function retryAfter(sentence: string, now: number | undefined): number | undefined {
  const during = /try again in ((?:[\d.]+ ?[a-z]+[ ,]*(?:and )?)+)/i.exec(sentence)?.[1];
  if (during !== undefined) return span(during);
  const at = /try again at (?:([a-z]{3})[a-z]* (\d+)[a-z]*,? (\d{4}) )?(\d+):(\d\d) ([AP])M/i.exec(sentence);
  if (!at || now === undefined) return undefined;
  const [, month = '', day, year, hour, minute, half = ''] = at;
  const hours = (Number(hour) % 12) + (half.toUpperCase() === 'P' ? 12 : 0);
  if (day !== undefined) {
    const then = new Date(Number(year), months.indexOf(month.toLowerCase()), Number(day), hours, Number(minute));
    return Math.max(0, then.getTime() + roundingMs - now);
  }
  const today = new Date(now);
  today.setHours(hours, Number(minute), 0, 0);
  const wait = today.getTime() + roundingMs - now;
  return wait > 0 ? wait : wait + dayMs;
}

function span(text: string): number | undefined {
  let total = 0;
  for (const [, figure = '', unit = ''] of text.matchAll(/([\d.]+) ?([a-z]+)/gi)) {
    const name = unit.toLowerCase();
    const ms = units.get(name) ?? units.get(name.replace(/s$/, ''));
    if (ms === undefined) continue;
    total += Number(figure) * ms;
  }
  return total > 0 && Number.isFinite(total) ? Math.ceil(total) : undefined;
}
