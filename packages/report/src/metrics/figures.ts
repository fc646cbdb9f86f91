import type { Metric, Subject } from './metric.ts';

const priced = ({ agentRuns, cost }: Subject): boolean => agentRuns > cost.unpriced;
const told = (figure: (tokens: Subject['tokens']) => number) => (subject: Subject) =>
  subject.agentRuns > subject.tokens.unreported ? figure(subject.tokens) : undefined;
const untold = ({ tokens }: Subject): number => tokens.unreported;

export const moneyMetrics: readonly Metric[] = [
  {
    id: 'cost.measured',
    group: 'money',
    title: 'cost, measured',
    unit: 'usd',
    certainty: 'reported',
    formula: 'sum of the dollars that agents said their runs cost',
    of: (subject) => (priced(subject) ? subject.cost.measuredUsd : undefined),
  },
  {
    id: 'cost.estimated',
    group: 'money',
    title: 'cost, estimated',
    unit: 'usd',
    certainty: 'estimated',
    formula:
      'sum over the runs that told tokens and no dollars: tokens × list price; only with `unknown_cost: estimate`',
    of: (subject) => (priced(subject) ? subject.cost.estimatedUsd : undefined),
  },
  {
    id: 'cost.unpriced',
    group: 'money',
    title: 'unpriced runs of agents',
    unit: 'count',
    certainty: 'exact',
    formula:
      'number of runs of an agent whose cost nobody knows, those that were cut off among them; in neither sum above',
    of: ({ cost }) => cost.unpriced,
  },
];

export const tokenMetrics: readonly Metric[] = [
  {
    id: 'tokens.input',
    group: 'tokens',
    title: 'tokens in',
    unit: 'tokens',
    certainty: 'reported',
    formula: 'sum of all input tokens, cached or not',
    of: told(({ input }) => input),
    missing: untold,
  },
  {
    id: 'tokens.cached',
    group: 'tokens',
    title: 'of these cached',
    unit: 'tokens',
    certainty: 'reported',
    formula: 'sum of the input tokens that were read from a cache; a part of tokens in',
    of: told(({ cached }) => cached),
    missing: untold,
  },
  {
    id: 'tokens.output',
    group: 'tokens',
    title: 'tokens out',
    unit: 'tokens',
    certainty: 'reported',
    formula: 'sum of all output tokens',
    of: told(({ output }) => output),
    missing: untold,
  },
  {
    id: 'tokens.reasoning',
    group: 'tokens',
    title: 'of these reasoning',
    unit: 'tokens',
    certainty: 'reported',
    formula: 'sum of the output tokens that were reasoning; a part of tokens out where the agent tells them apart',
    of: told(({ reasoning }) => reasoning),
    missing: untold,
  },
];

export const workMetrics: readonly Metric[] = [
  {
    id: 'turns',
    group: 'work',
    title: 'turns',
    unit: 'count',
    certainty: 'reported',
    formula: 'sum of the answers of the model, as each agent counts them',
    of: ({ agentRuns, turns, turnsUnreported }) => (agentRuns > turnsUnreported ? turns : undefined),
    missing: ({ turnsUnreported }) => turnsUnreported,
  },
  {
    id: 'runs.agent',
    group: 'work',
    title: 'runs of agents',
    unit: 'count',
    certainty: 'exact',
    formula: 'how often an agent was given a prompt',
    of: ({ agentRuns }) => agentRuns,
  },
  {
    id: 'attempts',
    group: 'work',
    title: 'attempts',
    unit: 'count',
    certainty: 'exact',
    formula: 'attempts of all steps, with those of validators and after a resume',
    of: ({ attempts }) => attempts,
  },
  {
    id: 'retries',
    group: 'work',
    title: 'retries',
    unit: 'count',
    certainty: 'exact',
    formula: 'attempts after the first of a step',
    of: ({ retries }) => retries,
  },
  {
    id: 'escalations',
    group: 'work',
    title: 'escalations',
    unit: 'count',
    certainty: 'exact',
    formula: 'attempts by another agent than the attempt of the step before',
    of: ({ escalations }) => escalations,
  },
  {
    id: 'guards',
    group: 'work',
    title: 'guards tripped',
    unit: 'count',
    certainty: 'exact',
    formula: 'attempts that a guard ended',
    of: ({ guards }) => guards,
  },
];
