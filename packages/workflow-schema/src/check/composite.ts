import { quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf, type MapNode } from '../parse/node.ts';
import { count, looseFlag } from '../shape/scalars.ts';
import { loopWords } from '../shape/words.ts';
import { getShape, runShape } from '../shape/workflow.ts';
import type { WorkflowGroupStep, WorkflowStep, WrittenParallel } from '../workflow.ts';
import type { Check } from './check.ts';
import { checkCondition } from './condition.ts';
import { checkKeys, missingKey } from './keys.ts';
import { checkOnConflict } from './on-conflict.ts';
import { checkedValue, mapOf } from './values.ts';

const ofAgents = ['get', 'run', ...Object.keys(getShape.shape), ...Object.keys(runShape.shape), 'output'];

/** Keys that a step without an agent of its own cannot have. `hitl` is the one key of `run` that any step has. */
export function refuseAgentKeys(check: Check, map: MapNode, what: string, others: readonly string[]): void {
  const refused = [...ofAgents.filter((key) => key !== 'hitl'), ...others];
  for (const { key, keyRange } of map.entries) {
    if (!refused.includes(key)) continue;
    const message = `${quote(key)} has no place in ${what}`;
    const hint = others.includes(key) ? undefined : 'it has no agent of its own; write it into the steps that have one';
    check.report.error('misplaced', keyRange, message, hint);
  }
}

/** Gump asked for a type here and did not look at it. */
export function typeWithoutEffect(check: Check, map: MapNode, what: string): void {
  const type = entryOf(map, 'type');
  if (type !== undefined) check.report.warning('no-effect', type.keyRange, `\`type\` has no effect in ${what}`);
}

export function checkGroup(check: Check, map: MapNode): Pick<WorkflowGroupStep, 'parallel' | 'loop'> {
  refuseAgentKeys(check, map, 'a group', ['each', 'with']);
  typeWithoutEffect(check, map, 'a group');
  const parallel = checkParallel(check, map);
  const loop = checkLoop(check, entryOf(map, 'loop'));
  return { ...(parallel && { parallel }), ...(loop && { loop }) };
}

/** `parallel`, `max_parallel` and `on_conflict` of a split or a group. */
export function checkParallel(check: Check, map: MapNode): WrittenParallel | undefined {
  const misspelt = check.misspelt.has('parallel');
  const [most, clash] = [entryOf(map, 'max_parallel'), entryOf(map, 'on_conflict')];
  const max = checkedValue(check, most, count);
  const onConflict = checkOnConflict(check, clash);
  const parallel = checkedValue(check, entryOf(map, 'parallel'), looseFlag) === true;
  if (parallel) return { ...(max !== undefined && { max }), ...(onConflict && { onConflict }) };
  for (const entry of [most, clash]) {
    if (entry === undefined || entryOf(map, 'parallel') !== undefined || misspelt) continue;
    const message = `${quote(entry.key)} has no effect without \`parallel\``;
    check.report.error('misplaced', entry.keyRange, message, 'add `parallel: true`');
  }
  return undefined;
}

/** Keys of splits and groups on a step that is neither. */
export function refuseCompositeKeys(check: Check, map: MapNode, kind: WorkflowStep['kind']): void {
  const split = kind === 'split';
  for (const key of ['loop', ...(split ? [] : ['parallel', 'max_parallel', 'on_conflict']), 'with']) {
    const entry = entryOf(map, key);
    if (entry === undefined || isOff(check, entry)) continue;
    const message = key === 'with' ? '`with` has no effect without `workflow`' : `${quote(key)} has no place here`;
    check.report.error('misplaced', entry.keyRange, message, places[key]);
  }
}

const places: Readonly<Record<string, string>> = {
  loop: 'a group loops: put the step into `steps` of one',
  parallel: 'it belongs to a split or to a step with `steps`',
  max_parallel: 'it belongs to a split or to a step with `steps`',
  on_conflict: 'it belongs to a split or to a step with `steps` that run in `parallel`',
};

/** `parallel: false` says what is so anyway. */
const isOff = (check: Check, entry: Entry): boolean =>
  entry.key === 'parallel' && checkedValue(check, entry, looseFlag) !== true;

function checkLoop(check: Check, entry: Entry | undefined): WorkflowGroupStep['loop'] {
  if (entry === undefined) return undefined;
  const map = mapOf(check, entry, 'write `loop: { until: gate.test, max: 5 }`');
  if (map === undefined) return unreadable;
  check.misspelt.clear();
  checkKeys(check, map, loopWords);
  const until = entryOf(map, 'until');
  const max = entryOf(map, 'max');
  if (until === undefined) missingKey(check, map, 'until', '`loop` needs `until`: the condition that ends it');
  if (max === undefined) missingKey(check, map, 'max', '`loop` needs `max`: how often it may run', 'such as `max: 5`');
  const condition = until && checkCondition(check, until, { bareGate: true });
  const most = checkedValue(check, max, count);
  return { ...unreadable, ...(condition && { until: condition }), ...(most !== undefined && { max: most }) };
}

/** In the place of what was told to be wrong: the group still loops, as far as others are concerned. */
const unreadable: NonNullable<WorkflowGroupStep['loop']> = { until: { is: 'true', value: true }, max: 1 };
