import type { PlannedGate, PlannedStep } from '@pawl/core';
import {
  innerSteps,
  type WorkflowAgentStep,
  type WorkflowGate,
  type WorkflowGroupStep,
  type WorkflowStep,
  type WrittenResolver,
} from '../workflow.ts';
import { type Scope, scopeBelow } from './scope.ts';

export interface Resolver {
  readonly resolver: WorkflowAgentStep;
  readonly scope: Scope;
}

const name = 'on_conflict';

/**
 * Who resolves a conflict of a lane, as a step: of a split one that stands behind those of `each`, of a group one below
 * each step. It is held to the gates of what it brings together; `inside` are the steps of it as they were compiled.
 */
export function resolversOf(
  written: WrittenResolver,
  step: WorkflowAgentStep | WorkflowGroupStep,
  inside: readonly PlannedStep[],
  scope: Scope,
): readonly Resolver[] {
  if (step.kind !== 'group') {
    const resolver = resolverStep(written, step.each, inside);
    return [{ resolver, scope: behind(scope, step.each, resolver) }];
  }
  return step.steps.map((unit, index) => {
    const resolver = resolverStep(written, [unit], inside.slice(index, index + 1));
    return { resolver, scope: behind(scopeBelow(scope, step.steps, index), innerSteps(unit), resolver) };
  });
}

const behind = (parent: Scope, steps: readonly WorkflowStep[], resolver: WorkflowStep): Scope => {
  const scope = scopeBelow(parent, [...steps, resolver], steps.length);
  // What ran side by side has ended, and only a split has tasks.
  return parent.steps[parent.index]?.kind === 'split' ? scope : { ...scope, list: 'sequence' };
};

function resolverStep(
  written: WrittenResolver,
  units: readonly WorkflowStep[],
  compiled: readonly PlannedStep[],
): WorkflowAgentStep {
  const { agent, prompt, guard, attempts } = written;
  return {
    kind: 'code',
    name: { text: name, range: agent.range },
    gates: gatesOf(units, compiled),
    retry: { attempts, entries: [] },
    agent,
    ...(prompt && { prompt }),
    context: [],
    session: { mode: 'new' },
    guard,
    access: 'edit',
    worktree: 'lane',
    each: [],
  };
}

/** Those that judge the files as they are, each once; what a step must touch was judged already. */
function gatesOf(units: readonly WorkflowStep[], compiled: readonly PlannedStep[]): readonly WorkflowGate[] {
  const commands = commandsOf(compiled, true);
  // Those of steps further inside may speak of what cannot be seen from here.
  const validators = units.flatMap(({ gates }) => gates.filter(({ kind }) => kind === 'validate'));
  const found = new Map<string, WorkflowGate>();
  for (const gate of [...commands, ...validators]) {
    const { name: _, ...what } = gate;
    const key =
      gate.kind === 'validate' ? JSON.stringify([gate.call.workflow.text, inputsOf(gate)]) : JSON.stringify(what);
    if (!found.has(key)) found.set(key, gate);
  }
  const names = new Set<string>();
  return [...found.values()].map((gate) => {
    let own = gate.name;
    for (let count = 2; names.has(own); count += 1) own = `${gate.name}_${count}`;
    names.add(own);
    return gate.kind === 'validate'
      ? { ...gate, name: own, call: { ...gate.call, name: { ...gate.call.name, text: own } } }
      : { ...gate, name: own };
  });
}

type Command = Exclude<PlannedGate, { readonly kind: 'validate' }>;

/**
 * Of all steps, those of a workflow that is called too. What the project's own commands say is to hold for the result
 * as well; what a `bash` gate has said only where it saw the files as the lane left them: of a step whose tests had to
 * fail it does not.
 */
function commandsOf(steps: readonly PlannedStep[], last: boolean): readonly Command[] {
  let sawTheEnd = last;
  const found: Command[] = [];
  for (const step of steps.toReversed()) {
    const inside = insideOf(step);
    // A split's gates judge its plan, those of others what was done inside.
    const own = step.kind === 'split' ? sawTheEnd && !inside.some(changes) : sawTheEnd;
    found.unshift(
      ...step.gates.filter((gate): gate is Command => ofProject.has(gate.kind) || (own && gate.kind === 'bash')),
      ...commandsOf(inside, sawTheEnd),
    );
    if (changes(step)) sawTheEnd = false;
  }
  return found;
}

const ofProject: ReadonlySet<PlannedGate['kind']> = new Set(['compile', 'test', 'lint', 'tests_found', 'coverage']);

function insideOf(step: PlannedStep): readonly PlannedStep[] {
  if (step.kind === 'gate') return [];
  return step.kind === 'group' || step.kind === 'call' ? step.steps : step.each;
}

const changes = (step: PlannedStep): boolean =>
  insideOf(step).some(changes) || ('access' in step && step.agent !== undefined && step.access !== 'read-only');

const inputsOf = (gate: WorkflowGate & { readonly kind: 'validate' }) =>
  gate.call.inputs.map(({ name: { text }, value }) => [
    text,
    value.lines.map((line) => line.map((part) => (typeof part === 'string' ? part : { name: part.name }))),
  ]);
