import { isAgentStep, type WorkflowStep } from '../workflow.ts';
import type { Compilation } from './compilation.ts';
import { lastVerdict } from './verdict.ts';

const commonFields = ['status', 'attempt', 'retries', 'check_result'];
const agentFields = [
  'output',
  'diff',
  'files',
  'session_id',
  'agent',
  'duration',
  'cost',
  'turns',
  'tokens_in',
  'tokens_out',
  'cache_read',
  'cache_write',
  'comments',
  ...commonFields,
];
/** Of a step that only checks. */
const gateFields = ['status', 'attempt', 'check_result'];

export const gateResults = ['pass', 'error', 'comments'] as const;

/** The gates a step has by name. In an `each` the core adds one for the files of the task. */
export function gateNames(step: WorkflowStep, inEach: boolean): string[] {
  const names = step.gates.map(({ name }) => name);
  return inEach && step.kind === 'code' ? [...names, 'task_files'] : names;
}

/** Every field that a placeholder may name after the step. Undefined: it is not known, so that any may be. */
export function fieldsOf(compilation: Compilation, step: WorkflowStep, inEach: boolean): string[] | undefined {
  const gates = gateNames(step, inEach).map((name) => `gate.${name}`);
  const results = gates.flatMap((gate) => gateResults.map((result) => `${gate}.${result}`));
  const own = ownFields(compilation, step);
  return own && [...own, ...gates, ...results];
}

function ownFields({ calls }: Compilation, step: WorkflowStep): string[] | undefined {
  if (step.kind === 'gate') return gateFields;
  if (isAgentStep(step)) return agentFields;
  if (step.kind === 'group') return commonFields;
  const callee = calls?.find(step)?.workflow;
  if (callee === undefined) return undefined;
  const verdict = lastVerdict(callee) === undefined ? [] : ['comments'];
  return [...new Set(['output', ...verdict, ...callee.outputs.map(({ name }) => name.text)]), ...commonFields];
}
