import type { WorkflowPlan } from '@pawl/core';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { createReports } from '../diagnostics/reports.ts';
import type { Workflow } from '../workflow.ts';
import { checkDeclaredAgents } from './agent.ts';
import { createCalls } from './callees.ts';
import type { Compilation } from './compilation.ts';
import type { CompileEnvironment } from './environment.ts';
import { checkInputs, knownInputs, startInputs } from './inputs.ts';
import { compileDeclared } from './outputs.ts';
import { compileSteps } from './step.ts';

/**
 * Resolves every name, and puts the workflows that are called into the plan. `plan` is present when there is no error.
 * A diagnostic may be of a file that is called: its `file` says so. Never throws.
 */
export function compileWorkflow(
  workflow: Workflow,
  environment: CompileEnvironment,
): { plan?: WorkflowPlan; diagnostics: Diagnostic[] } {
  const reports = createReports(workflow.file);
  const inputs = startInputs(workflow, environment.inputs);
  const compilation: Compilation = {
    workflow,
    report: reports.of(workflow.file),
    environment,
    promptFiles: environment.promptFiles,
    agents: new Map(),
    inputs: knownInputs(inputs),
    usedInputs: new Set(),
    base: '',
    calls: createCalls(environment, reports, compileSteps),
  };
  checkDeclaredAgents(compilation);
  const steps = compileSteps(compilation, workflow.steps);
  compileDeclared(compilation);
  checkInputs(compilation);
  if (reports.failed()) return { diagnostics: reports.diagnostics() };
  const plan: WorkflowPlan = {
    workflow: {
      name: workflow.name.text,
      ...(workflow.description !== undefined && { description: workflow.description }),
      source: workflow.file,
    },
    limits: workflow.limits,
    agents: Object.fromEntries(compilation.agents),
    inputs,
    steps,
  };
  return { plan, diagnostics: reports.diagnostics() };
}
