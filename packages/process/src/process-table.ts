import { listDarwin, markedDarwin } from './process-table-darwin.ts';
import { linuxTable } from './process-table-linux.ts';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Equal to `group` where the system does not tell. */
  readonly session: number;
  readonly started: string;
  /** The same as a number that grows. */
  readonly order: number;
  /** Ended but not yet taken notice of by its parent. */
  readonly ended: boolean;
  /** It runs a program: only such a one has an environment. */
  readonly program: boolean;
}

export interface Listed {
  readonly entries: readonly ProcessEntry[];
  /** False: some ended meanwhile, and may have begun others that are not listed. */
  readonly whole: boolean;
}

export interface Looked {
  readonly found: readonly ProcessEntry[];
  /** False: of some nobody can tell at this moment; look again. */
  readonly sure: boolean;
}

const linux = linuxTable();

/** All processes one can see. Empty on Windows. */
export function listProcesses(): Listed {
  if (process.platform === 'darwin') return { entries: listDarwin(), whole: true };
  return process.platform === 'win32' ? { entries: [], whole: true } : linux.list();
}

export function processEntry(pid: number): ProcessEntry | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'darwin') return listDarwin(pid)[0];
  return process.platform === 'win32' ? undefined : linux.entry(pid);
}

/** Which of these carry the variable with exactly this value in the environment they were started with. */
export function withVariable(entries: readonly ProcessEntry[], name: string, value: string): Looked {
  if (entries.length === 0 || process.platform === 'win32') return { found: [], sure: true };
  if (process.platform !== 'darwin') return linux.withVariable(entries, name, value);
  const marked = markedDarwin(name, value);
  return { found: entries.filter((entry) => marked.has(entry.pid)), sure: true };
}
