import type { GateReport } from '@pawl/core';
import { describe } from '../errors.ts';
import type { WorktreeFiles } from '../ports.ts';

/** A file that holds more was not written by hand, and git puts no marks into what is binary. */
const mostBytes = 20_000_000;
const mostNamed = 20;

/** Whether what git could not merge was resolved: no file that conflicted holds a mark any more. */
export async function judgeMarks(
  files: readonly string[],
  worktree: string,
  { read }: Pick<WorktreeFiles, 'read'>,
): Promise<GateReport> {
  const left: string[] = [];
  for (const file of files) {
    const text = await read(worktree, file, mostBytes).catch((error: unknown) => {
      const { code, message } = describe(error);
      // A folder or a link stands there now: it holds no marks.
      if (code !== 'outside-worktree') left.push(`${file}: ${message}`);
      return undefined;
    });
    left.push(...marksIn(text ?? '').map((line) => `${file}:${line}`));
  }
  if (left.length === 0) return { pass: true, durationMs: 0 };
  const more = left.length > mostNamed ? `\n… and ${left.length - mostNamed} more` : '';
  return {
    pass: false,
    failure: `Conflict marks are left:\n${left.slice(0, mostNamed).join('\n')}${more}`,
    durationMs: 0,
  };
}

/** Lines as git writes them, with the commit that is meant: a text about conflicts holds others. */
const marksIn = (text: string): readonly number[] =>
  text.split('\n').flatMap((line, index) => (mark.test(line) ? [index + 1] : []));
const mark = /^(?:<{7}|>{7}) [\da-f]{40,64}(?::|\r?$)/;
