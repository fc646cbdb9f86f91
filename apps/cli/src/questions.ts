import type { Effect, RunState } from '@pawl/core';
import { shellWord } from './shell-word.ts';

export type Question = Effect & { readonly type: 'ask' };

/** What a run asks, or asked when it was interrupted, in the order of the steps. */
export const questionsOf = ({ open, status }: Pick<RunState, 'open' | 'status'>): readonly Question[] =>
  status === 'running' || status === 'interrupted' ? Object.values(open).filter((effect) => effect.type === 'ask') : [];

/** Nothing goes on before a person has answered. */
export function waits(state: Pick<RunState, 'open' | 'status'>): boolean {
  const asked = questionsOf(state).length;
  return state.status === 'running' && asked > 0 && asked === Object.keys(state.open).length;
}

/** The last line of `--json` of a run that waits: each question with the command that approves the files it was asked about. */
export const waitingOf = (state: RunState) => ({
  type: 'waiting',
  run: state.run,
  questions: questionsOf(state).map(({ step, attempt, question, tree }) => ({
    ...{ step, attempt, question },
    ...(tree !== undefined && { tree }),
    answer: `pawl approve ${state.run} --step ${shellWord(step)}${tree === undefined ? '' : ` --tree ${tree}`}`,
  })),
});
