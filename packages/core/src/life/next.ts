import type { FrameId, StepPath } from '../effects.ts';
import type { Failure } from '../events.ts';

/** What follows from what just happened: the parts of a step's life name each other by this, and none calls another. */
export type Next =
  /** The next step of a sequence, or its end. */
  | { readonly do: 'frame'; readonly frame: FrameId }
  | { readonly do: 'frame-passed'; readonly frame: FrameId }
  | { readonly do: 'frame-failed'; readonly frame: FrameId; readonly failure: Failure }
  /** Frames of the step's body, as many as may run. */
  | { readonly do: 'body'; readonly step: StepPath }
  | { readonly do: 'attempt'; readonly step: StepPath; readonly attempt: number }
  | { readonly do: 'work' | 'agent' | 'gates' | 'conclude' | 'pass' | 'reopen'; readonly step: StepPath }
  | { readonly do: 'fail-attempt' | 'fail-step'; readonly step: StepPath; readonly failure: Failure }
  | { readonly do: 'abort'; readonly reason: string };

/** Undefined: an effect is outstanding, or there is nothing to do. */
export type Following = Next | readonly Next[] | undefined;
