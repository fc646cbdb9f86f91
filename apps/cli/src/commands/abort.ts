import { hostname } from 'node:os';
import { plainLine } from '@pawl/report';
import { abortRun } from '@pawl/runner';
import { type LeaseHolder, steerRun } from '@pawl/session-store';
import { openRepository } from '@pawl/worktree';
import { openStoreToRead } from '../compose.ts';
import type { Context } from '../context.ts';
import { driveQuietly } from '../drive.ts';
import { CliError, exitCodes } from '../exit.ts';
import { holderLives } from '../lease.ts';
import { readRun, type StoredRun } from '../runs.ts';
import { steer } from '../steer.ts';
import { stepOf } from '../step-of.ts';
import { userName } from '../user-name.ts';

const deadlineMs = 150_000;
const everyMs = 100;

export interface AbortOptions {
  readonly step?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** Stops a run, wherever it is at work: its agents end, what they left is recorded. Exit code 0 when it has stopped. */
export async function abort(context: Context, id: string, options: AbortOptions): Promise<number> {
  const { terminal, env } = context;
  const run = await readRun(context, { id });
  const { record, events, status } = run;
  if (options.step !== undefined) return abortStep(context, run, options.step, options);
  if (status === 'passed' || status === 'failed' || status === 'aborted')
    throw new CliError(
      'usage',
      'already-ended',
      `run ${record.id} has ended already: ${status}`,
      `pawl report ${record.id}`,
    );
  if (status === 'running' || status === 'stopping')
    await stopHolder(context, record.id, record.holder, options.reason);
  else {
    const repository = await openRepository(record.repository, { env });
    await driveQuietly(context, { repository, id: record.id, past: events }, { silent: true }, (ports, { observe }) =>
      abortRun(record.id, whyOf(env, options.reason), ports, { ...(observe && { observe }) }),
    );
  }
  const ended = (await readRun(context, { id: record.id })).status;
  if (options.json) terminal.print(JSON.stringify({ version: 1, run: record.id, status: ended }));
  else terminal.say(`run ${record.id} has ended: ${ended}\n\n  pawl resume ${record.id}   go on after all`);
  return exitCodes.passed;
}

const whyOf = (env: NodeJS.ProcessEnv, reason: string | undefined): string =>
  [userName(env), reason].filter(Boolean).join(': ');

/** Only what works at this step, or inside it. */
async function abortStep(context: Context, run: StoredRun, wanted: string, options: AbortOptions): Promise<number> {
  const { record, status } = run;
  const step = stepOf(run, wanted);
  if (status !== 'running')
    throw new CliError(
      'usage',
      'not-at-work',
      `run ${record.id} is not at work (${status})`,
      `pawl status ${record.id}`,
    );
  const { reason } = options;
  const store = openStoreToRead(context);
  try {
    const why = { by: userName(context.env), ...(reason !== undefined && { reason }) };
    if (store) await steer(store, record.id, { type: 'abort-step', step, ...why });
  } finally {
    await store?.close();
  }
  if (options.json) context.terminal.print(JSON.stringify({ version: 1, run: record.id, step }));
  else context.terminal.say(`run ${record.id}: ${plainLine(step)} is stopped; other lanes go on`);
  return exitCodes.passed;
}

/** The process that has the run in hand stops it in order, as at Ctrl+C. Asked once: a second signal would kill. */
async function stopHolder(
  context: Context,
  run: string,
  holder: LeaseHolder | undefined,
  reason: string | undefined,
): Promise<void> {
  if (!holder || !holderLives(holder)) return;
  if (await hears(context, run, reason)) return untilEnded(context, run, holder);
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
  return untilEnded(context, run, holder);
}

/** False: it does not look for requests; a signal does it. */
async function hears(context: Context, run: string, reason: string | undefined): Promise<boolean> {
  const store = openStoreToRead(context);
  try {
    const control = { type: 'abort', by: userName(context.env), ...(reason !== undefined && { reason }) } as const;
    const end = store && (await steerRun(store.runs, run, control, { isAlive: holderLives, deadlineMs: 3000 }));
    return end?.done === true || end?.code === 'already-ended';
  } finally {
    await store?.close();
  }
}

async function untilEnded(context: Context, run: string, holder: LeaseHolder): Promise<void> {
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
