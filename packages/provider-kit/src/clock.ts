import { randomUUID } from 'node:crypto';
import type { Surroundings } from './definition.ts';

export const system: Surroundings = {
  clock: {
    now: () => performance.now(),
    after(ms, run) {
      // A delay above 2^31-1 would fire at once.
      const timer = setTimeout(run, Math.min(ms, 2_147_483_647));
      return () => clearTimeout(timer);
    },
  },
  newId: () => randomUUID(),
};
