import type { Command, Host } from '@pawl/provider';
import { system } from './clock.ts';
import { within } from './watch.ts';

interface Heard<T> {
  readonly answer?: T;
  readonly error?: unknown;
}

/**
 * Runs a program, hands each of its lines to `see` until that answers, and stops it. Undefined: it ended or `ms` (default
 * 20 s) were over without an answer. Rejects with what `see` threw.
 */
export async function listen<T>(
  host: Host,
  command: Command,
  see: (line: string) => T | undefined | Promise<T | undefined>,
  { ms = 20_000, clock = system.clock } = {},
): Promise<T | undefined> {
  const child = host.spawn(command);
  const read = async (): Promise<Heard<T>> => {
    try {
      for await (const { text } of child.lines) {
        const answer = await see(text);
        if (answer !== undefined) return { answer };
      }
      return {};
    } catch (error) {
      return { error };
    }
  };
  const late: Heard<T> = {};
  const heard = await within(clock, ms, read(), late);
  child.endInput?.();
  await within(clock, ms, child.stop(), undefined);
  if ('error' in heard) throw heard.error;
  return heard.answer;
}
