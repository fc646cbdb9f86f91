import type { Diagnostic } from './diagnostic.ts';
import { bounded, createReport, type Report } from './report.ts';

/** What is wrong with a file and with those it calls. */
export interface Reports {
  of(file: string): Report;
  failed(): boolean;
  /** The first file's in the order of its text, then those of the others; at most 100. */
  diagnostics(): Diagnostic[];
}

export function createReports(first: string): Reports {
  const reports = new Map([[first, createReport(first)]]);
  return {
    of(file) {
      const known = reports.get(file) ?? createReport(file);
      reports.set(file, known);
      return known;
    },
    failed: () => [...reports.values()].some((report) => report.failed()),
    diagnostics: () => bounded([...reports.values()].flatMap((report) => report.diagnostics())),
  };
}
