import { readFileSync } from 'node:fs';
import type { Context } from './context.ts';

type Input = NonNullable<Context['stdin']> & { setRawMode?(raw: boolean): unknown };

/** What is pressed at a terminal, one by one. */
export interface Keys {
  /** The terminal reads whole lines again: for a question. Calls may be nested. */
  hold(): void;
  release(): void;
  close(): void;
}

/**
 * Undefined where nobody can press one: no terminal, or this process is in its background, where changing the terminal
 * would stop it. Ctrl+C, Ctrl+Z and Ctrl+\\ stay what they are.
 */
export function openKeys(stdin: Context['stdin'], onKey: (key: string) => void): Keys | undefined {
  const input = stdin as Input | undefined;
  if (!input?.isTTY || !input.setRawMode || !inForeground()) return undefined;
  let holds = 0;
  let open = true;
  const raw = (on: boolean): void => {
    input.setRawMode?.(on);
    if (on) input.resume();
    else input.pause();
  };
  const onData = (data: Buffer | string): void => {
    for (const key of keysIn(String(data))) {
      const signal = signals[key];
      if (signal === undefined) onKey(key);
      else if (signal === 'SIGTSTP') suspend();
      else process.kill(process.pid, signal);
    }
  };
  const suspend = (): void => {
    raw(false);
    process.kill(process.pid, 'SIGTSTP');
  };
  const onContinue = (): void => {
    if (open && holds === 0) raw(true);
  };
  const restore = (): void => void input.setRawMode?.(false);
  const listen = (on: boolean): void => {
    if (on) input.on('data', onData);
    else input.off('data', onData);
    raw(on);
  };
  process.on('exit', restore);
  process.on('SIGCONT', onContinue);
  listen(true);
  return {
    hold() {
      if (holds === 0) listen(false);
      holds += 1;
    },
    release() {
      holds -= 1;
      if (holds === 0 && open) listen(true);
    },
    close() {
      if (!open) return;
      open = false;
      if (holds === 0) listen(false);
      process.off('exit', restore);
      process.off('SIGCONT', onContinue);
    },
  };
}

const signals: Readonly<Record<string, NodeJS.Signals>> = {
  '\u0003': 'SIGINT',
  '\u001a': 'SIGTSTP',
  '\u001c': 'SIGQUIT',
};

/** Escape sequences of keys stay whole. */
export const keysIn = (data: string): readonly string[] =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal sends
  data.match(/\u001b(?:\[[0-9;]*[A-Za-z~]|O[A-Z])|[\s\S]/gu) ?? [];

/** Whether the terminal is this process group's. Where the system does not tell, it is taken to be. */
function inForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return foreground === '-1' || group === foreground;
  } catch {
    return true;
  }
}
