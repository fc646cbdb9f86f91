import type { Effect, Outcome } from '@pawl/core';
import type { Surroundings } from './perform.ts';
import type { Lane } from './ports.ts';

/** Asks a person. Undefined: nobody is there to answer. When the run is stopped, no answer is waited for any more. */
export async function ask(
  effect: Effect & { readonly type: 'ask' },
  lane: Lane,
  { state, ports, signal }: Surroundings,
): Promise<Outcome | undefined> {
  const { step, attempt, question } = effect;
  const { promise: calledOff, resolve } = Promise.withResolvers<undefined>();
  const callOff = () => resolve(undefined);
  signal.addEventListener('abort', callOff);
  try {
    const asked = ports.people?.ask({ run: state.run, step, attempt, question, lane: lane.path }, signal);
    const answer = await Promise.race([asked, calledOff]);
    if (signal.aborted) return { kind: 'cancelled' };
    return answer && { kind: 'answered', answer };
  } catch (error) {
    // Whoever called it off may do so by an error.
    if (signal.aborted) return { kind: 'cancelled' };
    throw error;
  } finally {
    signal.removeEventListener('abort', callOff);
  }
}
