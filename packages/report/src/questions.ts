import type { QuestionKind } from '@pawl/core';
import type { RunReport } from './model.ts';
import { plainLine } from './plain-text.ts';

/** Who is needed, and what for. Plain text. */
export const questionLines = ({ waiting }: RunReport): readonly string[] =>
  waiting.map(({ step, question }) => {
    return `${plainLine(step)} waits for a person ${askedWhen[question]}: ${choicesOf[question]}`;
  });

/** When a step asks, to stand behind what it does. */
export const askedWhen: Readonly<Record<QuestionKind, string>> = {
  before_gate: 'before its gates run',
  after_gate: 'after its gates have run',
  interrupted: 'because its turn was interrupted',
};

const gated = 'continue, retry with a comment, or abort';
const choicesOf: Readonly<Record<QuestionKind, string>> = {
  before_gate: gated,
  after_gate: gated,
  interrupted: 'continue in its conversation, retry in a new one, or abort',
};
