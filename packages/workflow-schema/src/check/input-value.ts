import { listed, quote } from '../diagnostics/quote.ts';
import type { DeclaredInput } from '../workflow.ts';

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** What is wrong with the value of an input, after its name; undefined when it is of its type. */
export function inputProblem({ type, values }: Pick<DeclaredInput, 'type' | 'values'>, text: string) {
  if (type === 'number' && !number.test(text)) return `is a number, not ${quote(text)}`;
  if (type === 'boolean' && text !== 'true' && text !== 'false') return `is \`true\` or \`false\`, not ${quote(text)}`;
  if (type === 'enum' && values.length > 0 && !values.includes(text)) return `is ${listed(values)}, not ${quote(text)}`;
  return undefined;
}
