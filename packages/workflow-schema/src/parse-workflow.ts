import type { Check } from './check/check.ts';
import { checkWorkflow } from './check/workflow.ts';
import { checkNames } from './compile/check-names.ts';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { createReport } from './diagnostics/report.ts';
import { checkSource } from './parse/source.ts';
import { readYaml } from './parse/yaml.ts';
import type { Workflow } from './workflow.ts';

export interface WorkflowSource {
  readonly text: string;
  /** Named in diagnostics; never opened. */
  readonly file: string;
}

/** Everything wrong with one text. Never throws. `workflow` is present when there is no error. */
export function parseWorkflow(source: WorkflowSource): { workflow?: Workflow; diagnostics: Diagnostic[] } {
  const report = createReport(source.file);
  const lines = checkSource(source.text, report);
  const root = lines && readYaml(lines, report);
  if (lines === undefined || root === undefined) return { diagnostics: report.diagnostics() };
  const check: Check = { lines, report, incomplete: false, misspelt: new Set() };
  const workflow = checkWorkflow(check, root, source.file);
  // with errors nobody compiles, so the names are looked at here: all that is wrong is told at once
  if (report.failed() && workflow !== undefined && !check.incomplete) checkNames(workflow, report);
  const complete = workflow !== undefined && !report.failed();
  return { ...(complete && { workflow }), diagnostics: report.diagnostics() };
}
