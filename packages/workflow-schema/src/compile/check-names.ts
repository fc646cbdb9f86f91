import type { Report } from '../diagnostics/report.ts';
import type { Workflow } from '../workflow.ts';
import type { Compilation } from './compilation.ts';
import { compileDeclared } from './outputs.ts';
import { compileSteps } from './step.ts';

/** Reports what is wrong with names as far as the file alone tells: agents, inputs and other workflows are not known. */
export function checkNames(workflow: Workflow, report: Report): void {
  const compilation: Compilation = {
    workflow,
    report,
    environment: undefined,
    promptFiles: new Map(),
    agents: new Map(),
    inputs: undefined,
    usedInputs: new Set(),
    base: '',
    calls: undefined,
  };
  compileSteps(compilation, workflow.steps);
  compileDeclared(compilation);
}
