import { execa } from 'execa';
import { isAlive, type ProcessIdentity, signalIdentity } from './identity.ts';
import { listProcesses, type ProcessEntry, withVariable } from './process-table.ts';

/** Its value is different for each spawned process, so that a tree is told from its neighbours of the same run. */
export const treeVariable = 'PAWL_PROCESS_ID';

export interface Tree {
  readonly root: ProcessIdentity;
  readonly id: string;
  /** Everyone who was once seen in it: parentage is lost when a parent ends. */
  readonly seen: Map<number, ProcessIdentity>;
}

/** After SIGKILL a process can only stay if the system holds it. */
const killLimitMs = 5000;

/** Who of the tree is alive: descendants, the group and session of its root, and whoever carries its id. */
export function membersOf(tree: Tree): ProcessIdentity[] {
  const table = listProcesses();
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
  for (const entry of withVariable(rest, treeVariable, tree.id)) found.add(entry.pid);
  const members = withDescendants(table, found).filter((entry) => !entry.ended && entry.pid !== process.pid);
  for (const { pid, started } of members) tree.seen.set(pid, { pid, started });
  return members.map(({ pid, started }) => ({ pid, started }));
}

/** Ends the tree, politely at first. Looks again after each round: they may be forking. */
export async function endTree(tree: Tree, graceMs: number): Promise<void> {
  const polite = performance.now() + graceMs;
  const limit = polite + killLimitMs;
  const asked = new Set<string>();
  for (let members = membersOf(tree); members.length > 0; members = membersOf(tree)) {
    const now = performance.now();
    if (now >= limit) return;
    for (const member of members) {
      const key = `${member.pid} ${member.started}`;
      if (now >= polite) signalIdentity(member, 'SIGKILL');
      else if (!asked.has(key)) signalIdentity(member, 'SIGTERM');
      asked.add(key);
    }
    await untilEnded(members, now < polite ? polite : now + 50);
  }
}

/** Windows keeps no groups and no start times: `taskkill` walks the parents, from a root that we know is alive. */
export async function endTreeOnWindows(pid: number): Promise<void> {
  await execa('taskkill', ['/PID', String(pid), '/T', '/F'], { reject: false, timeout: killLimitMs, stdin: 'ignore' });
}

export async function untilEnded(members: readonly ProcessIdentity[], deadline: number): Promise<void> {
  for (let wait = 5; members.some(isAlive); wait = Math.min(50, wait * 2)) {
    const left = deadline - performance.now();
    if (left <= 0) return;
    await new Promise((resolve) => setTimeout(resolve, Math.min(wait, left)));
  }
}

function withDescendants(table: readonly ProcessEntry[], found: Set<number>): ProcessEntry[] {
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const entry of table) if (found.has(entry.parent)) found.add(entry.pid);
  }
  return table.filter((entry) => found.has(entry.pid));
}
