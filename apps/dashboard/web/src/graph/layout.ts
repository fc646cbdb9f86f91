import type { PlanStep, StepStatus } from '../../../wire.ts';

/** A step of a plan, or of a run: then with how it stands. */
export interface DrawnStep extends Omit<PlanStep, 'steps'> {
  readonly status?: StepStatus;
  readonly steps: readonly DrawnStep[];
}

/** A step and its place, relative to the box that it stands in. */
export interface Box {
  readonly step: DrawnStep;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** What is inside, in order. */
  readonly inside: readonly Box[];
}
export interface Placed {
  readonly boxes: readonly Box[];
  readonly width: number;
  readonly height: number;
}

const leaf = { width: 210, height: 62 };
const head = 44;
const margin = 14;
const gap = 26;

/** Steps that run in order stand below each other, those that run side by side beside each other. */
export function place(steps: readonly DrawnStep[], sideBySide = false): Placed {
  const sizes = steps.map(sizeOf);
  const width = sideBySide
    ? sizes.reduce((sum, one) => sum + one.width + gap, -gap)
    : Math.max(0, ...sizes.map((one) => one.width));
  const height = sideBySide
    ? Math.max(0, ...sizes.map((one) => one.height))
    : sizes.reduce((sum, one) => sum + one.height + gap, -gap);
  let at = 0;
  const boxes = steps.map((step, index): Box => {
    const { width: own, height: tall, inside } = sizes[index] ?? sizeOf(step);
    const box = sideBySide
      ? { step, x: at, y: 0, width: own, height: tall, inside }
      : { step, x: (width - own) / 2, y: at, width: own, height: tall, inside };
    at += (sideBySide ? own : tall) + gap;
    return box;
  });
  return { boxes, width: Math.max(0, width), height: Math.max(0, height) };
}

function sizeOf(step: DrawnStep): Pick<Box, 'width' | 'height' | 'inside'> {
  if (step.steps.length === 0) return { ...leaf, inside: [] };
  // The tasks of a split are not known yet: what is done for each is drawn once.
  const { boxes, width, height } = place(step.steps, step.parallel && !step.each);
  const inside = boxes.map((box) => ({ ...box, x: box.x + margin, y: box.y + head }));
  return { width: Math.max(leaf.width, width + 2 * margin), height: head + height + margin, inside };
}
