import { readdirSync, readFileSync } from 'node:fs';
import type { Listed, Looked, ProcessEntry } from './process-table.ts';

/** `proc`: where the kernel tells of processes. */
export interface LinuxTable {
  list(): Listed;
  entry(pid: number): ProcessEntry | undefined;
  /** Those that carry the variable with exactly this value in the environment they were started with. */
  withVariable(entries: readonly ProcessEntry[], name: string, value: string): Looked;
}

/** A thread of the kernel runs no program. */
const kernelThread = 0x00200000;

export function linuxTable(proc = '/proc'): LinuxTable {
  let boot: string | undefined;
  const bootId = (): string => {
    boot ??= (read(`${proc}/sys/kernel/random/boot_id`) ?? '').trim();
    return boot;
  };

  const entry = (pid: number): ProcessEntry | undefined => {
    const stat = read(`${proc}/${pid}/stat`) ?? '';
    // The name in parentheses may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, parent, group, session, , , flags] = fields;
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
      program: (Number(flags) & kernelThread) === 0,
    };
  };

  /**
   * Undefined: it is just starting a program. Until that has its arguments and its environment, a process shows neither,
   * also one whose parents are gone; on a machine that is busy that takes its time.
   */
  const environmentOf = (pid: number): string | undefined => {
    const first = read(`${proc}/${pid}/environ`);
    if (first !== '') return first ?? '';
    if (read(`${proc}/${pid}/cmdline`) === '') return undefined;
    // It may have been just then; what is empty now was started with nothing.
    return read(`${proc}/${pid}/environ`) ?? '';
  };

  return {
    entry,
    list: () => {
      const pids = numbersIn(proc);
      const entries = pids.map(entry).filter((one) => one !== undefined);
      return { entries, whole: entries.length === pids.length };
    },
    withVariable: (entries, name, value) => {
      const wanted = `\0${name}=${value}\0`;
      let sure = true;
      const found = entries.filter(({ pid, program, ended }) => {
        if (!program || ended) return false;
        const environment = environmentOf(pid);
        if (environment === undefined) sure &&= entry(pid)?.ended !== false;
        return `\0${environment ?? ''}\0`.includes(wanted);
      });
      return { found, sure };
    },
  };
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder).map(Number).filter(Number.isSafeInteger);
  } catch {
    return [];
  }
}

/** Undefined: it is gone by now, or somebody else's. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
