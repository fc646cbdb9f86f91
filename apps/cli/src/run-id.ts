import { randomInt } from 'node:crypto';

/** Sorts by time, short enough to type, and says the day. */
export function newRunId(): string {
  const now = new Date().toISOString();
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const tail = Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return `${now.slice(2, 10).replaceAll('-', '')}-${now.slice(11, 16).replace(':', '')}-${tail}`;
}
