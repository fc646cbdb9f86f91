import { execa } from 'execa';
import type { Members } from './end-all.ts';
import type { ProcessIdentity } from './identity.ts';
import { listProcesses, type ProcessEntry, withVariable } from './process-table.ts';

/** Its value is different for each spawned process, so that a tree is told from its neighbours of the same run. */
export const treeVariable = 'PAWL_PROCESS_ID';

export interface Tree {
  readonly root: ProcessIdentity;
  readonly id: string;
  /** Everyone who was once seen in it: parentage is lost when a parent ends. */
  readonly seen: Map<number, ProcessIdentity>;
}

const killLimitMs = 5000;

/** Who of the tree is alive: descendants, the group and session of its root, and whoever carries its id. */
export function membersOf(tree: Tree): Members {
  const { entries: table, whole } = listProcesses();
  const root = table.find((entry) => entry.pid === tree.root.pid);
  const atRoot = root?.started === tree.root.started;
  // A number in use as a group or session is not given to a new process: another owner means that ours are gone.
  const ours = atRoot || !root;
  const later = atRoot ? root.order : 0;
  const found = new Set<number>(atRoot ? [tree.root.pid] : []);
  for (const entry of table) {
    if (tree.seen.get(entry.pid)?.started === entry.started) found.add(entry.pid);
    if (ours && (entry.group === tree.root.pid || entry.session === tree.root.pid)) found.add(entry.pid);
  }
  const rest = table.filter((entry) => !found.has(entry.pid) && entry.order >= later);
  const marked = withVariable(rest, treeVariable, tree.id);
  for (const entry of marked.found) found.add(entry.pid);
  const members = withDescendants(table, found).filter((entry) => !entry.ended && entry.pid !== process.pid);
  for (const { pid, started } of members) tree.seen.set(pid, { pid, started });
  return { members: members.map(({ pid, started }) => ({ pid, started })), sure: marked.sure && whole };
}

/** Windows keeps no groups and no start times: `taskkill` walks the parents, from a root that we know is alive. */
export async function endTreeOnWindows(pid: number): Promise<void> {
  await execa('taskkill', ['/PID', String(pid), '/T', '/F'], { reject: false, timeout: killLimitMs, stdin: 'ignore' });
}

function withDescendants(table: readonly ProcessEntry[], found: Set<number>): ProcessEntry[] {
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const entry of table) if (found.has(entry.parent)) found.add(entry.pid);
  }
  return table.filter((entry) => found.has(entry.pid));
}
