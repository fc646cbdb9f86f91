import type { Range } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Comparison, WrittenCondition, WrittenOperand } from '../workflow.ts';
import { conditionTokens, type Token } from './condition-tokens.ts';

export interface ConditionProblem {
  readonly message: string;
  readonly hint?: string;
  readonly start: number;
  readonly end: number;
}

const comparisons: readonly Comparison[] = ['==', '!=', '<=', '>=', '<', '>', 'contains'];
const connectives = ['and', 'or', 'not', 'contains'];
const forms = "such as `{plan.output} == 'x'`, `{impl.attempt} > 2` or `gate.test`";
const deepest = 50;

/**
 * `or` binds least, then `and`, then `not`, then comparisons: `not {a.b} contains 'x'` negates the comparison. `||`,
 * `&&` and `!` are the same words. With `bareGate` a word alone is the name of a gate.
 */
export function parseCondition(
  text: string,
  rangeOf: (start: number, end: number) => Range,
  bareGate: boolean,
): { readonly condition: WrittenCondition } | ConditionProblem {
  const tokens = conditionTokens(text);
  let at = 0;
  const peek = (): Token => tokens[at] ?? { kind: 'end', text: '', start: text.length, end: text.length };
  const next = (): Token => {
    const token = peek();
    at += 1;
    return token;
  };
  const isWord = (...words: readonly string[]): boolean => {
    const { kind, text: written } = peek();
    return (kind === 'word' || kind === 'operator') && words.includes(written);
  };

  const chain = (is: 'all' | 'any', words: readonly string[], inner: (depth: number) => WrittenCondition) => {
    return (depth: number): WrittenCondition => {
      const of = [inner(depth)];
      while (isWord(...words)) {
        next();
        of.push(inner(depth));
      }
      const [only] = of;
      return of.length === 1 && only !== undefined ? only : { is, of };
    };
  };
  const negation = (depth: number): WrittenCondition => {
    if (depth > deepest) throw problem(peek(), 'nested too deeply');
    if (!isWord('not', '!')) return primary(depth);
    next();
    return { is: 'not', of: negation(depth + 1) };
  };
  const either = chain('any', ['or', '||'], chain('all', ['and', '&&'], negation));

  const primary = (depth: number): WrittenCondition => {
    if (isWord('(')) {
      next();
      const inner = either(depth + 1);
      if (!isWord(')')) throw problem(peek(), `${shown(peek())} where a \`)\` should stand`);
      next();
      return inner;
    }
    const start = peek();
    const gate = gateOf(start);
    if (gate !== undefined) {
      next();
      return gate;
    }
    const left = operand();
    const negated = isWord('not') && tokens[at + 1]?.text === 'contains';
    if (negated) next();
    const is = comparisons.find((word) => isWord(word));
    if (is === undefined) {
      if (start.kind !== 'word' || typeof left === 'boolean') return { is: 'true', value: left };
      const hint = didYouMean(start.text, connectives, forms);
      throw problem(start, `${quote(start.text)} alone is no condition`, hint);
    }
    next();
    const condition: WrittenCondition = { is, left, right: operand() };
    return negated ? { is: 'not', of: condition } : condition;
  };

  const gateOf = ({ kind, text: word, start, end }: Token): WrittenCondition | undefined => {
    if (kind !== 'word') return undefined;
    const dotted = word.startsWith('gate.');
    const following = tokens[at + 1];
    const compared = following !== undefined && comparisons.some((comparison) => comparison === following.text);
    const bare = bareGate && !connectives.includes(word) && word !== 'true' && word !== 'false' && !compared;
    if (!dotted && !bare) return undefined;
    const name = dotted ? word.slice('gate.'.length) : word;
    return { is: 'gate', gate: { text: name, range: rangeOf(dotted ? end - name.length : start, end) } };
  };

  const operand = (): WrittenOperand => {
    const token = next();
    const { kind, text: written, start, end } = token;
    if (kind === 'placeholder') return { name: written, range: rangeOf(start, end) };
    if (kind === 'text') return written;
    if (kind === 'number') return Number(written);
    if (kind !== 'word' || connectives.includes(written)) {
      throw problem(token, `${shown(token)} where a value should stand`, hintFor(token));
    }
    return written === 'true' || written === 'false' ? written === 'true' : written;
  };

  try {
    const condition = either(0);
    const rest = peek();
    if (rest.kind !== 'end') throw problem(rest, `${shown(rest)} is not expected here`, hintFor(rest));
    return { condition };
  } catch (error) {
    if (error instanceof Unreadable) return error.problem;
    throw error;
  }
}

class Unreadable {
  readonly problem: ConditionProblem;
  constructor(problem: ConditionProblem) {
    this.problem = problem;
  }
}

function problem({ start, end }: Token, message: string, hint?: string): Unreadable {
  return new Unreadable({ message, ...(hint !== undefined && { hint }), start, end });
}

function shown({ kind, text }: Token): string {
  if (kind === 'end') return 'it ends';
  return kind === 'placeholder' ? quote(`{${text}}`) : quote(text);
}

function hintFor({ kind, text }: Token): string {
  if (text === "'" || text === '"') return 'a quote is not closed';
  if (text === '=' || text === '&' || text === '|') return `write \`${text}${text}\``;
  if (text === '{') return 'a placeholder is `{step.field}`';
  return kind === 'word' ? 'put a text into quotes' : forms;
}
