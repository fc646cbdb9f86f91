import type { Wall } from '../wall.ts';
import type { Certainty, Metric } from './metric.ts';

const wall = (
  id: string,
  title: string,
  kind: keyof Wall,
  formula: string,
  certainty: Certainty = 'exact',
): Metric => ({
  id,
  group: 'time',
  title,
  unit: 'milliseconds',
  certainty,
  formula,
  of: (subject) => subject.wall?.[kind],
});

export const timeMetrics: readonly Metric[] = [
  {
    id: 'time',
    group: 'time',
    title: 'time',
    unit: 'milliseconds',
    certainty: 'exact',
    formula: 'from the first event to the end, or to the newest event; the six times below add up to it',
    of: ({ durationMs }) => durationMs,
  },
  wall('time.agent', 'agents at work', 'agentMs', 'time in which at least one agent was under way'),
  wall('time.gates', 'gates', 'gatesMs', 'time in which a gate was under way and no agent'),
  wall(
    'time.git',
    'git',
    'gitMs',
    'time in which only git was under way: worktrees, checkpoints, resets, commits, merges',
  ),
  wall('time.waiting', 'waiting', 'waitingMs', 'time in which only a person, or room at a provider, was waited for'),
  wall(
    'time.stood',
    'stood still',
    'stoodMs',
    'from its end to its being resumed; after a crash from the newest event before it to the next, since nobody knows when it died',
    'inferred',
  ),
  wall('time.pawl', 'pawl itself', 'pawlMs', 'what is left: nothing was under way but pawl'),
  {
    id: 'work.agent',
    group: 'time',
    title: 'work of agents',
    unit: 'milliseconds',
    certainty: 'exact',
    formula: 'sum of the durations of all runs of agents that ended; lanes side by side add up',
    of: ({ time }) => time.agentMs,
  },
  {
    id: 'work.gates',
    group: 'time',
    title: 'work of gates',
    unit: 'milliseconds',
    certainty: 'exact',
    formula: 'sum of the durations of all gates; lanes side by side add up',
    of: ({ time }) => time.gatesMs,
  },
];

export const changeMetrics: readonly Metric[] = [
  {
    id: 'files',
    group: 'changes',
    title: 'files changed',
    unit: 'count',
    certainty: 'exact',
    formula: 'different files changed by steps that passed, by their last checkpoint',
    of: ({ files }) => files,
  },
  {
    id: 'lines.added',
    group: 'changes',
    title: 'lines added',
    unit: 'count',
    certainty: 'exact',
    formula: 'sum over the steps that passed of the lines their last checkpoint added; binary files have none',
    of: ({ insertions }) => insertions,
  },
  {
    id: 'lines.removed',
    group: 'changes',
    title: 'lines removed',
    unit: 'count',
    certainty: 'exact',
    formula: 'the same of removed lines',
    of: ({ deletions }) => deletions,
  },
  {
    id: 'first.diff',
    group: 'changes',
    title: 'time to the first diff',
    unit: 'milliseconds',
    certainty: 'inferred',
    formula:
      'from the start to the first edit that an agent told and that succeeded; where none was told, to the first checkpoint with changes, which is exact as an upper bound',
    of: ({ firstDiff }) => firstDiff?.ms,
    certaintyOf: ({ firstDiff }) => (firstDiff?.by === 'checkpoint' ? 'exact' : 'inferred'),
  },
];
