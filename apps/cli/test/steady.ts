import { mkdtempSync, realpathSync } from 'node:fs';
import { main } from '../src/main.ts';
import type { Stage } from './stage.ts';

/** A folder whose path is short and always of the same length, so that a line is never broken inside it. */
export const shortFolder = (): string => realpathSync(mkdtempSync('/tmp/g'));

/** Stands for such a folder, and is as long. */
const steadyFolder = '/home/ada/wk';

/**
 * What differs from run to run and from machine to machine made the same: places, ids, commits, times, sizes, versions.
 * What stands in columns keeps its width, so that the layout is the one that was printed.
 */
export function steady(text: string, stage: Pick<Stage, 'folder'>): string {
  return steadyPlaces(text, stage)
    .replace(after(String.raw`\d{6}-\d{4}-[a-z0-9]{4}\b`), 'YYMMDD-HHMM-abcd')
    .replace(after(String.raw`20\d\d-\d\d-\d\d \d\d:\d\d\b`), '2026-11-20 11:05')
    .replace(after(String.raw`20\d\d-\d\d-\d\d\b`), '2026-11-20')
    .replace(/(?<=shop-)[0-9a-f]{12}\b/g, 'a1b2c3d4e5f6')
    .replace(/(?<=(?:session|undo)-)[0-9a-f]{8}\b/g, 'c0000000')
    .replace(
      after(String.raw`((?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8}|[0-9a-f]{12}|[0-9a-f]{40})(?![\w-])`),
      ({ length }) => 'c'.padEnd(length, '0'),
    )
    .replace(after(String.raw`\d+(\.\d+)? ?(B|kB|MB|KB|GiB)\b`), 'N kB')
    .replace(after(String.raw`(\d+h )?(\d+m )?\d+(\.\d)?m?s\b(?! +\(not set\))`), '1.0s')
    .replace(/\b(git|Node) \d+\.\d+\.\d+/g, '$1 N.N.N')
    .replace(/(?<=process )\d+(.*…)?/g, (_, cut) => (cut === undefined ? 'N' : 'N…'));
}

/** The same for what a steady history holds: its ids and times are steady already. */
export function steadyPlaces(text: string, { folder }: Pick<Stage, 'folder'>): string {
  return (
    text
      .replaceAll(folder, steadyFolder)
      .replace(/main@[0-9a-f]{8}/g, 'main@c0000000')
      // Half the cores of this machine.
      .replace(/(max_parallel *(?:\S*m)?\n? *(?:\S*m)?)\d+/g, '$1N')
  );
}

/** Where a word begins, also behind the end of an escape sequence. */
const after = (pattern: string): RegExp => new RegExp(`(?:(?<![\\w-])|(?<=\u001b\\[\\d{1,3}m))${pattern}`, 'gm');

export interface View {
  readonly columns: number;
  readonly color: boolean;
}

/** What people see of a command in a terminal that cannot redraw, with escapes that can be read. */
export async function seen(
  stage: Stage,
  args: readonly string[],
  { columns, color }: View,
  { env: more = {}, make = steady }: { readonly env?: NodeJS.ProcessEnv; readonly make?: typeof steady } = {},
): Promise<string> {
  const text: string[] = [];
  const stream = { write: (part: string) => text.push(part), isTTY: true, columns, rows: 50 };
  const { NO_COLOR: _, ...plain } = stage.env;
  const env = { ...plain, ...more, CI: '1', ...(color ? {} : { NO_COLOR: '1' }) };
  const code = await main(args, { cwd: stage.repository, env, stdout: stream, stderr: stream });
  const words = args.map((word) => (/[\s"']/.test(word) ? JSON.stringify(word) : word)).join(' ');
  return `${make(`$ pawl ${words}\n${text.join('')}`, stage).replaceAll('\u001b', '␛')}[exit code ${code}]\n`;
}
