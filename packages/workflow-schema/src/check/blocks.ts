import { quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf, type MapNode } from '../parse/node.ts';
import { getWords, runWords, type Words } from '../shape/words.ts';
import { getShape, runShape } from '../shape/workflow.ts';
import { lastSegment, type WorkflowCallStep } from '../workflow.ts';
import { checkValues, checkWorkflowName, plainCall } from './call.ts';
import type { Check } from './check.ts';
import { checkKeys } from './keys.ts';
import { mapOf } from './values.ts';

/** The keys of `get` and `run` that a step has. */
export type StepFields = Partial<Record<keyof typeof getShape.shape | keyof typeof runShape.shape, Entry>>;

/** The keys of `get` and `run`, which stand in their block or directly in the step, but not in both. */
export function gatherBlocks(check: Check, step: MapNode): StepFields {
  return {
    ...gather(check, step, 'get', Object.keys(getShape.shape), getWords),
    ...gather(check, step, 'run', Object.keys(runShape.shape), runWords),
  };
}

function gather(
  check: Check,
  step: MapNode,
  block: string,
  keys: readonly string[],
  words: Words,
): Record<string, Entry> {
  const found: Record<string, Entry> = {};
  const entry = entryOf(step, block);
  const map = entry && mapOf(check, entry);
  if (map !== undefined) checkBlock(check, map, words);
  // what an unreadable block would have held is not missing
  else if (entry !== undefined) for (const key of keys) check.misspelt.add(key);
  for (const key of keys) {
    const inner = map && entryOf(map, key);
    const flat = entryOf(step, key);
    const used = inner ?? flat;
    if (used !== undefined) found[key] = used;
    if (flat === undefined || entry === undefined) continue;
    if (inner === undefined) {
      const message = `${quote(key)} stands outside \`${block}\`, which this step has`;
      check.report.error('flat-and-block', flat.keyRange, message, `move it into \`${block}\``);
    } else {
      const message = `${quote(key)} cannot appear both in \`${block}\` and in the step`;
      check.report.error(
        'flat-and-block',
        flat.keyRange,
        message,
        `line ${inner.keyRange.line} has it already; remove one`,
      );
    }
  }
  return found;
}

/** The keys of a `get` that calls a workflow and are not its own are inputs of that workflow. */
function checkBlock(check: Check, map: MapNode, words: Words): void {
  const called = words === getWords && entryOf(map, 'workflow') !== undefined;
  if (!called) checkKeys(check, map, words);
}

/** The workflow that runs before each attempt. */
export function checkGetCall(check: Check, step: MapNode): WorkflowCallStep | undefined {
  const get = entryOf(step, 'get')?.value;
  const entry = get?.kind === 'map' ? entryOf(get, 'workflow') : undefined;
  if (get?.kind !== 'map' || entry === undefined) return undefined;
  const workflow = checkWorkflowName(check, entry);
  const given = get.entries.filter(({ key }) => !getWords.known.includes(key));
  const inputs = checkValues(check, given);
  if (workflow === undefined) return undefined;
  const name = { text: lastSegment(workflow.text), range: workflow.range };
  return plainCall({ name, workflow, validator: false, inputs });
}
