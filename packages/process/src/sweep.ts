import { endAll, type Members } from './end-all.ts';
import { listProcesses, type ProcessEntry, withVariable } from './process-table.ts';

export const markerVariable = 'PAWL_PROCESS';
const graceMs = 2000;

/**
 * Ends every process whose environment carries `PAWL_PROCESS=<marker>`, wherever it hangs: what a pawl that was killed
 * has left behind. Never this process or one of its parents. Returns how many there were. 0 on Windows.
 */
export const sweepMarked = (marker: string): Promise<number> => endAll(() => marked(marker), graceMs);

function marked(marker: string): Members {
  const { entries, whole } = listProcesses();
  const own = ancestors(entries);
  const others = entries.filter((entry) => !entry.ended && !own.has(entry.pid));
  const { found, sure } = withVariable(others, markerVariable, marker);
  return { members: found.map(({ pid, started }) => ({ pid, started })), sure: sure && whole };
}

function ancestors(table: readonly ProcessEntry[]): Set<number> {
  const parents = new Map(table.map((entry) => [entry.pid, entry.parent]));
  const chain = new Set<number>();
  for (let pid: number | undefined = process.pid; pid !== undefined && !chain.has(pid); pid = parents.get(pid)) {
    chain.add(pid);
  }
  return chain;
}
