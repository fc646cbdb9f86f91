import type { Effect, Outcome } from '@pawl/core';
import type { Surroundings } from './perform.ts';
import type { Lane } from './ports.ts';
import { whyStopped } from './stopped.ts';

/** Asks a person. Undefined: nobody is there to answer. When the run is stopped, no answer is waited for any more. */
export async function ask(
  effect: Effect & { readonly type: 'ask' },
  lane: Lane,
  { state, ports, signal }: Surroundings,
): Promise<Outcome | undefined> {
  const { step, attempt, question, tree } = effect;
  const { promise: calledOff, resolve } = Promise.withResolvers<undefined>();
  const callOff = () => resolve(undefined);
  signal.addEventListener('abort', callOff);
  try {
    const asked = ports.people?.ask(
      { run: state.run, step, attempt, question, lane: lane.path, ...(tree !== undefined && { tree }) },
      signal,
    );
    const answer = await Promise.race([asked, calledOff]);
    if (signal.aborted) return { kind: 'cancelled', ...whyStopped(signal) };
    return answer && { kind: 'answered', answer };
  } catch (error) {
    // Whoever called it off may do so by an error.
    if (signal.aborted) return { kind: 'cancelled', ...whyStopped(signal) };
    throw error;
  } finally {
    signal.removeEventListener('abort', callOff);
  }
}
