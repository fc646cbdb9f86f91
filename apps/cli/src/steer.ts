import type { Control } from '@pawl/core';
import { type SessionStore, steerRun } from '@pawl/session-store';
import { CliError, type ExitName } from './exit.ts';
import { holderLives } from './lease.ts';

const exitOf: Readonly<Record<string, ExitName>> = { 'no-answer': 'environment', 'answer-void': 'waiting' };

/** Asks something of a run that another process has in hand. Refuses by name where that refuses. */
export async function steer({ runs }: SessionStore, run: string, control: Control): Promise<void> {
  const end = await steerRun(runs, run, control, { isAlive: holderLives });
  if (!end.done) throw new CliError(exitOf[end.code] ?? 'usage', end.code, end.message, `pawl status ${run}`, { run });
}
