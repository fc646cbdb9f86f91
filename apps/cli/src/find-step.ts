import { plainLine, type StepReport, stepDetail } from '@pawl/report';
import { CliError } from './exit.ts';
import type { StoredRun } from './runs.ts';
import { shellWord } from './shell-word.ts';

/** A step by its path or the end of it. Refuses with the paths that may be meant; `command` shows one with its step behind. */
export function findStep({ report, record }: StoredRun, wanted: string, command: string): StepReport {
  const search = stepDetail(report, wanted);
  if (search.found === 'step') return search.step;
  const paths = search.found === 'several' ? search.candidates : search.near;
  const message =
    search.found === 'several'
      ? `${wanted} is the end of several steps: ${paths.join(', ')}`
      : `run ${record.id} has no step ${wanted}${paths.length === 0 ? '' : `; it has ${paths.join(', ')}`}`;
  const [first] = paths;
  throw new CliError(
    'usage',
    search.found === 'several' ? 'ambiguous-step' : 'unknown-step',
    plainLine(message),
    first === undefined ? `pawl report ${record.id}` : `${command} ${shellWord(first)}`,
    { candidates: paths },
  );
}
