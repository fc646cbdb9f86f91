import type { AnswerClass } from '@pawl/core';
import { type ActivityTotals, contextShare, countOf } from '../activity.ts';
import type { Certainty, Metric, Subject, Unit } from './metric.ts';

const watched = ({ agentRuns, activity }: Subject): boolean => agentRuns > activity.unreported;
const missing = ({ activity }: Subject): number => activity.unreported;

const behaviour = (
  id: string,
  title: string,
  certainty: Certainty,
  formula: string,
  figure: (activity: ActivityTotals) => number | undefined,
  unit: Unit = 'count',
): Metric => ({
  id,
  group: 'behaviour',
  title,
  unit,
  certainty,
  formula,
  of: (subject) => (watched(subject) ? figure(subject.activity) : undefined),
  missing,
});

/** Turn classes: what each answer of a model did. The first that fits an answer is its class. */
export const answerClasses: readonly (readonly [AnswerClass, string])[] = [
  ['coding', 'edited a file'],
  ['running', 'ran a command'],
  ['exploring', 'read, searched or fetched'],
  ['delegating', 'handed work to a sub-agent'],
  ['other', 'used a tool of another kind'],
  ['talking', 'said something, without a tool'],
  ['thinking', 'only reasoned or planned'],
];

const contextCertainty = ({ activity }: Subject): Certainty =>
  activity.context?.told === false ? 'inferred' : 'reported';

export const behaviourMetrics: readonly Metric[] = [
  ...answerClasses.map(([name, what]) =>
    behaviour(
      `answers.${name}`,
      `answers: ${name}`,
      'inferred',
      `answers that ${what}; what follows the result of a tool is another answer`,
      ({ answers }) => answers[name] ?? 0,
    ),
  ),
  behaviour(
    'calls',
    'calls of tools',
    'reported',
    'all calls of tools that agents told, those of sub-agents too',
    ({ calls }) => countOf(calls),
  ),
  behaviour(
    'calls.failed',
    'tool errors',
    'reported',
    'calls whose result was an error',
    ({ failedCalls }) => failedCalls,
  ),
  behaviour(
    'calls.denied',
    'calls denied',
    'reported',
    'calls that the agent was not allowed',
    ({ deniedCalls }) => deniedCalls,
  ),
  behaviour(
    'corrections',
    'correction loops',
    'inferred',
    'rows of failed calls that a call of the same tool on the same target (path, command, query) ended with success in the same run of the agent',
    ({ corrections }) => corrections,
  ),
  behaviour(
    'stuck',
    'loops without an end',
    'inferred',
    'three or more failed calls of the same tool on the same target that no success followed',
    ({ stuck }) => stuck,
  ),
  behaviour(
    'repeats',
    'repeated actions',
    'inferred',
    'rows of three or more calls with the very same input that all succeeded, no other call between; each row once',
    ({ repeats }) => repeats,
  ),
  behaviour('stalls', 'stalls', 'inferred', 'silences of a minute or more while no tool ran', ({ stalls }) => stalls),
  behaviour(
    'stalled',
    'time stalled',
    'inferred',
    'sum of these silences',
    ({ stalledMs }) => stalledMs,
    'milliseconds',
  ),
  behaviour(
    'model.retries',
    'requests again',
    'reported',
    'how often agents asked their model again after an error',
    ({ modelRetries }) => modelRetries,
  ),
  behaviour(
    'compactions',
    'compactions',
    'reported',
    'how often agents shortened their conversation to make room',
    ({ compactions }) => compactions,
  ),
  {
    ...behaviour(
      'context.tokens',
      'context at its fullest',
      'reported',
      'most tokens of one conversation at once, as the agent tells; else the most that the totals rose by with one answer, which is inferred',
      ({ context }) => context?.tokens,
      'tokens',
    ),
    certaintyOf: contextCertainty,
  },
  {
    ...behaviour(
      'context.share',
      'context-window use',
      'reported',
      'context at its fullest ÷ size of the window, where the agent tells that; at most 100 %',
      ({ context }) => contextShare(context),
      'share',
    ),
    certaintyOf: contextCertainty,
  },
];
