import { hostname } from 'node:os';
import { continueRun } from '@pawl/runner';
import type { LeaseHolder } from '@pawl/session-store';
import { openRepository } from '@pawl/worktree';
import type { Context } from '../context.ts';
import { driveQuietly } from '../drive.ts';
import { CliError, exitCodes } from '../exit.ts';
import { holderLives } from '../lease.ts';
import { readRun } from '../runs.ts';

const deadlineMs = 150_000;
const everyMs = 100;

/** Stops a run, wherever it is at work: its agents end, what they left is recorded. Exit code 0 when it has stopped. */
export async function abort(context: Context, id: string, options: { readonly json?: boolean }): Promise<number> {
  const { terminal, env } = context;
  const run = await readRun(context, { id });
  const { record, events, status } = run;
  if (status === 'passed' || status === 'failed' || status === 'aborted')
    throw new CliError(
      'usage',
      'already-ended',
      `run ${record.id} has ended already: ${status}`,
      `pawl report ${record.id}`,
    );
  if (status === 'running' || status === 'stopping') await stopHolder(context, record.id, record.holder);
  else {
    const repository = await openRepository(record.repository, { env });
    await driveQuietly(context, { repository, id: record.id, past: events }, { silent: true }, (ports, { observe }) =>
      continueRun(record.id, ports, { signal: AbortSignal.abort(), ...(observe && { observe }) }),
    );
  }
  const ended = (await readRun(context, { id: record.id })).status;
  if (options.json) terminal.print(JSON.stringify({ version: 1, run: record.id, status: ended }));
  else terminal.say(`run ${record.id} has ended: ${ended}\n\n  pawl resume ${record.id}   go on after all`);
  return exitCodes.passed;
}

/** The process that has the run in hand stops it in order, as at Ctrl+C. Asked once: a second signal would kill. */
async function stopHolder(context: Context, run: string, holder: LeaseHolder | undefined): Promise<void> {
  if (!holder || !holderLives(holder)) return;
  if (holder.host !== hostname())
    throw new CliError(
      'usage',
      'run-busy',
      `run ${run} is at work on ${holder.host}: stop it there`,
      `pawl abort ${run}`,
    );
  try {
    process.kill(holder.pid, 'SIGTERM');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(
      'environment',
      'cannot-stop',
      `process ${holder.pid}, which has run ${run} in hand, cannot be stopped: ${why}`,
    );
  }
  const deadline = Date.now() + deadlineMs;
  while ((await readRun(context, { id: run })).status === 'running' || holderLives(holder)) {
    if (Date.now() > deadline)
      throw new CliError(
        'environment',
        'cannot-stop',
        `process ${holder.pid}, which has run ${run} in hand, does not end`,
        `pawl status ${run}`,
      );
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
