import type { Certainty } from './metric.ts';

/** Metrics over many runs, as `analyticsOf` works them out. */
export interface ManyMetric {
  readonly id: string;
  readonly title: string;
  readonly certainty: Certainty;
  readonly formula: string;
}

export const manyMetrics: readonly ManyMetric[] = [
  {
    id: 'passRate',
    title: 'pass rate',
    certainty: 'exact',
    formula: 'runs that passed ÷ runs that passed or failed; runs that were stopped or still go on are in neither',
  },
  {
    id: 'passedByAttempt',
    title: 'pass rate by attempt',
    certainty: 'exact',
    formula:
      'of steps with an agent that passed or failed: those that had passed by their first, second, … attempt ÷ all of them. Of an agent or a model: its attempts of that number that passed ÷ those that passed or failed',
  },
  {
    id: 'escalationRate',
    title: 'escalation rate',
    certainty: 'exact',
    formula:
      'steps with an agent that were handed to another one ÷ steps with an agent that passed or failed. Of an agent or a model: steps that it was handed ÷ its steps',
  },
  {
    id: 'costPerPassedStep',
    title: 'cost per passed step',
    certainty: 'reported',
    formula:
      'all money spent, failed attempts too, ÷ steps with an agent that passed; measured and estimated dollars apart; what is unpriced is missing in it and is counted beside it',
  },
  {
    id: 'trend',
    title: 'trend',
    certainty: 'exact',
    formula: 'the runs in the order in which they began, each with its end, money, time, attempts and retries',
  },
];
