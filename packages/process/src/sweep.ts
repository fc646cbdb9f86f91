import { type ProcessIdentity, signalIdentity } from './identity.ts';
import { listProcesses, type ProcessEntry, withVariable } from './process-table.ts';
import { untilEnded } from './tree.ts';

export const markerVariable = 'PAWL_PROCESS';
const graceMs = 2000;
const limitMs = 7000;

/**
 * Ends every process whose environment carries `PAWL_PROCESS=<marker>`, wherever it hangs: what a pawl that was killed
 * has left behind. Never this process or one of its parents. Returns how many there were. 0 on Windows.
 */
export async function sweepMarked(marker: string): Promise<number> {
  const begin = performance.now();
  const swept = new Set<string>();
  for (let found = marked(marker); found.length > 0; found = marked(marker)) {
    const passed = performance.now() - begin;
    if (passed >= limitMs) break;
    for (const identity of found) {
      const key = `${identity.pid} ${identity.started}`;
      if (passed >= graceMs) signalIdentity(identity, 'SIGKILL');
      else if (!swept.has(key)) signalIdentity(identity, 'SIGTERM');
      swept.add(key);
    }
    await untilEnded(found, passed >= graceMs ? performance.now() + 50 : begin + graceMs);
  }
  return swept.size;
}

function marked(marker: string): ProcessIdentity[] {
  const table = listProcesses();
  const own = ancestors(table);
  const others = table.filter((entry) => !entry.ended && !own.has(entry.pid));
  return withVariable(others, markerVariable, marker).map(({ pid, started }) => ({ pid, started }));
}

function ancestors(table: readonly ProcessEntry[]): Set<number> {
  const parents = new Map(table.map((entry) => [entry.pid, entry.parent]));
  const chain = new Set<number>();
  for (let pid: number | undefined = process.pid; pid !== undefined && !chain.has(pid); pid = parents.get(pid)) {
    chain.add(pid);
  }
  return chain;
}
