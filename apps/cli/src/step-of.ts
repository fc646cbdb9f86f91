import { stepDetail } from '@pawl/report';
import { CliError } from './exit.ts';
import { didYouMean } from './refusal.ts';
import type { StoredRun } from './runs.ts';

/** The path of a step that was named by it, or by the end of it. Refuses with what it may have been. */
export function stepOf({ record: { id }, report, state }: StoredRun, wanted: string): string {
  const search = stepDetail(report, wanted);
  if (search.found === 'step') return search.step.path;
  const candidates = search.found === 'several' ? search.candidates : search.near;
  const message =
    search.found === 'several'
      ? `${wanted} is the end of several steps of run ${id}: ${candidates.join(', ')}`
      : `run ${id} has no step ${wanted}${didYouMean(wanted, Object.keys(state.steps))}`;
  const code = search.found === 'several' ? 'ambiguous-step' : 'unknown-step';
  throw new CliError('usage', code, message, `pawl status ${id}`, { candidates });
}
