import { didYouMean } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf, headOf, type MapNode } from '../parse/node.ts';
import { stepTypes } from '../shape/scalars.ts';
import type { WorkflowStep } from '../workflow.ts';
import type { StepFields } from './blocks.ts';
import type { Check } from './check.ts';
import { scalarOf } from './values.ts';

const hint = `a step is ${listed(stepTypes)}; one that only checks, groups or calls has no \`type\``;

/** What a step is. Undefined: an error was told, and what follows would only repeat it. */
export function kindOfStep(check: Check, map: MapNode, fields: StepFields): WorkflowStep['kind'] | undefined {
  const workflow = entryOf(map, 'workflow');
  const steps = entryOf(map, 'steps');
  if (workflow !== undefined && steps !== undefined) {
    const message = 'a step calls a `workflow` or has `steps`, not both';
    check.report.error('misplaced', steps.keyRange, message, 'make two steps of it');
    return undefined;
  }
  if (workflow !== undefined) return 'call';
  const type = entryOf(map, 'type');
  const typed = type && typeOfStep(check, type);
  if (steps !== undefined) {
    if (typed !== 'split') return 'group';
    const message = 'a split has `each`, not `steps`';
    check.report.error('misplaced', steps.keyRange, message, 'the steps of every task stand in `each`');
    return undefined;
  }
  if (type !== undefined || check.misspelt.has('type')) return typed;
  const missing = ['workflow', 'steps'].find((key) => check.misspelt.has(key));
  if (missing !== undefined) return undefined;
  const cause = fields.agent ?? fields.prompt ?? entryOf(map, 'run') ?? entryOf(map, 'get') ?? entryOf(map, 'each');
  if (cause === undefined) return 'gate';
  const likely = cause.key === 'each' ? 'split' : 'code';
  const others = listed(stepTypes.filter((word) => word !== likely));
  const message = `a step with ${quote(cause.key)} needs a \`type\``;
  check.report.error('missing-key', headOf(map), message, `add \`type: ${likely}\` (or ${others})`);
  return undefined;
}

function typeOfStep(check: Check, type: Entry): (typeof stepTypes)[number] | undefined {
  const scalar = scalarOf(check, type, listed(stepTypes));
  if (scalar === undefined) return undefined;
  const word = stepTypes.find((candidate) => candidate === scalar.text);
  if (word !== undefined) return word;
  const message = `unknown type of step ${quote(scalar.text)}`;
  check.report.error('unknown-value', scalar.range, message, didYouMean(scalar.text, stepTypes, hint));
  return undefined;
}
