import type { Action, Offer } from '../../wire.ts';
import { typed, wordsOf } from '../acting/words.ts';
import type { OpenRun } from './cache.ts';

/** What may be done with a run as it stands, each with its command. */
export function offersOf(run: OpenRun): readonly Offer[] {
  const { row, folded, held } = run;
  const { id, status } = row;
  const report = folded.report();
  const offer = offering(id);
  const live = status === 'running' || status === 'waiting' || status === 'interrupted';
  const stopped = status === 'interrupted' || status === 'failed' || status === 'aborted';
  return [
    ...(live
      ? report.waiting.flatMap(({ step, question }): readonly Offer[] => {
          const tree = folded.askedAbout(step);
          if (question === 'interrupted')
            return [
              offer('Go on in its conversation', { action: 'approve', step, ...(tree !== undefined && { tree }) }),
              offer('Begin a new conversation', { action: 'reject', step }),
            ];
          return [
            offer('Approve', { action: 'approve', step, ...(tree !== undefined && { tree }) }),
            offer('Approve with what I changed', { action: 'approve', step, edited: true }),
            offer('Do it again', { action: 'reject', step }),
          ];
        })
      : []),
    ...(held && status !== 'stopping'
      ? [folded.pausing ? offer('Do not pause', { action: 'unpause' }) : offer('Pause', { action: 'pause' })]
      : []),
    ...(stopped ? [offer('Resume', { action: 'resume' })] : []),
    ...(live ? [offer('Abort the run', { action: 'abort' })] : []),
    ...(status === 'passed'
      ? [
          {
            ...offer('Apply', { action: 'apply', how: 'merge' }),
            ...((report.totals.files ?? 0) > 0 ? {} : { refused: 'it changed no file' }),
          },
        ]
      : []),
  ];
}

/** What may be done with one step of it. */
export function stepOffersOf({ row, folded, held }: OpenRun, step: string): readonly Offer[] {
  const offer = offering(row.id);
  const working = folded.report().running.some((one) => one.step === step || one.step.startsWith(`${step}/`));
  return [
    ...(held && working ? [offer('Abort this step', { action: 'abort-step', step })] : []),
    ...(held ? [] : [offer('Replay from here', { action: 'replay', step })]),
  ];
}

const offering =
  (run: string) =>
  (label: string, action: Action): Offer => ({
    action: action.action,
    request: action,
    label,
    command: typed(wordsOf(run, action)),
    ...('step' in action && { step: action.step }),
  });
