import type { StepPath } from './effects.ts';
import { prefixOf, rootFrame } from './frames.ts';
import type { PlannedStep } from './plan.ts';
import type { Frame } from './state.ts';

/** The path of a step in a sequence. */
export function pathOf(frame: Frame, planned: PlannedStep): StepPath {
  const prefix = frame.id === rootFrame ? '' : prefixOf(frame);
  return prefix === '' ? planned.name : `${prefix}/${planned.name}`;
}
