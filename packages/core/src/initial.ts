import type { Plan } from './plan.ts';
import type { RunState } from './state.ts';

const nothing: Plan = {
  planVersion: 1,
  workflow: { name: '', source: '' },
  limits: {},
  agents: {},
  inputs: {},
  steps: [],
  spec: { text: '', source: '' },
  base: { commit: '', repository: '' },
  settings: { commands: {}, gateTimeoutMs: 0, failureChars: { error: 0, diff: 0 } },
};

/** Before the first event. */
export const initial: RunState = {
  status: 'new',
  run: '',
  plan: nothing,
  startedAt: 0,
  lanes: {},
  steps: {},
  open: {},
  spent: { costUsd: 0, unpriced: 0, tokens: 0, uncounted: 0 },
  frames: {},
  generation: 0,
  queue: [],
  warned: [],
};
