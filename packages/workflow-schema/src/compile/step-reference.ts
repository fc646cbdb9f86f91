import type { Reference } from '@pawl/core';
import { didYouMean } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import type { Placeholder, WorkflowCallStep, WorkflowStep } from '../workflow.ts';
import type { Compilation } from './compilation.ts';
import { fieldsOf } from './fields.ts';
import { rootScope, type Scope, splitAround, type Visible, visibleSteps } from './scope.ts';
import { fieldHint, type Tell } from './tell.ts';

/** `{step.field}` */
export function resolveStep(
  compilation: Compilation,
  { name, range, where }: Placeholder,
  scope: Scope,
  told: Tell,
): Reference | undefined {
  const visible = visibleSteps(scope);
  const target = bestMatch(visible, name, scope, told);
  if (target === 'ambiguous') return undefined;
  if (target === undefined) return unknownStep(compilation, name, visible, told);
  const { step, relation } = target.visible;
  if (relation === 'beside') {
    const message = `\`{${name}}\` cannot be read here: the step ${quote(step.name.text)} runs at the same time`;
    return told('side-by-side', message, 'read it in a step after the group');
  }
  const reference = fieldOf(compilation, target.visible, target.field, told);
  if (reference !== undefined && relation === 'later') {
    const message = `\`{${name}}\` is empty here: the step ${quote(step.name.text)} runs later`;
    compilation.report.warning('later-step', range, where === undefined ? message : `${where}: ${message}`);
  }
  return reference;
}

type Target = Pick<Visible, 'step' | 'address' | 'inEach'>;

function fieldOf(compilation: Compilation, target: Target, field: string, told: Tell): Reference | undefined {
  const { step, address, inEach } = target;
  if (step.kind === 'call' && field.startsWith('state.')) {
    return stateField(compilation, step, address, field.slice('state.'.length), told);
  }
  const known = fieldsOf(compilation, step, inEach);
  if (known === undefined || known.includes(field)) return { ref: 'step', address, field };
  const message = `${subject(step)} has no field ${quote(field)}`;
  return told('unknown-field', message, fieldHint(field, known));
}

function subject({ kind, name }: WorkflowStep): string {
  if (kind === 'gate') return `the step ${quote(name.text)} only checks and`;
  return kind === 'group' ? `the group ${quote(name.text)}` : `the step ${quote(name.text)}`;
}

/** `{call.state.deploy.comments}`: a field of a step inside the workflow that was called. */
function stateField(
  compilation: Compilation,
  call: WorkflowCallStep,
  address: string,
  name: string,
  told: Tell,
): Reference | undefined {
  const callee = compilation.calls?.find(call)?.workflow;
  // what is wrong with it is told where it is called
  if (callee === undefined) return { ref: 'step', address, field: `state.${name}` };
  const scope = rootScope(callee.steps, callee.steps.length, `${address}/`);
  const visible = visibleSteps(scope);
  const target = bestMatch(visible, name, scope, told);
  if (target === 'ambiguous') return undefined;
  if (target !== undefined) return fieldOf(compilation, target.visible, target.field, told);
  const written = name.split('.')[0] ?? name;
  const names = visible.map(({ step }) => step.name.text);
  const hint = didYouMean(written, names, `its steps: ${listed(names, 'and')}`);
  return told('unknown-name', `the workflow ${quote(call.workflow.text)} has no step ${quote(written)}`, hint);
}

interface Match {
  readonly visible: Visible;
  readonly field: string;
  readonly length: number;
}

/** A name may hold dots itself, and may be written as an address. What `get` brought to the step itself comes first. */
function bestMatch(
  visible: readonly Visible[],
  name: string,
  scope: Scope,
  told: Tell,
): Match | 'ambiguous' | undefined {
  const matches = visible.flatMap((candidate): Match[] => {
    const starts = candidate.names.filter((written) => name.startsWith(`${written}.`));
    const length = Math.max(0, ...starts.map((start) => start.length));
    return length === 0 ? [] : [{ visible: candidate, field: name.slice(length + 1), length }];
  });
  const own = scope.steps[scope.index];
  const brought = matches.find(({ visible: { address } }) => {
    return address.startsWith(`${scope.prefix}${own?.name.text}/get/`);
  });
  if (brought !== undefined) return brought;
  const longest = Math.max(0, ...matches.map(({ length }) => length));
  const best = matches.filter(({ length }) => length === longest);
  const direct = best.find((match) => match.visible.direct);
  if (direct !== undefined || best.length < 2) return direct ?? best[0];
  const paths = best.map(({ visible: { names } }) => names[0] ?? '');
  const message = `\`{${name}}\` is ambiguous: it could be ${listed(paths)}`;
  told('ambiguous', message, 'write the path of the step');
  return 'ambiguous';
}

function unknownStep(
  { workflow, caller }: Compilation,
  name: string,
  visible: readonly Visible[],
  told: Tell,
): undefined {
  const written = name.slice(0, name.indexOf('.'));
  const rest = name.slice(written.length + 1);
  if (written === 'steps') return told('unknown-name', `unknown name \`{${name}}\``, `write \`{${rest}}\``);
  const split = splitAround(workflow.steps, written.slice(written.lastIndexOf('/') + 1));
  if (split !== undefined) {
    const message = `\`{${name}}\` is ambiguous: ${quote(written)} runs once per task of ${quote(split)}`;
    return told('ambiguous', message, 'only steps of the same `each` can read it');
  }
  const names = visible.map(({ step }) => step.name.text);
  const readable = visible.flatMap(({ step, relation }) =>
    relation === 'later' || relation === 'beside' ? [] : [step.name.text],
  );
  const own = `steps that can be read here: ${listed(readable, 'and')}`;
  const otherwise = caller ? `${own}; a workflow sees nothing of its caller but its inputs` : own;
  const hint = didYouMean(written, [...names, 'task', 'prev', 'gate'], otherwise);
  return told('unknown-name', `unknown name \`{${name}}\`: no step ${quote(written)} can be read here`, hint);
}
