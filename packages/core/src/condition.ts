import type { Condition, Operand } from './plan.ts';
import type { RunState, StepState } from './state.ts';
import { evaluate } from './template.ts';

/** Whether a condition holds in the place of a step. Total: a value that is not there is the empty text. */
export function holds(state: RunState, step: StepState, condition: Condition): boolean {
  switch (condition.is) {
    case 'all':
      return condition.of.every((each) => holds(state, step, each));
    case 'any':
      return condition.of.some((each) => holds(state, step, each));
    case 'not':
      return !holds(state, step, condition.of);
    case 'gate':
      return Object.hasOwn(step.gates, condition.gate) && step.gates[condition.gate]?.pass === true;
    case 'true':
      return !['', 'false', '0'].includes(textOf(state, step, condition.value).trim());
    default:
      return compare(condition.is, textOf(state, step, condition.left), textOf(state, step, condition.right));
  }
}

type Comparison = Extract<Condition, { readonly left: Operand }>['is'];

function compare(how: Comparison, left: string, right: string): boolean {
  const [one, other] = [left.trim(), right.trim()];
  const numbers = isNumber(one) && isNumber(other);
  const order = numbers ? Number(one) - Number(other) : one < other ? -1 : one > other ? 1 : 0;
  switch (how) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case 'contains':
      return left.includes(right);
  }
}

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);

/** A long text stands outside the state: what is known of it here is that it is there. */
function textOf(state: RunState, step: StepState, operand: Operand): string {
  if (typeof operand !== 'object') return String(operand);
  return evaluate(state, step, [[operand]])
    .map((text) => (typeof text === 'string' ? text : `blob ${text.blob}`))
    .join('');
}
