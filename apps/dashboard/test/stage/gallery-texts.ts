import type { Outcome } from '@pawl/core';

/** What the agents and files of the gallery say. */
export const spec = '# A till\n\nBuild a till that sells, gives change and takes cards.\n';
export const tasks = {
  tasks: [
    { name: 'sell', description: 'Ring up articles and tell the sum.' },
    { name: 'change', description: 'Give change from notes and coins.' },
    { name: 'cards', description: 'Take cards, and say so when one is refused.' },
  ],
};
export const failing: Outcome = {
  kind: 'gate-ended',
  report: {
    pass: false,
    durationMs: 4300,
    exitCode: 1,
    command: 'npm test',
    failure: 'till.test.ts: gives change\n  expected 0.35, got 0.34\n    at till.test.ts:14:27\n1 failed, 11 passed',
    log: 'gates/test.log',
  },
};
export const said = `I read \`src/till.ts\` first. Two things are wrong:

- sums are kept as **floats**, so cents get lost
- change begins with the smallest coin

I count in cents and begin with the largest note.`;
export const events = [
  { type: 'text-start', id: 'a' },
  { type: 'text-delta', id: 'a', delta: said },
  { type: 'text-end', id: 'a' },
  { type: 'tool-call', id: '1', kind: 'read', name: 'read', title: 'src/till.ts', input: { file: 'src/till.ts' } },
  { type: 'tool-result', id: '1', status: 'ok', output: 'export class Till {' },
  { type: 'tool-call', id: '2', kind: 'execute', name: 'shell', title: 'npm test', input: { command: 'npm test' } },
  { type: 'tool-result', id: '2', status: 'error', output: '1 failed, 11 passed' },
  { type: 'text-start', id: 'b' },
  { type: 'text-delta', id: 'b', delta: 'One is left: the till rounds *before* it gives change. I move that.' },
  { type: 'text-end', id: 'b' },
];
export const before = `export class Till {
  #sum = 0;

  ring(price: number): void {
    this.#sum += price;
  }

  change(paid: number): number {
    return paid - this.#sum;
  }
}
`;
export const after = `const coins = [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1];

export class Till {
  #cents = 0;

  ring(cents: number): void {
    this.#cents += cents;
  }

  /** The largest first. */
  change(paid: number): readonly number[] {
    let left = paid - this.#cents;
    return coins.flatMap((coin) => {
      const count = Math.floor(left / coin);
      left -= count * coin;
      return Array.from({ length: count }, () => coin);
    });
  }
}
`;
export const tests = `import { expect, test } from 'vitest';
import { Till } from './till.ts';

test('gives change', () => {
  const till = new Till();
  till.ring(465);
  expect(till.change(500)).toEqual([20, 10, 5]);
});
`;
export const patch = `diff --git a/src/till.ts b/src/till.ts
index 1111111..2222222 100644
--- a/src/till.ts
+++ b/src/till.ts
@@ -1,11 +1,18 @@
+const coins = [200, 100, 50, 20, 10, 5, 2, 1];
+
 export class Till {
-  #sum = 0;
+  #cents = 0;
 
   ring(price: number): void {
-    this.#sum += price;
+    this.#cents += price;
   }
 
-  change(paid: number): number {
-    return paid - this.#sum;
+  change(paid: number): readonly number[] {
+    let left = paid - this.#cents;
+    return coins.flatMap((coin) => {
+      const count = Math.floor(left / coin);
+      left -= count * coin;
+      return Array.from({ length: count }, () => coin);
+    });
   }
 }
`;
