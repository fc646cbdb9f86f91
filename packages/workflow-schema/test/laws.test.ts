import type { CallStep, PlannedStep, Reference } from '@pawl/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { library } from './environment.ts';
import { compileText } from './whole.ts';

const names = ['a', 'b', 'c', 'review'];
const callees = ['w0', 'w1', 'w2'];
const name = fc.constantFrom(...names);
const callee = fc.constantFrom(...callees);
const field = fc.constantFrom('output', 'diff', 'status', 'agent', 'gate.test', 'state.a.output', 'comments');
const reference = fc.oneof(
  fc.constantFrom(
    '{spec}',
    '{error}',
    '{diff}',
    '{attempt}',
    '{prev.output}',
    '{gate.test}',
    '{task.name}',
    '{topic}',
    '{w0.output}',
  ),
  fc.tuple(fc.array(name, { minLength: 1, maxLength: 2 }), field).map(([path, word]) => `{${path.join('/')}.${word}}`),
);
const text = fc.oneof(
  { arbitrary: fc.constantFrom('p', 'p {spec}', '{attempt}{output}'), weight: 12 },
  { arbitrary: reference, weight: 1 },
);
const given = fc.record({ topic: text });

type Step = Record<string, unknown>;
const gates = fc.option(
  fc.oneof(
    fc.constant(['test']),
    fc.tuple(callee, given).map(([validate, inputs]) => ['test', { validate, ...inputs }]),
  ),
  { nil: undefined },
);
const retry = fc.option(
  fc.oneof(
    fc.constant([{ exit: 2 }]),
    fc
      .tuple(callee, given)
      .map(([validate, inputs]) => [{ validate, with: inputs, worktree: 'reset', session: 'new' }, { exit: 3 }]),
  ),
  { nil: undefined },
);
const session = fc.oneof(
  { arbitrary: fc.constant(undefined), weight: 8 },
  { arbitrary: name.map((from) => ({ from })), weight: 1 },
  { arbitrary: name.map((fork) => ({ fork })), weight: 1 },
);
const { step } = fc.letrec<{ step: Step; steps: Step[] }>((tie) => ({
  steps: fc.uniqueArray(tie('step'), { minLength: 1, maxLength: 3, selector: (one) => one.name }),
  step: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .record({ name, prompt: text, gate: gates, retry, session })
      .map((more) => ({ type: 'code', agent: 'claude', ...more })),
    fc.record({ name, prompt: text }).map((more) => ({ type: 'validate', agent: 'claude', ...more })),
    fc.record({ name, workflow: callee, with: given, gate: gates }),
    fc
      .record({ name, prompt: text, workflow: callee, topic: text })
      .map(({ name: own, ...get }) => ({ name: own, type: 'code', get, run: { agent: 'claude' } })),
    fc.record({ name, steps: tie('steps'), parallel: fc.boolean(), gate: gates, retry }),
    fc
      .record({ name, each: tie('steps'), parallel: fc.boolean() })
      .map((more) => ({ type: 'split', agent: 'claude', ...more })),
  ),
}));
const steps = fc.uniqueArray(step, { minLength: 1, maxLength: 3, selector: (one) => one.name });
const source = (written: Step[], more: Step = {}) =>
  stringify(JSON.parse(JSON.stringify({ name: 'w', ...more, steps: written })));
const verdict = { name: 'verdict', type: 'validate', agent: 'claude', prompt: '{topic}' };

function callsOf(planned: PlannedStep): CallStep[] {
  const own = planned.kind === 'call' ? [planned] : [];
  const get = 'get' in planned && planned.get ? [planned.get] : [];
  const gate = planned.gates.flatMap((found) => (found.kind === 'validate' ? [found.call] : []));
  const asked = planned.retry.entries.flatMap(({ validate }) => (validate ? [validate] : []));
  return [...own, ...get, ...gate, ...asked];
}
const innerOf = (planned: PlannedStep): readonly PlannedStep[] =>
  planned.kind === 'group' ? planned.steps : 'each' in planned ? planned.each : [];
function everyStep(planned: readonly PlannedStep[]): PlannedStep[] {
  return planned.flatMap((one) => {
    const calls = callsOf(one);
    const own = one.kind === 'call' ? [] : [one];
    return [...own, ...everyStep(innerOf(one)), ...calls, ...calls.flatMap(({ steps: called }) => everyStep(called))];
  });
}
function referencesIn(value: unknown): Reference[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('ref' in value) return [value as Reference];
  return Object.values(value).flatMap(referencesIn);
}

test('whatever is called from wherever: addresses are unique, references lead somewhere, callees see their inputs alone', () => {
  let plans = 0;
  let calls = 0;
  fc.assert(
    fc.property(steps, fc.array(steps, { minLength: 3, maxLength: 3 }), (root, others) => {
      const texts = others.map((written, index): [string, string] => {
        // each calls only those after it
        const later = JSON.stringify(written).replaceAll(/"w[012]"/g, index < 2 ? `"w${index + 1}"` : '"last"');
        return [`w${index}`, source([...(JSON.parse(later) as Step[]), verdict])];
      });
      const workflows = library({ ...Object.fromEntries(texts), last: source([verdict]) });
      const { plan, diagnostics } = compileText(source(root), { workflows, inputs: { topic: 't' } });
      expect(plan === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
      if (plan === undefined) return;
      plans += 1;
      const all = everyStep(plan.steps);
      const addresses = all.map(({ address }) => address);
      expect(new Set(addresses).size).toBe(addresses.length);
      for (const found of referencesIn(plan.steps)) {
        if (found.ref === 'step') expect(addresses).toContain(found.address);
      }
      for (const call of all.flatMap((one) => (one.kind === 'call' ? [one] : []))) {
        calls += 1;
        // its own steps and outputs, without what they call in turn
        const inside = everyStep(call.steps).filter((one) => one.kind !== 'call');
        const nested = all.filter((one) => one.kind === 'call' && one !== call).map(({ address }) => `${address}/`);
        const own = inside.filter(
          ({ address }) =>
            !nested.some((prefix) => prefix.startsWith(`${call.address}/`) && address.startsWith(prefix)),
        );
        const used = own.flatMap((one) => ('prompt' in one ? referencesIn(one.prompt) : []));
        for (const found of used) {
          if (found.ref === 'input') expect(Object.keys(call.inputs)).toContain(found.name);
          if (found.ref === 'step') expect(found.address.startsWith(`${call.address}/`)).toBe(true);
        }
      }
    }),
    { numRuns: 400, seed: 11 },
  );
  expect(plans).toBeGreaterThan(100);
  expect(calls).toBeGreaterThan(100);
}, 120_000);
