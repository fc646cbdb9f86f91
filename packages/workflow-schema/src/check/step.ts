import { listed, quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf, headOf, kindOf, type ListNode, type MapNode, type Node } from '../parse/node.ts';
import { pauseWords } from '../shape/scalars.ts';
import { stepWords } from '../shape/words.ts';
import type { WorkflowCallStep, WorkflowGateStep, WorkflowStep, Written } from '../workflow.ts';
import { checkAgentStep } from './agent-step.ts';
import { checkGetCall, gatherBlocks, type StepFields } from './blocks.ts';
import { checkWith, checkWorkflowName } from './call.ts';
import type { Check } from './check.ts';
import { checkGroup, refuseAgentKeys, refuseCompositeKeys, typeWithoutEffect } from './composite.ts';
import { checkCondition } from './condition.ts';
import { checkGates } from './gate.ts';
import { checkKeys, missingKey } from './keys.ts';
import { checkName } from './name.ts';
import { checkRetry, noRetry } from './retry.ts';
import { kindOfStep } from './step-kind.ts';
import { listOf, scalarOf } from './values.ts';

/** More than anyone writes, few enough to look at each from each other. */
const mostSteps = 1000;

/** The steps of a workflow, or (`inner`) of one `each` or group. */
export function checkSteps(check: Check, list: ListNode, inner = false): WorkflowStep[] {
  if (list.items.length > mostSteps) {
    check.incomplete = true;
    check.report.error('too-large', list.range, `more than ${mostSteps} steps in one list`);
    return [];
  }
  const names = new Map<string, Written>();
  return list.items.flatMap((item) => {
    const step = checkStep(check, item, inner);
    if (step === undefined) {
      check.incomplete = true;
      return [];
    }
    const { text, range } = step.name;
    const first = names.get(text);
    if (first === undefined) names.set(text, step.name);
    else {
      const hint = `line ${first.range.line} has it already; names are unique among the steps of one list`;
      check.report.error('duplicate-name', range, `a second step ${quote(text)}`, hint);
    }
    return [step];
  });
}

function checkStep(check: Check, node: Node, inner: boolean): WorkflowStep | undefined {
  if (node.kind !== 'map') {
    check.report.error('wrong-type', node.range, `a step is a mapping, not ${kindOf(node)}`, 'write `- name: …`');
    return undefined;
  }
  check.misspelt.clear();
  const map = withoutOutputWord(check, node);
  checkKeys(check, map, stepWords);
  const given = entryOf(map, 'name');
  const name = given && checkName(check, given, inner);
  if (given === undefined) missingKey(check, map, 'name', 'a step needs a `name`');
  const fields = gatherBlocks(check, map);
  const kind = kindOfStep(check, map, fields);
  const known = name ?? { text: '', range: headOf(map) };
  if (kind === undefined) {
    // its inner steps can still be wrong
    checkInner(check, map, 'each');
    checkInner(check, map, 'steps');
    return undefined;
  }
  const step = checkKind(check, map, known, kind, fields);
  return name && step;
}

/** Before Gump 0.0.4 `output` was a word; Gump told it and did not heed it. */
function withoutOutputWord(check: Check, map: MapNode): MapNode {
  const output = entryOf(map, 'output');
  if (output?.value.kind !== 'scalar' || !oldOutputs.includes(output.value.text)) return map;
  const message = `\`output: ${output.value.text}\` has no effect any more`;
  const hint = 'its `type` says what a step gives; `output` is a JSON Schema of it';
  check.report.warning('no-effect', output.keyRange, message, hint);
  return { ...map, entries: map.entries.filter((entry) => entry !== output) };
}

const oldOutputs = ['plan', 'diff', 'artifact', 'review', 'validate'];

function checkKind(
  check: Check,
  map: MapNode,
  name: Written,
  kind: WorkflowStep['kind'],
  fields: StepFields,
): WorkflowStep | undefined {
  const when = entryOf(map, 'when');
  const condition = when && checkCondition(check, when);
  const pause = fields.hitl && checkPause(check, fields.hitl);
  const gates = checkGates(check, entryOf(map, 'gate'), kind);
  const known = [...gates.map((gate) => gate.name), ...(kind === 'code' ? ['task_files'] : [])];
  const common = { name, gates, ...(condition && { when: condition }), ...(pause && { pause }) };
  if (kind === 'gate') return { ...common, ...checkGateOnly(check, map, name, fields) };
  const retry = checkRetry(check, entryOf(map, 'retry'), kind, known);
  if (kind === 'call') {
    const call = checkCall(check, map);
    return call && { ...common, retry, ...call };
  }
  if (kind === 'group') {
    return { kind, ...common, retry, ...checkGroup(check, map), steps: checkInner(check, map, 'steps') };
  }
  refuseCompositeKeys(check, map, kind);
  const get = checkGetCall(check, map);
  const step = checkAgentStep(check, map, { ...common, kind, retry }, fields);
  return { ...step, ...(get && { get }), each: checkInner(check, map, 'each') };
}

function checkInner(check: Check, map: MapNode, key: 'each' | 'steps'): WorkflowStep[] {
  const entry = entryOf(map, key);
  const list = entry && listOf(check, entry, 'write a list of steps');
  return list ? checkSteps(check, list, true) : [];
}

function checkCall(
  check: Check,
  map: MapNode,
): Pick<WorkflowCallStep, 'kind' | 'workflow' | 'validator' | 'inputs'> | undefined {
  refuseAgentKeys(check, map, 'a step that calls a workflow', [
    'each',
    'steps',
    'parallel',
    'max_parallel',
    'on_conflict',
    'loop',
  ]);
  typeWithoutEffect(check, map, 'a step that calls a workflow');
  const entry = entryOf(map, 'workflow');
  const workflow = entry && checkWorkflowName(check, entry);
  const inputs = checkWith(check, map);
  return workflow && { kind: 'call', workflow, validator: false, inputs };
}

function checkGateOnly(
  check: Check,
  map: MapNode,
  name: Written,
  fields: StepFields,
): Pick<WorkflowGateStep, 'kind' | 'retry'> {
  if (entryOf(map, 'gate') === undefined) {
    const hint = 'add `gate` for a step that only checks, or `type`, `agent` and `prompt`';
    missingKey(check, map, 'gate', `the step ${quote(name.text)} does nothing`, hint);
  }
  refuseCompositeKeys(check, map, 'gate');
  const { hitl: _, ...others } = fields;
  for (const entry of [...Object.values(others), entryOf(map, 'retry'), entryOf(map, 'output')]) {
    if (entry === undefined) continue;
    const message = `${quote(entry.key)} has no place in a step that only checks`;
    const hint = 'it has no agent; add `type`, `agent` and `prompt`, or remove it';
    check.report.error('misplaced', entry.keyRange, message, hint);
  }
  return { kind: 'gate', retry: noRetry };
}

/** `true` is `before_gate`. */
function checkPause(check: Check, entry: Entry): WorkflowStep['pause'] {
  const scalar = scalarOf(check, entry, listed(pauseWords));
  if (scalar === undefined || scalar.text === 'false') return undefined;
  if (scalar.text === 'true') return 'before_gate';
  if (scalar.text === 'before_gate' || scalar.text === 'after_gate') return scalar.text;
  const message = `${quote(entry.key)} must be ${listed(pauseWords)}, not ${quote(scalar.text)}`;
  check.report.error('unknown-value', scalar.range, message);
  return undefined;
}
