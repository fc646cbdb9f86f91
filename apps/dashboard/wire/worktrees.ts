import type { Repository } from './me.ts';
import type { Standing } from './runs.ts';

// GET /api/worktrees ?force=1   POST /api/worktrees/gc { repository, force, days }

export interface Worktrees {
  readonly worktrees: readonly Worktree[];
  readonly bytes: number;
  readonly freed: number;
  readonly command: string;
}
export interface Worktree {
  readonly path: string;
  readonly run: string;
  readonly lane: string;
  readonly repository?: Repository;
  readonly state: 'whole' | 'half' | 'orphan';
  readonly status: Standing | 'unknown';
  readonly branch?: string;
  readonly createdAt?: number;
  readonly usedAt: number;
  readonly bytes?: number;
  readonly dirty?: boolean;
  readonly unmerged?: number;
  readonly owner: 'alive' | 'gone' | 'none';
  /** Why `pawl gc` leaves it; absent: it would go. */
  readonly keep?: string;
}
