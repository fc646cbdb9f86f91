import type { Template } from '@pawl/core';
import type { Range } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Report } from '../diagnostics/report.ts';
import { isAgentStep, type WorkflowStep, type WrittenTemplate } from '../workflow.ts';
import { describeAgent } from './agent-name.ts';
import { type Compilation, inputText } from './compilation.ts';
import { findAgent, keepAgent } from './known-agents.ts';
import { resolveReference } from './reference.ts';
import { type Scope, visibleSteps } from './scope.ts';

/** The agents that the workflow itself names; told even when no step runs them. */
export function checkDeclaredAgents({ workflow, environment, report }: Compilation): void {
  for (const declared of workflow.agents) {
    const found =
      environment &&
      describeAgent({ ...declared, name: declared.name.text, provider: declared.provider.text }, environment);
    if (found?.ok === false) report.error(found.code, declared.provider.range, found.message, found.hint);
  }
}

/** The name that stands there without a run: text, and inputs. */
export function staticAgent(compilation: Compilation, written: WrittenTemplate): string | undefined {
  let name = '';
  for (const part of written.lines.flat()) {
    const text = typeof part === 'string' ? part : inputText(compilation, part.name);
    if (text === undefined) return undefined;
    name += text;
  }
  return name.trim();
}

/** The agent of a step as it will be run at first; undefined when only the run can tell, or when there is none. */
export function firstAgent(compilation: Compilation, step: WorkflowStep): string | undefined {
  if (!isAgentStep(step) || step.agent === undefined) return undefined;
  return compilation.environment?.agentOverride ?? staticAgent(compilation, step.agent);
}

export function compileAgent(compilation: Compilation, written: WrittenTemplate, scope: Scope): Template {
  const name = staticAgent(compilation, written);
  if (name === undefined) return compileAgentReference(compilation, written, scope);
  const placeholders = written.lines.flat().filter((part) => typeof part !== 'string');
  for (const { name: input } of placeholders) compilation.usedInputs.add(input);
  const { report, range } = placeOf(compilation, written);
  return useAgent(compilation, name, { report, range, given: placeholders.length > 0 });
}

interface AgentPlace {
  readonly report: Report;
  readonly range: Range;
  /** An input names it, so that an agent of the caller's may be meant. */
  readonly given: boolean;
}

/** Puts an agent into the plan. */
export function useAgent(compilation: Compilation, name: string, { report, range, given }: AgentPlace): Template {
  if (compilation.environment === undefined) return [[name]];
  const found = findAgent(compilation, name, given);
  if (found.ok) return [[keepAgent(compilation, found.agent)]];
  report.error(found.code, range, found.message, found.hint);
  return [[name]];
}

/** Where the name was written: by the caller, when an input is the whole of it. */
function placeOf(compilation: Compilation, written: WrittenTemplate): Pick<AgentPlace, 'report' | 'range'> {
  const [part, ...more] = written.lines.flat();
  const { caller, report } = compilation;
  const name = typeof part === 'object' && more.length === 0 ? part.name : undefined;
  const given = caller?.call.inputs.find((input) => input.name.text === name);
  return caller && given ? placeOf(caller.compilation, given.value) : { report, range: written.range };
}

/** `{impl.agent}`: the agent that ran an earlier step, whole. */
function compileAgentReference(compilation: Compilation, written: WrittenTemplate, scope: Scope): Template {
  const { report } = compilation;
  const parts = written.lines.flat();
  const references = parts.flatMap((part) => {
    if (typeof part === 'string') return [];
    const reference = resolveReference(compilation, part, scope);
    return [{ reference, part }];
  });
  for (const { reference, part } of references) {
    if (reference === undefined) continue;
    if (reference.ref === 'input' && namesAgent(compilation, reference.name)) continue;
    if (reference.ref === 'step' && reference.field === 'agent' && parts.length === 1) {
      if (hasRun(reference.address, scope)) continue;
      const message = `\`{${part.name}}\` names no agent yet: the step has not run`;
      report.error('agent-template', part.range, message, 'name an earlier step');
      continue;
    }
    const message = `${quote(`{${part.name}}`)} cannot name an agent`;
    const hint = 'write a name, or `{step.agent}` alone for the agent of an earlier step';
    report.error('agent-template', part.range, message, hint);
  }
  return references.map(({ reference }) => (reference === undefined ? [] : [reference]));
}

/** An input that is not known yet names an agent only when it is that of a step. */
function namesAgent({ inputs }: Compilation, name: string): boolean {
  const given = inputs?.get(name);
  return inputs === undefined || given === undefined || given.text !== undefined || given.agent;
}

function hasRun(address: string, scope: Scope): boolean {
  return visibleSteps(scope).some((visible) => {
    if (address !== visible.address && !address.startsWith(`${visible.address}/`)) return false;
    // an enclosing split has run its planner
    const { relation, step } = visible;
    return relation === 'earlier' || (relation === 'enclosing' && isAgentStep(step));
  });
}
