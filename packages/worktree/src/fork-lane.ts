import type { Lane } from './lane.ts';
import { checkedCommit } from './names.ts';
import { laneWith, type OpenLaneOptions } from './open-lane.ts';

export interface ForkLaneOptions extends Omit<OpenLaneOptions, 'base'> {
  /** The checkpoint, or any commit, whose files the lane begins with. */
  readonly at: string;
  /** Where its branch begins: the last clean commit of the steps that are kept. Default: `at` itself. */
  readonly base?: string;
}

/**
 * A lane of a new run at a moment of an old one, which stays as it was. Called again, it attaches, as `openLane` does.
 */
export async function forkLane(options: ForkLaneOptions): Promise<Lane> {
  const { at, base = at, ...rest } = options;
  return laneWith({ ...rest, base }, checkedCommit(at));
}
