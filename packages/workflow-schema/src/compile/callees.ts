import type { PlannedStep } from '@pawl/core';
import type { Reports } from '../diagnostics/reports.ts';
import { parseWorkflow } from '../parse-workflow.ts';
import { innerSteps, type WorkflowCallStep, type WorkflowStep } from '../workflow.ts';
import type { Callee, Calls, Compilation } from './compilation.ts';
import type { CompileEnvironment } from './environment.ts';
import { namesOfCall } from './workflow-names.ts';

/** Calls multiply: ten levels of three are a plan that nobody can mean. */
const mostSteps = 10_000;

export function createCalls(
  { workflows }: CompileEnvironment,
  reports: Reports,
  compileSteps: (compilation: Compilation, steps: readonly WorkflowStep[]) => PlannedStep[],
): Calls {
  const parsed = new Map<string, Callee>();
  let size = 0;
  return {
    reports,
    compileSteps,
    count(steps) {
      size += sizeOf(steps);
      return size <= mostSteps;
    },
    find(call: WorkflowCallStep) {
      for (const name of namesOfCall(call)) {
        const source = workflows?.(name);
        if (source === undefined) continue;
        const known = parsed.get(source.file);
        if (known !== undefined) return known;
        const { workflow, diagnostics } = parseWorkflow(source);
        for (const diagnostic of diagnostics) reports.of(source.file).add(diagnostic);
        const callee: Callee = { ...source, ...(workflow && { workflow }) };
        parsed.set(source.file, callee);
        return callee;
      }
      return undefined;
    },
  };
}

const sizeOf = (steps: readonly WorkflowStep[]): number =>
  steps.reduce((sum, step) => sum + 1 + sizeOf(innerSteps(step)), 0);
