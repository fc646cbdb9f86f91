import { archReview } from './arch-review.ts';
import { bugfix } from './bugfix.ts';
import { cheap2sota } from './cheap2sota.ts';
import { freeform } from './freeform.ts';
import { implementSpec } from './implement-spec.ts';
import { migrate } from './migrate.ts';
import { parallelTasks } from './parallel-tasks.ts';
import { refactor } from './refactor.ts';
import { review } from './review.ts';
import { simple } from './simple.ts';
import { tdd } from './tdd.ts';

/** Workflows that need no file: name to YAML text. */
export const builtInWorkflows: Readonly<Record<string, string>> = {
  bugfix,
  cheap2sota,
  freeform,
  'implement-spec': implementSpec,
  migrate,
  'parallel-tasks': parallelTasks,
  refactor,
  review,
  simple,
  tdd,
};

/** Workflows that judge, found as `validators/<name>`. */
export const builtInValidators: Readonly<Record<string, string>> = { 'arch-review': archReview };
