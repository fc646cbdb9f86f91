import { RunnerError } from './errors.ts';
import type { Lane } from './ports.ts';

/** Moved refs and another branch checked out are what people do beside a run, and start no program. */
const harmless: ReadonlySet<string> = new Set(['ref', 'head']);
const most = 5;

/**
 * Stops the run where git's own files have changed under it: what an agent plants there would run the next time that the
 * user calls git. Told once: a run that is resumed goes on with them as they are then.
 */
export async function refuseTampering(lane: Lane): Promise<void> {
  const changes = (await lane.verify()).filter(({ kind }) => !harmless.has(kind));
  if (changes.length === 0) return;
  const told = changes.slice(0, most).map(({ words }) => words);
  const more = changes.length > most ? `; and ${changes.length - most} more` : '';
  throw new RunnerError(
    'git-changed',
    `${told.join('; ')}${more}. Look at it before you use git here: an agent may have done it. If it was you, resume the run.`,
  );
}
