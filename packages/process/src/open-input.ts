import type { Writable } from 'node:stream';

/** See `RunningProcess`. */
export interface OpenInput {
  write(text: string): Promise<boolean>;
  endInput(): void;
}

/** The standard input of a process that is talked to; undefined for one that did not start. */
export function openInput(stdin: Writable | null | undefined): OpenInput {
  const waiting = new Set<(taken: boolean) => void>();
  // What is under way when the pipe goes is not always told by its own callback.
  stdin?.once('close', () => {
    for (const settle of waiting) settle(false);
  });
  return {
    write: (text) =>
      new Promise((resolve) => {
        if (!stdin?.writable) return resolve(false);
        const settle = (taken: boolean) => {
          waiting.delete(settle);
          resolve(taken);
        };
        waiting.add(settle);
        stdin.write(text, (error) => settle(!error));
      }),
    endInput: () => void stdin?.end(),
  };
}
