import type { RunReport } from './model.ts';
import { plainLine } from './plain-text.ts';

/** Who is needed, and what for. Plain text. */
export const questionLines = ({ waiting }: RunReport): readonly string[] =>
  waiting.map(({ step, question }) => {
    const when = question === 'before_gate' ? 'before its gates run' : 'after its gates have run';
    return `${plainLine(step)} waits for a person ${when}: continue, retry with a comment, or abort`;
  });
