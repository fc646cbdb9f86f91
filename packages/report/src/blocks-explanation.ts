import type { Block } from './document.ts';
import type { Explanation, Reason, ReasonKind } from './explain.ts';
import { plainLine } from './plain-text.ts';
import type { Style } from './style.ts';

const marks: Readonly<Record<ReasonKind, readonly [mark: string, style: Style]>> = {
  waits: ['?', 'yellow'],
  queued: ['…', 'yellow'],
  running: ['▸', 'cyan'],
  pending: ['·', 'dim'],
  skipped: ['-', 'dim'],
  failed: ['✗', 'red'],
  stopped: ['■', 'yellow'],
  retried: ['↻', 'yellow'],
  escalated: ['↑', 'yellow'],
  session: ['↪', 'dim'],
  passed: ['✓', 'green'],
  warned: ['!', 'yellow'],
};

export function explanationBlocks({ run, status, step, reasons }: Explanation): readonly Block[] {
  const title = step === undefined ? `run ${run}: ${status}` : `${step} of run ${run}`;
  let before = step ?? '';
  return [
    { kind: 'title', text: title },
    ...reasons.flatMap((reason): Block[] => {
      const item = itemOf(reason);
      if (reason.step === before || reason.step === '') return [item];
      before = reason.step;
      return [{ kind: 'heading', text: reason.step }, item];
    }),
  ];
}

function itemOf({ kind, text, attempt, evidence }: Reason): Block {
  const [mark, style] = marks[kind];
  const number = attempt !== undefined && kind === 'failed' ? `attempt ${attempt}: ` : '';
  return { kind: 'item', mark, style, text: plainLine(`${number}${text}`), ...(evidence && { quote: evidence }) };
}
