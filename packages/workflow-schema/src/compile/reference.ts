import type { Reference } from '@pawl/core';
import { didYouMean } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import type { Placeholder, WorkflowStep } from '../workflow.ts';
import type { Compilation } from './compilation.ts';
import { fieldsOf, gateNames, gateResults } from './fields.ts';
import { hasInput, missingInput, resolveInput, useInput } from './input-reference.ts';
import { insideEach, type Scope } from './scope.ts';
import { plainNames, resolvePlain } from './special.ts';
import { resolveStep } from './step-reference.ts';
import { fieldHint, type Place, type Tell, teller } from './tell.ts';

const taskFields = ['name', 'description', 'files'] as const;
export const specialNames: readonly string[] = [...plainNames, 'task', 'prev', 'gate'];

/** What a placeholder stands for, in the step at `scope`. Undefined: an error was told. */
export function resolveReference(
  compilation: Compilation,
  placeholder: Placeholder,
  scope: Scope,
  place: Place = 'step',
): Reference | undefined {
  if (compilation.report.full()) return undefined;
  const { name } = placeholder;
  const told = teller(compilation, placeholder);
  const plain = plainNames.find((word) => word === name);
  if (plain !== undefined) return resolvePlain(compilation, plain, { scope, place, told });
  const dot = name.indexOf('.');
  if (dot === -1) return resolveInput(compilation, name, scope, told);
  const first = name.slice(0, dot);
  const rest = name.slice(dot + 1);
  if (first === 'task' && insideEach(scope)) return resolveTask(rest, told);
  if (hasInput(compilation, name)) return useInput(compilation, name);
  if (first === 'task') return resolveOuterTask(compilation, rest, told);
  const own = scope.steps[scope.index];
  if (first === 'prev' || first === 'gate') {
    const absent = absentHere(place, own);
    if (absent !== undefined) return told('unknown-name', `\`{${name}}\` ${absent}`, hints[place]);
  }
  if (own !== undefined && first === 'prev') return resolvePrevious(compilation, own, rest, scope, told);
  if (own !== undefined && first === 'gate') return resolveGate(own, rest, scope, told);
  return resolveStep(compilation, placeholder, scope, told);
}

function absentHere(place: Place, own: WorkflowStep | undefined): string | undefined {
  if (place === 'when') return 'is empty in `when`: the step has not run';
  return place === 'until' || own === undefined ? 'has no meaning here' : undefined;
}

const hints: { readonly [P in Place]?: string } = {
  when: 'name the step whose field is meant: `{step.field}`',
  until: 'write `gate.` and the name of a gate of the group, without braces',
};

function resolveTask(field: string, told: Tell): Reference | undefined {
  const known = taskFields.find((candidate) => candidate === field);
  if (known !== undefined) return { ref: 'task', field: known };
  return told('unknown-field', `a task has no field ${quote(field)}`, fieldHint(field, taskFields));
}

/** Outside `each`: in a workflow that is called, it stands for an input of that name. */
function resolveOuterTask(compilation: Compilation, field: string, told: Tell): Reference | undefined {
  const { caller, workflow } = compilation;
  if (caller && workflow.inputs === undefined) return missingInput(compilation, `task.${field}`);
  const hint = 'a task exists only in the steps that a split runs for it';
  return told('task-outside-each', `\`{task.${field}}\` outside \`each\``, hint);
}

function resolvePrevious(
  compilation: Compilation,
  own: WorkflowStep,
  field: string,
  scope: Scope,
  told: Tell,
): Reference | undefined {
  const known = fieldsOf(compilation, own, insideEach(scope));
  if (known === undefined || known.includes(field)) return { ref: 'prev', field };
  return told(
    'unknown-field',
    `the step ${quote(own.name.text)} has no field ${quote(field)}`,
    fieldHint(field, known),
  );
}

function resolveGate(own: WorkflowStep, rest: string, scope: Scope, told: Tell): Reference | undefined {
  const [gate = '', result, ...more] = rest.split('.');
  const known = gateNames(own, insideEach(scope));
  if (!known.includes(gate)) {
    const otherwise = known.length === 0 ? 'it has no gates' : `its gates: ${listed(known, 'and')}`;
    const message = `the step ${quote(own.name.text)} has no gate ${quote(gate)}`;
    return told('unknown-field', message, didYouMean(gate, known, otherwise));
  }
  const field = gateResults.find((candidate) => candidate === (result ?? 'pass'));
  if (field !== undefined && more.length === 0) return { ref: 'gate', gate, field };
  const asked = [result, ...more].join('.');
  return told('unknown-field', `a gate has no field ${quote(asked)}`, fieldHint(asked, gateResults));
}
