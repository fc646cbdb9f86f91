import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Texts of the page, as files that a command reads. Each belongs to that command and lives as long as it is read: a run
 * keeps its specification and its prompts in its own first event.
 */
export interface Texts {
  /** The file is there until what uses it has settled. */
  during<T>(text: string, ending: 'md' | 'yaml', use: (file: string) => Promise<T>): Promise<T>;
  /** A name for what a command writes; whoever asks for it removes it. */
  place(ending: string): string;
}

/** Nothing reads one that long. */
const oldMs = 24 * 60 * 60 * 1000;

/** Takes away what a server that was killed has left. Files 0600, the folder 0700. */
export function openTexts(dashboard: string, now: number): Texts {
  const folder = join(dashboard, 'texts');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const info = statSync(file, { throwIfNoEntry: false });
    if (info && now - info.mtimeMs > oldMs) rmSync(file, { recursive: true, force: true });
  }
  const place = (ending: string): string => join(folder, `${randomUUID()}.${ending}`);
  return {
    place,
    async during(text, ending, use) {
      const file = place(ending);
      writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
      try {
        return await use(file);
      } finally {
        rmSync(file, { force: true });
      }
    },
  };
}
