import { statSync } from 'node:fs';
import type { ProcessCommand, StartFailure } from './command.ts';

/** The system reports an absent folder as an absent program: look first. */
export function badFolder(command: ProcessCommand): StartFailure | undefined {
  if (statSync(command.cwd, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  return { code: 'bad-cwd', message: `Cannot start ${command.file} in ${command.cwd}: there is no such folder.` };
}

export function startFailure(command: ProcessCommand, error: unknown): StartFailure {
  const { code, message } = describe(error);
  if (code === 'ENOENT') {
    const hint = command.file.includes('/') ? 'or what it is run with (its #! line)' : 'on the PATH';
    return { code: 'not-found', message: `There is no program ${command.file} ${hint}: install it or name its path.` };
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return { code: 'not-executable', message: `${command.file} is not a program that may be run: check its mode.` };
  }
  return { code: 'spawn-failed', message: `${command.file} could not be started: ${message}` };
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  return { code: 'code' in error ? String(error.code) : '', message: error.message };
}
