import type { Limits } from '@pawl/core';
import { entryOf, headOf, kindOf, type MapNode, type Node } from '../parse/node.ts';
import { count, duration, money } from '../shape/scalars.ts';
import { rootWords } from '../shape/words.ts';
import type { Workflow } from '../workflow.ts';
import { checkAgents } from './agent.ts';
import type { Check } from './check.ts';
import { checkDeclaredInputs, checkOutputs } from './declared.ts';
import { checkKeys, missingKey } from './keys.ts';
import { checkOnConflict } from './on-conflict.ts';
import { checkSteps } from './step.ts';
import { checkedValue, listOf, scalarOf, textOf } from './values.ts';

/** As much of the workflow as could be read, beside the errors. Undefined when the root is no mapping. */
export function checkWorkflow(check: Check, root: Node, file: string): Workflow | undefined {
  if (root.kind === 'scalar' && root.value === null) {
    check.report.error('empty', root.range, 'the workflow is empty', 'start with `name:` and `steps:`');
    return undefined;
  }
  if (root.kind !== 'map') {
    const hint =
      root.kind === 'list' ? 'put the list under `steps:`, below a `name:`' : 'start with `name:` and `steps:`';
    check.report.error('wrong-type', root.range, `a workflow is a mapping, not ${kindOf(root)}`, hint);
    return undefined;
  }
  checkKeys(check, root, rootWords);
  const name = entryOf(root, 'name');
  const steps = entryOf(root, 'steps');
  if (name === undefined) missingKey(check, root, 'name', 'a workflow needs a `name`');
  if (steps === undefined) missingKey(check, root, 'steps', 'a workflow needs `steps`');
  const written = name && textOf(check, name);
  const list = steps && listOf(check, steps, 'write at least one step: `- name: …`');
  const description = entryOf(root, 'description');
  const described = description && scalarOf(check, description, 'text')?.text;
  const maxParallel = checkedValue(check, entryOf(root, 'max_parallel'), count);
  const onConflict = checkOnConflict(check, entryOf(root, 'on_conflict'));
  const inputs = checkDeclaredInputs(check, entryOf(root, 'inputs'));
  return {
    file,
    name: written ?? { text: '', range: headOf(root) },
    ...(described !== undefined && { description: described }),
    limits: checkLimits(check, root),
    ...(maxParallel !== undefined && { maxParallel }),
    ...(onConflict && { onConflict }),
    ...(inputs && { inputs }),
    outputs: checkOutputs(check, entryOf(root, 'outputs')),
    agents: checkAgents(check, entryOf(root, 'agents')),
    steps: list ? checkSteps(check, list) : [],
  };
}

function checkLimits(check: Check, root: MapNode): Limits {
  const costUsd = checkedValue(check, entryOf(root, 'max_budget'), money);
  const tokens = checkedValue(check, entryOf(root, 'max_tokens'), count);
  const wallMs = checkedValue(check, entryOf(root, 'max_timeout'), duration);
  return {
    ...(costUsd !== undefined && { costUsd }),
    ...(tokens !== undefined && { tokens }),
    ...(wallMs !== undefined && { wallMs }),
  };
}
