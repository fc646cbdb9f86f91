import type { Draft } from '../draft.ts';
import { failAttempt, startAttempt } from './attempt.ts';
import { nextOfBody } from './body.ts';
import { frameEnded, nextOfFrame } from './frame.ts';
import { conclude, nextGate } from './gates.ts';
import type { Following, Next } from './next.ts';
import { reopen } from './reopen.ts';
import { failStep, passStep } from './step.ts';
import { abort } from './stop.ts';
import { requestAgent, work } from './work.ts';

/** Goes on until effects are outstanding or the run has ended. Depth first: a lane goes as far as it can. */
export function follow(draft: Draft, first: Following): void {
  const stack = list(first);
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (draft.state.status !== 'running') return;
    stack.push(...list(one(draft, next)));
  }
}

/** Last first, for a stack. */
const list = (following: Following): Next[] =>
  following === undefined ? [] : 'do' in following ? [following] : [...following].reverse();

function one(draft: Draft, next: Next): Following {
  switch (next.do) {
    case 'frame':
      return nextOfFrame(draft, next.frame);
    case 'frame-passed':
      return frameEnded(draft, next.frame, undefined);
    case 'frame-failed':
      return frameEnded(draft, next.frame, next.failure);
    case 'body':
      return nextOfBody(draft, next.step);
    case 'attempt':
      return startAttempt(draft, next.step, next.attempt);
    case 'work':
      return work(draft, next.step);
    case 'agent':
      return requestAgent(draft, next.step);
    case 'gates':
      return nextGate(draft, next.step);
    case 'conclude':
      return conclude(draft, next.step);
    case 'pass':
      return passStep(draft, next.step);
    case 'reopen':
      return reopen(draft, next.step);
    case 'fail-attempt':
      return failAttempt(draft, next.step, next.failure);
    case 'fail-step':
      return failStep(draft, next.step, next.failure);
    case 'abort':
      return abort(draft, next.reason);
  }
}
