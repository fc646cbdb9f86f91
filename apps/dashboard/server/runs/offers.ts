import { plainLine } from '@pawl/report';
import type { Offer } from '../../wire.ts';
import type { OpenRun } from './cache.ts';

/** What may be done with a run as it stands, each with its command. */
export function offersOf({ row, record, folded, held }: OpenRun): readonly Offer[] {
  const { id, status } = row;
  const report = folded.report();
  const live = status === 'running' || status === 'waiting' || status === 'interrupted';
  const changed = (report.totals.files ?? 0) > 0;
  return [
    ...(live
      ? report.waiting.flatMap(({ step }): Offer[] => [
          { action: 'approve', label: 'Approve', step, command: `pawl approve ${id} --step ${shellWord(step)}` },
          {
            action: 'reject',
            label: 'Do it again',
            step,
            command: `pawl reject ${id} --step ${shellWord(step)} --comment "…"`,
          },
        ])
      : []),
    ...(held && status !== 'stopping'
      ? [{ action: 'pause', label: 'Pause', command: `pawl pause ${id}` } as const]
      : []),
    ...(status === 'interrupted' || status === 'failed' || status === 'aborted'
      ? [{ action: 'resume', label: 'Resume', command: `pawl resume ${id}` } as const]
      : []),
    ...(live ? [{ action: 'abort', label: 'Abort the run', command: `pawl abort ${id}` } as const] : []),
    ...(status === 'passed'
      ? [
          {
            action: 'apply',
            label: 'Apply',
            command: `pawl apply ${id}`,
            ...(changed ? {} : { refused: 'it changed no file' }),
          } as const,
        ]
      : []),
    ...(record.status === 'running' && held
      ? []
      : [
          {
            action: 'replay',
            label: 'Replay from here',
            command: `pawl replay ${id} --from-step ${shellWord(report.failure?.step || '<step>')}`,
          } as const,
        ]),
  ];
}

/** As it may be pasted into a shell. */
export function shellWord(text: string): string {
  const plain = plainLine(text);
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", `'\\''`)}'`;
}
