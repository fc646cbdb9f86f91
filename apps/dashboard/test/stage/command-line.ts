import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface Entry {
  /** `pawl sessions fork`. */
  readonly name: string;
  readonly options: readonly string[];
}
export type Read =
  | { readonly command: string; readonly args: readonly string[]; readonly options: Readonly<Record<string, unknown>> }
  | { readonly refused: string };

const script = join(import.meta.dirname, '../../../cli/scripts/read-commands.ts');

/** What the command line has, and how its own parser reads each list of words. */
export function readWords(words: readonly (readonly string[])[]): {
  readonly entries: readonly Entry[];
  readonly read: readonly Read[];
} {
  const args = ['--conditions=@pawl/source', script];
  return JSON.parse(execFileSync(process.execPath, args, { input: JSON.stringify(words), encoding: 'utf8' }));
}

/** As somebody who pastes them: a shell takes them apart, the parser reads what is left. */
export function readPasted(commands: readonly string[]): readonly Read[] {
  const pawl = 'pawl() { printf "%s\\0" "$@"; printf "\\1\\0"; }';
  const said = execFileSync('/bin/sh', ['-eu', '-c', [pawl, ...commands].join('\n')], { encoding: 'utf8' });
  const words: string[][] = [[]];
  for (const word of said.split('\0').slice(0, -1))
    if (word === '\u0001') words.push([]);
    else words.at(-1)?.push(word);
  return readWords(words.slice(0, -1)).read;
}
