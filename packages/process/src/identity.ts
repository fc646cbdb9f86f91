import { processEntry } from './process-table.ts';

/** A process that cannot be mistaken for a later one with the same id. Plain data: may be stored. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own terms (with the boot on Linux); to be compared, not read. */
  readonly started: string;
}

/** Undefined when there is no such process, or (Windows) no cheap way to know its start time. */
export function identify(pid: number): ProcessIdentity | undefined {
  const entry = processEntry(pid);
  return entry && { pid, started: entry.started };
}

/** False for a process that has ended, also while its parent has not yet taken notice. */
export function isAlive(identity: ProcessIdentity): boolean {
  const entry = processEntry(identity.pid);
  return entry !== undefined && !entry.ended && entry.started === identity.started;
}

/** Signals this very process; false when it is not there any more or may not be signalled. */
export function signalIdentity(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    return process.kill(identity.pid, signal);
  } catch {
    return false;
  }
}
