import { dirname } from 'node:path';
import { CliError } from '../exit.ts';
import { readTextFile, whyNot } from '../text-file.ts';

export interface WorkflowSource {
  readonly name: string;
  readonly text: string;
  /** As shown: a path relative to the repository, that of a file elsewhere, or `built-in workflow <name>`. */
  readonly file: string;
  /** Where the files it names are; undefined for a built-in one. */
  readonly folder?: string;
  /** What its owner should know of where it was found. */
  readonly hint?: string;
}

export const suffixes = ['.yaml', '.yml'] as const;
const maxBytes = 4 * 1024 * 1024;

/** Undefined where there is none. `file` is the path as it is shown. */
export async function readIfThere(path: string, file: string, name: string): Promise<WorkflowSource | undefined> {
  const read = await readTextFile(path, maxBytes);
  if (read.found === 'absent') return undefined;
  if (read.found !== 'text')
    throw new CliError('usage', 'unreadable', `cannot read the workflow ${file}: ${whyNot(read, '4 MB')}`);
  return { name, text: read.text, file, folder: dirname(path) };
}

export async function readWorkflow(path: string, file: string, name: string): Promise<WorkflowSource> {
  const found = await readIfThere(path, file, name);
  if (found) return found;
  throw new CliError(
    'usage',
    'no-such-file',
    `cannot read the workflow ${file}: there is no such file`,
    'pawl workflows list',
  );
}
