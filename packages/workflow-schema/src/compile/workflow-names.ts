import type { Range } from '../diagnostics/diagnostic.ts';
import { innerSteps, isAgentStep, type Workflow, type WorkflowCallStep, type WorkflowStep } from '../workflow.ts';

/** A name under which a workflow that is called may be found. */
export interface WorkflowName {
  /** With `validators/` before it where it is looked for among the validators. */
  readonly name: string;
  readonly range: Range;
  readonly kind: 'workflow' | 'validator';
}

/**
 * The workflows that this one calls by itself, in the order of the file: what `environment.workflows` will be asked for.
 * A call may list two names: `validate: arch` is `validators/arch`, or else the workflow `arch`. The callees call others:
 * parse them and ask again.
 */
export function workflowNames(workflow: Workflow): WorkflowName[] {
  return workflow.steps.flatMap(callsOf).flatMap((call) =>
    namesOfCall(call).map((name) => ({
      name,
      range: call.workflow.range,
      kind: name.startsWith(validators) ? 'validator' : 'workflow',
    })),
  );
}

const validators = 'validators/';
const workflows = 'workflows/';

/** Where a called workflow is looked for, in this order. */
export function namesOfCall({ workflow: { text }, validator }: WorkflowCallStep): string[] {
  if (text.startsWith(validators)) return [text];
  // a folder of that name inside the folder of workflows, or the folder itself
  if (text.startsWith(workflows)) return [text, text.slice(workflows.length)];
  return validator ? [validators + text, text] : [text];
}

function callsOf(step: WorkflowStep): WorkflowCallStep[] {
  const asked = [
    ...step.gates.flatMap((gate) => (gate.kind === 'validate' ? [gate.call] : [])),
    ...step.retry.entries.flatMap(({ validate }) => (validate ? [validate] : [])),
  ];
  const get = isAgentStep(step) && step.get ? [step.get] : [];
  const own = step.kind === 'call' ? [step] : [];
  return [...own, ...get, ...asked, ...innerSteps(step).flatMap(callsOf)];
}
