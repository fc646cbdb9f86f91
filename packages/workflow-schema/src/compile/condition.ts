import type { Condition, Operand } from '@pawl/core';
import { didYouMean } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import type { Written, WrittenCondition, WrittenOperand } from '../workflow.ts';
import type { Compilation } from './compilation.ts';
import { gateNames } from './fields.ts';
import { resolveReference } from './reference.ts';
import { type Scope, visibleSteps } from './scope.ts';

/** `when` of the step at `scope`, or `until` after the last step of a group's list. */
export function compileCondition(
  compilation: Compilation,
  written: WrittenCondition,
  scope: Scope,
  place: 'when' | 'until',
): Condition {
  const inner = (condition: WrittenCondition) => compileCondition(compilation, condition, scope, place);
  const value = (operand: WrittenOperand) => compileOperand(compilation, operand, scope, place);
  switch (written.is) {
    case 'all':
    case 'any':
      return { is: written.is, of: written.of.map(inner) };
    case 'not':
      return { is: 'not', of: inner(written.of) };
    case 'true':
      return { is: 'true', value: value(written.value) };
    case 'gate':
      return place === 'until' ? ofGroup(compilation, written.gate, scope) : ofStep(compilation, written.gate, scope);
    default:
      return { is: written.is, left: value(written.left), right: value(written.right) };
  }
}

function compileOperand(
  compilation: Compilation,
  operand: WrittenOperand,
  scope: Scope,
  place: 'when' | 'until',
): Operand {
  if (typeof operand !== 'object') return operand;
  return resolveReference(compilation, operand, scope, place) ?? '';
}

/** A gate of the group that loops. */
function ofGroup(compilation: Compilation, gate: Written, scope: Scope): Condition {
  const group = scope.parent?.steps[scope.parent.index];
  const known = (group?.gates ?? []).map(({ name }) => name);
  if (!known.includes(gate.text)) unknownGate(compilation, gate, 'the group has no gate', known);
  return { is: 'gate', gate: gate.text };
}

/** A gate of the step that ran it last: the latest in the nearest list. */
function ofStep(compilation: Compilation, gate: Written, scope: Scope): Condition {
  const before = visibleSteps(scope).filter(
    ({ relation }) => relation !== 'own' && relation !== 'later' && relation !== 'beside',
  );
  const having = before.filter(({ step, inEach }) => gateNames(step, inEach).includes(gate.text));
  const nearest = having.filter(({ prefix }) => prefix === having[0]?.prefix);
  const last = nearest.findLast(({ relation }) => relation === 'earlier') ?? nearest.at(-1);
  if (last === undefined) {
    const known = before.flatMap(({ step, inEach }) => gateNames(step, inEach));
    unknownGate(compilation, gate, 'no step before this one has a gate', known);
    return { is: 'gate', gate: gate.text };
  }
  const left = { ref: 'step', address: last.address, field: `gate.${gate.text}` } as const;
  return { is: '==', left, right: 'true' };
}

function unknownGate({ report }: Compilation, { text, range }: Written, what: string, known: readonly string[]): void {
  const names = [...new Set(known)];
  const otherwise = names.length === 0 ? undefined : `gates: ${listed(names, 'and')}`;
  report.error('unknown-name', range, `${what} ${quote(text)}`, didYouMean(text, names, otherwise));
}
