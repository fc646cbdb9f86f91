import type { DiagnosticCode } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { listed } from '../diagnostics/quote.ts';
import type { Placeholder } from '../workflow.ts';
import type { Compilation } from './compilation.ts';

/** What a placeholder is part of. It decides what the words stand for that speak of the step itself. */
export type Place = 'step' | 'retry' | 'gate' | 'when' | 'until' | 'outputs';

export type Tell = (code: DiagnosticCode, message: string, hint?: string) => undefined;

/** In a prompt file the position goes into the message: the diagnostic points at the line that names the file. */
export function teller({ report }: Compilation, { range, where }: Placeholder): Tell {
  return (code, message, hint) => {
    report.error(code, range, where === undefined ? message : `${where}: ${message}`, hint);
    return undefined;
  };
}

export function fieldHint(field: string, known: readonly string[]): string | undefined {
  const plain = known.filter((word) => !/^gate\.\w+\./.test(word));
  return didYouMean(field, known, `known fields: ${listed(plain, 'and')}`);
}
