import { stepsOf } from './agents.ts';
import type { RunReport, StepReport } from './model.ts';

export type StepSearch =
  | { readonly found: 'step'; readonly step: StepReport }
  /** Paths that the text is the end of, in the order of the report. */
  | { readonly found: 'several'; readonly candidates: readonly string[] }
  /** `near`: at most ten paths that hold the text; where there is none, the first ten of all. */
  | { readonly found: 'nothing'; readonly near: readonly string[] };

/** A step by its whole path (`decompose/auth/impl`), or by an end of it that only one step has (`auth/impl`, `impl`). */
export function stepDetail(report: RunReport, path: string): StepSearch {
  const wanted = path.replace(/^\/+|\/+$/g, '');
  const all = [...stepsOf(report.steps)];
  const exact = all.find((step) => step.path === wanted);
  if (exact) return { found: 'step', step: exact };
  const ending = wanted === '' ? [] : all.filter((step) => step.path.endsWith(`/${wanted}`));
  const [only] = ending;
  if (only && ending.length === 1) return { found: 'step', step: only };
  if (only) return { found: 'several', candidates: ending.map((step) => step.path) };
  const holding = all.filter((step) => step.path.toLowerCase().includes(wanted.toLowerCase()));
  return { found: 'nothing', near: (holding.length > 0 ? holding : all).slice(0, 10).map((step) => step.path) };
}
