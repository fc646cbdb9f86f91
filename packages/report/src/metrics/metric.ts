import type { Figures } from '../figures.ts';
import type { FirstDiff } from '../model.ts';
import type { Wall } from '../wall.ts';

/**
 * How sure a figure is. `exact`: pawl measured or counted it. `reported`: the agent said so. `estimated`: worked out from a
 * list of prices. `inferred`: concluded from what the agent told, which may not be all.
 */
export type Certainty = 'exact' | 'reported' | 'estimated' | 'inferred';
export type Unit = 'usd' | 'tokens' | 'count' | 'milliseconds' | 'share';

/** What a metric is read from: a run or a step. What a step cannot know is absent. */
export interface Subject extends Figures {
  readonly durationMs?: number;
  readonly wall?: Wall;
  readonly files?: number;
  readonly insertions?: number;
  readonly deletions?: number;
  readonly firstDiff?: FirstDiff;
}

/** A metric is defined here, once: `docs/metrics.md` is made of these, and every report shows these. */
export interface Metric {
  readonly id: string;
  readonly group: 'money' | 'tokens' | 'work' | 'time' | 'changes' | 'behaviour';
  readonly title: string;
  readonly unit: Unit;
  readonly certainty: Certainty;
  readonly formula: string;
  /** Undefined: nobody knows, which is not zero. */
  of(subject: Subject): number | undefined;
  /** Runs of an agent that told nothing of it: the true figure is higher. */
  missing?(subject: Subject): number;
  /** Another certainty than usual, for this very figure. */
  certaintyOf?(subject: Subject): Certainty;
}

export interface MetricValue {
  readonly id: string;
  readonly value: number;
  readonly unit: Unit;
  readonly certainty: Certainty;
  /** Runs of an agent that told nothing of it. Absent where all did. */
  readonly missing?: number;
}
