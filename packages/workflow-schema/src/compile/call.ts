import type { CallStep, Template } from '@pawl/core';
import { builtInValidators, builtInWorkflows } from '../built-in/index.ts';
import { inputProblem } from '../check/input-value.ts';
import { isTaken } from '../check/name.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import type { Workflow, WorkflowCallStep, WrittenValue } from '../workflow.ts';
import { checkDeclaredAgents, staticAgent } from './agent.ts';
import type { Callee, Compilation, GivenInput } from './compilation.ts';
import { checkUnusedDeclarations } from './inputs.ts';
import { compileOutputs } from './outputs.ts';
import type { Scope } from './scope.ts';
import type { Place } from './tell.ts';
import { compileTemplate } from './template.ts';

const deepest = 20;
const alwaysThere = [
  ...Object.keys(builtInWorkflows),
  ...Object.keys(builtInValidators).map((name) => `validators/${name}`),
];

/** The workflow that is called, with its steps below `address`. It sees its inputs and nothing else of its caller. */
export function compileCall(
  compilation: Compilation,
  call: WorkflowCallStep,
  scope: Scope,
  address: string,
  place: Place,
): CallStep {
  const templates = new Map(
    call.inputs.map(({ name, value }) => [name.text, compileTemplate(compilation, value, scope, place)]),
  );
  const callee = findCallee(compilation, call);
  const planned = {
    kind: 'call',
    name: call.name.text,
    address,
    gates: [],
    retry: { attempts: 1, entries: [] },
  } as const;
  if (callee?.workflow === undefined) {
    const workflow = { name: call.workflow.text, source: '' };
    return { ...planned, workflow, inputs: Object.fromEntries(templates), limits: {}, steps: [], outputs: {} };
  }
  const inner = enter(compilation, call, callee, callee.workflow, { address, templates });
  const { steps, outputs } = compileInside(inner, call);
  return {
    ...planned,
    workflow: { name: call.workflow.text, source: callee.file },
    inputs: Object.fromEntries(templates),
    limits: callee.workflow.limits,
    steps,
    outputs,
  };
}

function compileInside(inner: Compilation, call: WorkflowCallStep): Pick<CallStep, 'steps' | 'outputs'> {
  const { workflow, report } = inner;
  checkDeclaredAgents(inner);
  for (const { name } of workflow.steps) {
    if (!isTaken(name.text)) continue;
    const message = `a workflow with a step ${quote(name.text)} cannot be called`;
    report.error('reserved-name', name.range, message, 'give the step another name');
  }
  const steps = inner.calls?.compileSteps(inner, workflow.steps) ?? [];
  const outputs = compileOutputs(inner, call);
  checkUnused(inner, call);
  return { steps, outputs };
}

/** Undefined: it cannot be compiled here, and why was told. */
function findCallee(compilation: Compilation, call: WorkflowCallStep): Callee | undefined {
  const { calls, report } = compilation;
  if (calls === undefined) return undefined;
  const { text, range } = call.workflow;
  const callee = calls.find(call);
  if (callee === undefined) {
    const what = call.validator ? 'validator' : 'workflow';
    const hint = didYouMean(text, alwaysThere, '`pawl workflows list` shows what there is');
    report.error('unknown-workflow', range, `no ${what} ${quote(text)}`, hint);
    return undefined;
  }
  const chain = chainOf(compilation);
  const from = chain.findIndex(({ file }) => file === callee.file);
  if (from !== -1) {
    const way = [...chain.slice(from).map(({ name }) => name), text].map(quote).join(' → ');
    report.error('workflow-cycle', range, `the workflow ${quote(text)} would call itself: ${way}`);
    return undefined;
  }
  if (chain.length > deepest) {
    report.error('too-large', range, `workflows call each other more than ${deepest} levels deep`);
    return undefined;
  }
  if (!calls.count(callee.workflow?.steps ?? [])) {
    report.error('too-large', range, 'with all that it calls, the workflow has more than 10000 steps');
    return undefined;
  }
  return callee;
}

function chainOf({ workflow, caller }: Compilation): { readonly file: string; readonly name: string }[] {
  const own = { file: workflow.file, name: caller?.call.workflow.text ?? workflow.name.text };
  return caller ? [...chainOf(caller.compilation), own] : [own];
}

interface Entered {
  readonly address: string;
  /** Defaults of inputs that are not given are added. */
  readonly templates: Map<string, Template>;
}

function enter(
  compilation: Compilation,
  call: WorkflowCallStep,
  callee: Callee,
  workflow: Workflow,
  { address, templates }: Entered,
): Compilation {
  const inputs = new Map(
    call.inputs.map((input): [string, GivenInput] => [input.name.text, givenInput(compilation, input, templates)]),
  );
  for (const declared of workflow.inputs ?? []) {
    const { text } = declared.name;
    if (inputs.has(text)) continue;
    if (declared.default !== undefined) {
      templates.set(
        text,
        declared.default.split('\n').map((line) => (line === '' ? [] : [line])),
      );
      inputs.set(text, { text: declared.default, agent: false });
    } else {
      const message = `the workflow ${quote(call.workflow.text)} needs the input ${quote(text)}`;
      compilation.report.error('missing-input', call.workflow.range, message, `give it: \`${text}: …\``);
    }
  }
  checkGiven(compilation, call, workflow, inputs);
  return {
    workflow,
    report: compilation.calls?.reports.of(callee.file) ?? compilation.report,
    environment: compilation.environment,
    promptFiles: callee.promptFiles ?? new Map(),
    agents: compilation.agents,
    inputs,
    usedInputs: new Set(),
    base: `${address}/`,
    calls: compilation.calls,
    caller: { compilation, call },
  };
}

function givenInput(
  compilation: Compilation,
  { name, value }: WrittenValue,
  templates: ReadonlyMap<string, Template>,
): GivenInput {
  const literal = value.lines.every((line) => line.every((part) => typeof part === 'string'));
  const text = literal ? value.lines.map((line) => line.join('')).join('\n') : staticAgent(compilation, value);
  const parts = (templates.get(name.text) ?? []).flat();
  const [only] = parts;
  const reference = parts.length === 1 && typeof only === 'object' ? only : undefined;
  const passedOn = reference?.ref === 'input' && compilation.inputs?.get(reference.name)?.agent === true;
  const agent = (reference?.ref === 'step' && reference.field === 'agent') || passedOn;
  return { ...(text !== undefined && { text }), agent };
}

function checkGiven(
  { report }: Compilation,
  call: WorkflowCallStep,
  workflow: Workflow,
  inputs: ReadonlyMap<string, GivenInput>,
): void {
  if (workflow.inputs === undefined) return;
  const known = workflow.inputs.map(({ name }) => name.text);
  for (const { name, value } of call.inputs) {
    const declared = workflow.inputs.find((input) => input.name.text === name.text);
    // a specification is there in any case: giving another one needs no declaration
    if (declared === undefined && name.text === 'spec') continue;
    if (declared === undefined) {
      const otherwise = known.length === 0 ? 'it has no inputs' : `its inputs: ${listed(known, 'and')}`;
      const message = `the workflow ${quote(call.workflow.text)} has no input ${quote(name.text)}`;
      report.error('unknown-input', name.range, message, didYouMean(name.text, known, otherwise));
      continue;
    }
    const text = inputs.get(name.text)?.text;
    const problem = text === undefined ? undefined : inputProblem(declared, text);
    if (problem !== undefined) report.error('input-value', value.range, `the input ${quote(name.text)} ${problem}`);
  }
}

/** Without declared inputs, those are accepted that a placeholder names; another one does nothing. */
function checkUnused(inner: Compilation, call: WorkflowCallStep): void {
  const { workflow, usedInputs, caller } = inner;
  if (workflow.inputs !== undefined) {
    checkUnusedDeclarations(inner);
    return;
  }
  for (const { name } of call.inputs) {
    // a specification is there in any case
    if (usedInputs.has(name.text) || name.text === 'spec') continue;
    const message = `nothing in the workflow ${quote(call.workflow.text)} refers to the input ${quote(name.text)}`;
    const known = [...usedInputs];
    const otherwise = known.length === 0 ? undefined : `it refers to ${listed(known, 'and')}`;
    caller?.compilation.report.warning('unused-input', name.range, message, didYouMean(name.text, known, otherwise));
  }
}
