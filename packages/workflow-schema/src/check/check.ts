import type { Lines } from '../diagnostics/lines.ts';
import type { Report } from '../diagnostics/report.ts';

/** What the checks of one file share. */
export interface Check {
  readonly lines: Lines;
  readonly report: Report;
  /** Something was left out that may define names: what refers to them must not be called unknown. */
  incomplete: boolean;
  /** Keys of the current step that were misspelt: they must not be called missing as well. */
  readonly misspelt: Set<string>;
}
