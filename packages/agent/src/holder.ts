import { hostname } from 'node:os';
import { identify, isAlive } from '@pawl/process';
import type { LeaseHolder } from '@pawl/session-store';

/** This process as the writer of a run or a session. */
export function thisHolder(): LeaseHolder {
  return { pid: process.pid, started: identify(process.pid)?.started ?? '', host: hostname() };
}

/** A holder on another machine cannot be asked: it counts as alive. */
export function holderLives({ pid, started, host }: LeaseHolder): boolean {
  return host !== hostname() || isAlive({ pid, started });
}
