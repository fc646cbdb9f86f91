import { type ActivityTotals, contextShare, countOf } from './activity.ts';
import { formatCount, formatDuration, formatTokens } from './format-figures.ts';
import { answerClasses } from './metrics/behaviour.ts';

/** What agents did, in words: labels and values. Nothing is said of what did not happen. */
export function activityFacts(activity: ActivityTotals): [label: string, value: string][] {
  const { answers, calls, failedCalls, deniedCalls, corrections, stuck, repeats, stalls, stalledMs, context } =
    activity;
  const made = countOf(calls);
  const facts: [string, readonly (string | false)[]][] = [
    ['answers', answerClasses.map(([name]) => (answers[name] ?? 0) > 0 && `${answers[name]} ${name}`)],
    [
      'tools',
      [
        made > 0 && formatCount(made, 'call'),
        failedCalls > 0 && formatCount(failedCalls, 'error'),
        deniedCalls > 0 && `${deniedCalls} denied`,
      ],
    ],
    [
      'loops',
      [
        corrections > 0 && formatCount(corrections, 'correction'),
        stuck > 0 && `${stuck} without an end`,
        repeats > 0 && formatCount(repeats, 'repeated action'),
      ],
    ],
    ['stalls', [stalls > 0 && `${stalls}, ${formatDuration(stalledMs)}`]],
  ];
  if (context) {
    const share = contextShare(context);
    const about = context.told ? '' : 'about ';
    const of = share === undefined ? '' : ` (${Math.round(share * 100)} % of ${formatTokens(context.window ?? 0)})`;
    facts.push(['context', [`${about}${formatTokens(context.tokens)} at its fullest${of}`]]);
  }
  return facts.flatMap(([label, parts]): [string, string][] => {
    const told = parts.filter((part) => part !== false);
    return told.length === 0 ? [] : [[label, told.join(', ')]];
  });
}
