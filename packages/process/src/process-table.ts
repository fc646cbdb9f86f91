import { readdirSync, readFileSync } from 'node:fs';
import { listDarwin, markedDarwin } from './process-table-darwin.ts';

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
}

/** All processes one can see. Empty on Windows. */
export function listProcesses(): ProcessEntry[] {
  if (process.platform === 'darwin') return listDarwin();
  if (process.platform === 'win32') return [];
  return numbersIn('/proc')
    .map(readStat)
    .filter((entry) => entry !== undefined);
}

export function processEntry(pid: number): ProcessEntry | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'darwin') return listDarwin(pid)[0];
  return process.platform === 'win32' ? undefined : readStat(pid);
}

/** Which of these carry the variable with exactly this value in the environment they were started with. */
export function withVariable(entries: readonly ProcessEntry[], name: string, value: string): ProcessEntry[] {
  if (entries.length === 0 || process.platform === 'win32') return [];
  if (process.platform === 'darwin') {
    const marked = markedDarwin(name, value);
    return entries.filter((entry) => marked.has(entry.pid));
  }
  const wanted = `\0${name}=${value}\0`;
  return entries.filter((entry) => `\0${readOrEmpty(`/proc/${entry.pid}/environ`)}\0`.includes(wanted));
}

function readStat(pid: number): ProcessEntry | undefined {
  const stat = readOrEmpty(`/proc/${pid}/stat`);
  // The name in parentheses may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group, session] = fields;
  const ticks = fields[19];
  if (!state || !parent || !group || !session || !ticks) return undefined;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    started: `${ticks}@${bootId()}`,
    order: Number(ticks),
    ended: state === 'Z' || state === 'X',
  };
}

let boot: string | undefined;

function bootId(): string {
  boot ??= readOrEmpty('/proc/sys/kernel/random/boot_id').trim();
  return boot;
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isSafeInteger);
  } catch {
    return [];
  }
}

/** It may be gone by now, or be somebody else's. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
