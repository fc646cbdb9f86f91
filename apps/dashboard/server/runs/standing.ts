import { hostname } from 'node:os';
import { isAlive } from '@pawl/process';
import type { RunReport } from '@pawl/report';
import type { LeaseHolder, RunRecord } from '@pawl/session-store';
import type { Standing } from '../../wire.ts';

/** A holder on another machine cannot be asked: it counts as alive. */
export const holderLives = ({ pid, started, host }: LeaseHolder): boolean =>
  host !== hostname() || isAlive({ pid, started });

/** A process has the run in hand. */
export const isHeld = ({ holder }: Pick<RunRecord, 'holder'>): boolean => holder !== undefined && holderLives(holder);

export const isOver = ({ status }: Pick<RunRecord, 'status'>): boolean => status !== 'running' && status !== 'stopping';

/** How a run stands: `waiting` when nothing goes on before a person has answered, whoever has it in hand. */
export function standingOf(record: RunRecord, held: boolean, report: Pick<RunReport, 'waiting' | 'running'>): Standing {
  if (isOver(record)) return record.status;
  const asks = report.waiting.length > 0 && report.running.every(({ type }) => type === 'ask');
  if (record.status === 'running' && asks) return 'waiting';
  return held ? record.status : 'interrupted';
}
