import type { Command, Exit, Host } from '@pawl/provider';
import { system } from './clock.ts';
import { within } from './watch.ts';

export interface Answer {
  /** The beginning of standard output. */
  readonly text: string;
  readonly exit: Exit;
}

const cap = 65_536;

/**
 * Runs a program for a short answer (`--version`), for `probe`. Stopped after `ms` (default 20 s); the exit then has
 * neither code nor error. Never rejects.
 */
export async function ask(host: Host, command: Command, { ms = 20_000, clock = system.clock } = {}): Promise<Answer> {
  const child = host.spawn(command);
  let text = '';
  const read = async () => {
    for await (const line of child.lines) if (text.length < cap) text += `${line.text}\n`;
    return await child.exit;
  };
  const late: Exit = { code: undefined, signal: undefined, stderrTail: `no answer within ${ms / 1000} s` };
  const exit = await within(clock, ms, read(), late);
  if (exit === late) await within(clock, ms, child.stop(), undefined);
  return { text: text.slice(0, cap), exit };
}
