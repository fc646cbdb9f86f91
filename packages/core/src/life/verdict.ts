import type { Failure } from '../events.ts';
import { prefixOf, stepsOf } from '../frames.ts';
import { stepAt } from '../lookup.ts';
import type { Frame, RunState } from '../state.ts';

export interface VerdictOfFrame {
  readonly pass: boolean;
  readonly failure?: string;
  readonly comments?: string;
}

/** The verdict of a workflow that judges: its own steps say it, never a file. */
export function verdictOf(state: RunState, frame: Frame, failed: Failure | undefined): VerdictOfFrame {
  const comments = commentsOf(state, frame);
  const told = comments ? { comments } : {};
  if (!failed) return { pass: true, ...told };
  // A verdict inside a group of reviewers is one, too.
  const inner = failed.step === undefined ? undefined : stepAt(state, failed.step)?.failure;
  const no = failed.reason === 'verdict' ? failed : inner?.reason === 'verdict' ? inner : undefined;
  return { pass: false, failure: no?.text ?? `The validator could not give a verdict: ${failed.message}`, ...told };
}

/** Of its last step that said something; where that is a group, of all reviewers in it. */
function commentsOf(state: RunState, frame: Frame): string {
  const prefix = prefixOf(frame);
  for (const { name } of stepsOf(state, frame).toReversed()) {
    const path = `${prefix}/${name}`;
    const own = stepAt(state, path);
    if (own?.output !== undefined) return own.comments ?? '';
    const inside = Object.values(state.steps).filter((step) => step.path.startsWith(`${path}/`));
    const said = inside.flatMap((step) => (step.comments?.trim() ? [step.comments.trim()] : []));
    if (said.length > 0) return said.join('\n\n');
  }
  return '';
}
