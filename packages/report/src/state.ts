import type { EffectId, FrameId, FrameStarted, StepPath } from '@pawl/core';
import type { QueuedTurn, Warning } from './model.ts';
import { type Nodes, newNodes } from './nodes.ts';
import type { OpenEffect } from './settle.ts';
import type { StepNode } from './tree.ts';
import { WallClock } from './wall.ts';

/** Mutable, owned by one projection. */
export interface ProjectionState {
  readonly nodes: Nodes;
  readonly open: Map<EffectId, OpenEffect>;
  /** Sequences inside steps, and those that serve them, as they began last. */
  readonly frames: Map<FrameId, FrameStarted>;
  /** Of a replay: those in which nothing is left to do. */
  readonly takenOver: Set<FrameId>;
  readonly queue: Map<StepPath, QueuedTurn>;
  /** Steps that have started and not ended. */
  readonly active: Set<StepNode>;
  /** Those of a run that ended with something left to be done: they go on with it. */
  readonly halted: Set<StepNode>;
  readonly warnings: Warning[];
  readonly clock: WallClock;
  readonly files: Set<string>;
  insertions: number;
  deletions: number;
  updatedAt: number | undefined;
}

export function newState(): ProjectionState {
  return {
    nodes: newNodes(),
    open: new Map(),
    frames: new Map(),
    takenOver: new Set(),
    queue: new Map(),
    active: new Set(),
    halted: new Set(),
    warnings: [],
    clock: new WallClock(),
    files: new Set(),
    insertions: 0,
    deletions: 0,
    updatedAt: undefined,
  };
}
