import { type Effect, outstanding, type RunState } from '@pawl/core';

/** The question that is open at a step, or the only one; else why there is none to be answered. */
export function questionAt(
  state: RunState,
  step: string | undefined,
): (Effect & { readonly type: 'ask' }) | { readonly why: string } {
  const questions = outstanding(state).filter((effect) => effect.type === 'ask');
  const [asked, another] = questions.filter((each) => (step ?? each.step) === each.step);
  if (asked && !another) return asked;
  const open = questions.map((each) => each.step).join(', ');
  return {
    why: open === '' ? 'it asks nothing' : `it asks at ${open}: name ${another ? 'one of them' : 'that step'}`,
  };
}
