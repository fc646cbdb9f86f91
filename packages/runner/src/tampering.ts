import { type Effect, outstanding, type RunState } from '@pawl/core';
import { RunnerError } from './errors.ts';
import type { Lane } from './ports.ts';

/** Moved refs and another branch checked out are what people do beside a run, and start no program. */
const harmless: ReadonlySet<string> = new Set(['ref', 'head']);
const most = 5;

/**
 * Stops the run where git's own files have changed under it: what an agent plants there would run the next time that the
 * user calls git. Told once: a run that is resumed goes on with them as they are then.
 */
export async function refuseTampering(lane: Lane, effect: Effect, state: RunState): Promise<void> {
  const changes = (await lane.verify()).filter(({ kind }) => !harmless.has(kind));
  if (changes.length === 0) return;
  const told = changes.slice(0, most).map(({ words }) => words);
  const more = changes.length > most ? `; and ${changes.length - most} more` : '';
  throw new RunnerError(
    'git-changed',
    `${told.join('; ')}${more}. Look at it before you use git here: an agent may have done it${beside(effect, state)}. If it was you, resume the run.`,
  );
}

const works: Readonly<Partial<Record<Effect['type'], string>>> = {
  'run-agent': 'the agent of',
  'run-gate': 'a gate of',
  'open-worktree': 'the setup of',
};

/** These files are one for all lanes: who else may have changed them. */
function beside({ lane, step }: Effect, state: RunState): string {
  const others = outstanding(state).flatMap((other) => {
    const work = works[other.type];
    const prepares = other.type !== 'open-worktree' || state.plan.settings.setup !== undefined;
    return work !== undefined && other.lane !== lane && prepares
      ? [`${work} ${other.type === 'open-worktree' ? other.lane : other.step}`]
      : [];
  });
  if (others.length === 0) return '';
  const named = [...new Set(others)].slice(0, most).join(', ');
  return `: that of ${step || lane}, or what was at work beside it (${named})`;
}
