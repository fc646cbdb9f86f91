import { signalIdentity } from './identity.ts';
import { membersOf, type Tree } from './tree.ts';

const running = new Set<Tree>();

/** Trees that are still there when this process exits by itself are ended by force. A kill -9 is for `sweepMarked`. */
export function guardTree(tree: Tree): void {
  if (running.size === 0) process.on('exit', killAll);
  running.add(tree);
}

export function releaseTree(tree: Tree): void {
  running.delete(tree);
  if (running.size === 0) process.off('exit', killAll);
}

function killAll(): void {
  for (const tree of running) for (const member of membersOf(tree).members) signalIdentity(member, 'SIGKILL');
}
