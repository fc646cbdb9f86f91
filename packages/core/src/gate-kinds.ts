import { allSteps, isAgentStep } from './lookup.ts';
import type { CallStep, GateKind } from './plan.ts';

const commands: ReadonlySet<GateKind> = new Set(['compile', 'test', 'lint', 'tests_found', 'coverage', 'bash']);

/** It runs a program of the project in the worktree, which may leave files there. */
export const runsCommand = (kind: GateKind): boolean => commands.has(kind);

/** Whether a workflow that judges needs nothing of the worktree but the files that its step left. */
export const onlyReads = ({ steps }: CallStep): boolean =>
  allSteps(steps).every(
    (step) =>
      !step.gates.some(({ kind }) => runsCommand(kind)) &&
      (!isAgentStep(step) || (step.kind !== 'code' && step.access === 'read-only')),
  );
