import type { AgentStep, ContextSource, GroupStep, Parallel, PlannedGate, PlannedStep, Template } from '@pawl/core';
import { isAgentStep, type WorkflowAgentStep, type WorkflowGroupStep, type WorkflowStep } from '../workflow.ts';
import { compileAgent, firstAgent, useAgent } from './agent.ts';
import { compileCall } from './call.ts';
import { checkAccess } from './capabilities.ts';
import type { Compilation } from './compilation.ts';
import { compileCondition } from './condition.ts';
import { conflictPrompt, defaultPrompt } from './default-prompts.ts';
import type { StepEdit } from './environment.ts';
import { hasInput, useInput } from './input-reference.ts';
import { resolversOf } from './resolvers.ts';
import { compileRetry } from './retry.ts';
import { insideEach, rootScope, type Scope, scopeBelow } from './scope.ts';
import { compileSession } from './session.ts';
import { compileFileText, compilePrompt, compileTemplate } from './template.ts';

/** All the steps of a workflow, or of a list below a step. */
export function compileSteps(compilation: Compilation, steps: readonly WorkflowStep[], parent?: Scope): PlannedStep[] {
  return steps.map((step, index): PlannedStep => {
    const scope = parent ? scopeBelow(parent, steps, index) : rootScope(steps, index, compilation.base);
    const common = {
      ...compileCommon(compilation, step, scope),
      ...(step.when && { when: compileCondition(compilation, step.when, scope, 'when') }),
      ...(step.pause && { pause: step.pause }),
    };
    const { address } = common;
    if (step.kind === 'gate') return { ...common, kind: 'gate' };
    if (step.kind === 'group') return { ...common, ...compileGroup(compilation, step, scope) };
    if (step.kind === 'call') return { ...compileCall(compilation, step, scope, address, 'step'), ...common };
    return { ...common, ...compileAgentStep(compilation, step, scope, address) };
  });
}

function compileCommon(compilation: Compilation, step: WorkflowStep, scope: Scope) {
  const address = scope.prefix + step.name.text;
  return {
    name: step.name.text,
    address,
    gates: compileGates(compilation, step, scope, address),
    retry: compileRetry(compilation, step, scope, address),
  };
}

function compileGates(compilation: Compilation, step: WorkflowStep, scope: Scope, address: string): PlannedGate[] {
  return step.gates.map((gate) => {
    if (gate.kind !== 'validate') return gate;
    const call = compileCall(compilation, gate.call, scope, `${address}/gate/${gate.name}`, 'gate');
    return { name: gate.name, kind: 'validate', call };
  });
}

function compileGroup(
  compilation: Compilation,
  step: WorkflowGroupStep,
  scope: Scope,
): Pick<GroupStep, 'kind' | 'steps' | 'parallel' | 'loop'> {
  const after = scopeBelow(scope, step.steps, step.steps.length);
  const { loop } = step;
  const steps = compileSteps(compilation, step.steps, scope);
  return {
    kind: 'group',
    steps,
    ...compileParallel(compilation, step, steps, scope),
    ...(loop && { loop: { until: compileCondition(compilation, loop.until, after, 'until'), max: loop.max } }),
  };
}

function compileParallel(
  compilation: Compilation,
  step: WorkflowAgentStep | WorkflowGroupStep,
  inside: readonly PlannedStep[],
  scope: Scope,
): { parallel?: Parallel } {
  if (step.parallel === undefined) return {};
  const { maxParallel, onConflict: everywhere } = compilation.workflow;
  const { max = maxParallel, onConflict: written = everywhere } = step.parallel;
  const places = written === undefined || written === 'stop' ? [] : resolversOf(written, step, inside, scope);
  const onConflict = places.map(({ resolver, scope: own }): AgentStep => {
    const common = compileCommon(compilation, resolver, own);
    const compiled = { ...common, ...compileAgentStep(compilation, resolver, own, common.address) };
    return resolver.prompt || editOf(compilation, common.address)?.prompt
      ? compiled
      : { ...compiled, prompt: withSpecOf(compilation, conflictPrompt(insideEach(own))) };
  });
  return { parallel: { ...(max !== undefined && { max }), ...(onConflict.length > 0 && { onConflict }) } };
}

function compileAgentStep(
  compilation: Compilation,
  step: WorkflowAgentStep,
  scope: Scope,
  address: string,
): Omit<AgentStep, 'name' | 'address' | 'gates' | 'retry' | 'when' | 'pause'> {
  const edit = editOf(compilation, address);
  const agent = compileStepAgent(compilation, step, scope, edit?.agent);
  const { get } = step;
  const each = compileSteps(compilation, step.each, scope);
  return {
    kind: step.kind,
    ...(agent && { agent }),
    prompt: compileStepPrompt(compilation, step, scope, edit?.prompt),
    context: step.context.map(
      (source): ContextSource =>
        source.type === 'bash' ? source : { type: 'file', path: compileTemplate(compilation, source.path, scope) },
    ),
    session: compileSession(compilation, step.session, scope, firstAgent(compilation, step)),
    guard: step.guard,
    access: step.access,
    worktree: step.worktree,
    ...(get && { get: compileCall(compilation, get, scope, `${address}/get/${get.name.text}`, 'step') }),
    ...(step.output && { output: step.output }),
    each,
    ...compileParallel(compilation, step, each, scope),
  };
}

/** Addresses are made of people's names. */
const editOf = ({ environment }: Compilation, address: string): StepEdit | undefined =>
  environment?.edits && Object.hasOwn(environment.edits, address) ? environment.edits[address] : undefined;

function compileStepPrompt(
  compilation: Compilation,
  step: WorkflowAgentStep,
  scope: Scope,
  edit: StepEdit['prompt'],
): Template {
  const written = step.prompt
    ? compilePrompt(compilation, step.prompt, scope)
    : edit
      ? []
      : presetPrompt(compilation, step);
  if (!edit) return written;
  return compileFileText(compilation, edit.text, { text: edit.file, range: step.name.range }, scope);
}

function compileStepAgent(
  compilation: Compilation,
  step: WorkflowAgentStep,
  scope: Scope,
  edit: string | undefined,
): Template | undefined {
  const { environment, report: own } = compilation;
  if (edit !== undefined)
    return useAgent(compilation, edit, {
      report: own,
      range: step.name.range,
      given: compilation.caller !== undefined,
    });
  if (step.agent === undefined) return undefined;
  checkAccess(compilation, firstAgent(compilation, step), step.access, step.agent.range);
  if (environment?.agentOverride === undefined) return compileAgent(compilation, step.agent, scope);
  // told once, where the run itself is named
  let outermost = compilation;
  while (outermost.caller) outermost = outermost.caller.compilation;
  for (const part of step.agent.lines.flat()) if (typeof part !== 'string') compilation.usedInputs.add(part.name);
  const { report, workflow } = outermost;
  return useAgent(outermost, environment.agentOverride, { report, range: workflow.name.range, given: false });
}

function presetPrompt(compilation: Compilation, step: WorkflowAgentStep): Template {
  if (!isAgentStep(step)) return [];
  return withSpecOf(compilation, defaultPrompt(step.kind, step.parallel !== undefined));
}

/** The specification of a workflow that is called may be an input. */
function withSpecOf(compilation: Compilation, preset: Template): Template {
  if (!hasInput(compilation, 'spec')) return preset;
  return preset.map((line) =>
    line.map((part) => (typeof part === 'object' && part.ref === 'spec' ? useInput(compilation, 'spec') : part)),
  );
}
