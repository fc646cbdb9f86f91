import { dirname } from 'node:path';
import { CliError } from '../exit.ts';
import { readTextFile, whyNot } from '../text-file.ts';

export interface WorkflowSource {
  readonly name: string;
  readonly text: string;
  /** As shown: a path relative to the repository, or `built-in workflow <name>`. */
  readonly file: string;
  /** Where the files it names are; undefined for a built-in one. */
  readonly folder?: string;
  /** What its owner should know of where it was found. */
  readonly hint?: string;
}

/** Where a repository keeps them, first one wins. The second serves repositories that come from Gump. */
export const homes = ['.pawl', '.gump'] as const;
export const suffixes = ['.yaml', '.yml'] as const;
const maxBytes = 4 * 1024 * 1024;

/** Undefined where there is none. `file` is the path as it is shown. */
export async function readIfThere(path: string, file: string, name: string): Promise<WorkflowSource | undefined> {
  const read = await readTextFile(path, maxBytes);
  if (read.found === 'absent') return undefined;
  if (read.found !== 'text')
    throw new CliError('usage', 'unreadable', `cannot read the workflow ${file}: ${whyNot(read, '4 MB')}`);
  return { name, text: read.text, file, folder: dirname(path), ...gumpHint(file) };
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

function gumpHint(file: string): { readonly hint?: string } {
  const [own, other] = homes;
  if (!file.startsWith(`${other}/`)) return {};
  const target = file.replace(other, own);
  return { hint: `${file} is read because there is no ${target}; to keep it for pawl: git mv ${file} ${target}` };
}
