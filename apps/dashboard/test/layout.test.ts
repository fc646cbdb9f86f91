import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Box, place } from '../web/src/graph/layout.ts';
import type { PlanStep } from '../wire.ts';

const stepOf = (name: string, inside: Partial<PlanStep> = {}): PlanStep => ({
  name,
  address: name,
  kind: 'code',
  gates: [],
  parallel: false,
  each: false,
  steps: [],
  ...inside,
});

const arbitrary = fc.letrec<{ step: PlanStep; holder: PlanStep }>((tie) => ({
  step: fc.oneof({ maxDepth: 4 }, fc.constant(stepOf('x')), tie('holder')),
  holder: fc
    .record({ parallel: fc.boolean(), each: fc.boolean(), steps: fc.array(tie('step'), { maxLength: 4 }) })
    .map((inside) => stepOf('x', inside)),
})).step;

test('in order: below each other, in the middle of the widest', () => {
  const wide = stepOf('lanes', { parallel: true, steps: [stepOf('a'), stepOf('b')] });
  const { boxes, height } = place([stepOf('plan'), wide]);
  const [plan, lanes] = boxes;
  expect(lanes!.y).toBeGreaterThan(plan!.y + plan!.height);
  expect(plan!.x + plan!.width / 2).toBe(lanes!.x + lanes!.width / 2);
  expect(height).toBe(lanes!.y + lanes!.height);
});

test('side by side: beside each other; the steps for each task are drawn once, in order', () => {
  const inside = [stepOf('a'), stepOf('b')];
  const [lanes] = place([stepOf('lanes', { parallel: true, steps: inside })]).boxes;
  expect(lanes!.inside[1]!.x).toBeGreaterThan(lanes!.inside[0]!.x + lanes!.inside[0]!.width);
  const [split] = place([stepOf('split', { parallel: true, each: true, steps: inside })]).boxes;
  expect(split!.inside[1]!.y).toBeGreaterThan(split!.inside[0]!.y + split!.inside[0]!.height);
});

test('nothing overlaps, and what is inside stays inside', () => {
  const apart = (one: Box, other: Box): boolean =>
    one.x + one.width <= other.x ||
    other.x + other.width <= one.x ||
    one.y + one.height <= other.y ||
    other.y + other.height <= one.y;
  const check = (boxes: readonly Box[], within: { readonly width: number; readonly height: number }): void => {
    for (const [index, box] of boxes.entries()) {
      expect(Math.min(box.x, box.y)).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(within.width);
      expect(box.y + box.height).toBeLessThanOrEqual(within.height);
      for (const other of boxes.slice(index + 1)) expect(apart(box, other)).toBe(true);
      check(box.inside, box);
    }
  };
  fc.assert(
    fc.property(fc.array(arbitrary, { maxLength: 5 }), (steps) => {
      const placed = place(steps);
      check(placed.boxes, placed);
    }),
  );
});
