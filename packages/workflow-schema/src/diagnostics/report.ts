import type { Diagnostic, DiagnosticCode, Range } from './diagnostic.ts';

const most = 100;

/** Collects what is wrong with one file. */
export interface Report {
  error(code: DiagnosticCode, range: Range, message: string, hint?: string): void;
  warning(code: DiagnosticCode, range: Range, message: string, hint?: string): void;
  /** One that was found before. */
  add(diagnostic: Diagnostic): void;
  failed(): boolean;
  /** More errors than will be told: looking for others is of no use. */
  full(): boolean;
  /** In the order of the text, each once, at most 100. */
  diagnostics(): Diagnostic[];
}

export function createReport(file: string): Report {
  const found = new Map<string, Diagnostic>();
  let errors = 0;
  const add = (
    severity: Diagnostic['severity'],
    code: DiagnosticCode,
    { line, column, endLine, endColumn }: Range,
    message: string,
    hint?: string,
  ) => {
    // what an alias repeats is told once
    const key = JSON.stringify([code, line, column, message]);
    if (found.has(key)) return;
    if (severity === 'error') errors += 1;
    found.set(key, {
      code,
      severity,
      message,
      ...(hint !== undefined && { hint }),
      file,
      line,
      column,
      endLine,
      endColumn,
    });
  };
  return {
    error: (code, range, message, hint) => add('error', code, range, message, hint),
    warning: (code, range, message, hint) => add('warning', code, range, message, hint),
    add: ({ severity, code, message, hint, ...range }) => add(severity, code, range, message, hint),
    failed: () => errors > 0,
    full: () => errors > most,
    diagnostics: () => bounded([...found.values()].sort(inTextOrder)),
  };
}

function inTextOrder(a: Diagnostic, b: Diagnostic): number {
  return a.line - b.line || a.column - b.column;
}

/** At most 100; an error is never cut off in favour of warnings alone. */
export function bounded(diagnostics: Diagnostic[]): Diagnostic[] {
  if (diagnostics.length <= most) return diagnostics;
  const kept = diagnostics.slice(0, most);
  const error = diagnostics.find(({ severity }) => severity === 'error');
  return error === undefined || kept.includes(error) ? kept : [...kept.slice(0, -1), error];
}
