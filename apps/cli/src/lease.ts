import { hostname } from 'node:os';
import { identify, isAlive } from '@pawl/process';
import { type Lease, type LeaseHolder, type SessionStore, StoreError } from '@pawl/session-store';
import { CliError } from './exit.ts';

/** This process as the writer of a run. */
const self = (): LeaseHolder => ({
  pid: process.pid,
  started: identify(process.pid)?.started ?? '',
  host: hostname(),
});

/** A holder on another machine cannot be asked: it counts as alive. */
export const holderLives = ({ pid, started, host }: LeaseHolder): boolean =>
  host !== hostname() || isAlive({ pid, started });

/** One writer per run: refuses by name while another process drives it; takes over from one that died. */
export async function takeLease({ runs }: SessionStore, run: string): Promise<Lease> {
  try {
    return await runs.acquire(run, self(), holderLives);
  } catch (error) {
    if (!StoreError.is(error) || error.code !== 'run-busy') throw error;
    const who = await runs.holder(run);
    const where =
      who === undefined ? 'another process' : `process ${who.pid}${who.host === hostname() ? '' : ` on ${who.host}`}`;
    throw new CliError(
      'usage',
      'run-busy',
      `run ${run} is at work in ${where}: one writer per run`,
      `pawl status ${run}`,
    );
  }
}
