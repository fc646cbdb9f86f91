import type { RunEvent } from '@pawl/core';
import type { AgentEvent } from '@pawl/provider';

/** What someone who watches a run is told: facts as they are stored, and what passes by in between. */
export type Notice =
  | { readonly type: 'event'; readonly sequence: number; readonly event: RunEvent }
  | { readonly type: 'agent'; readonly step: string; readonly attempt: number; readonly event: AgentEvent };

/** Called synchronously; must not throw. */
export type Observe = (notice: Notice) => void;
