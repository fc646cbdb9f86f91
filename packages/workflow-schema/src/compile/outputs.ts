import type { CallStep, Template } from '@pawl/core';
import { quote } from '../diagnostics/quote.ts';
import { isAgentStep, type WorkflowCallStep } from '../workflow.ts';
import type { Compilation } from './compilation.ts';
import { rootScope } from './scope.ts';
import { compileTemplate } from './template.ts';
import { lastVerdict } from './verdict.ts';

/**
 * What a workflow gives its caller: what it declares, `output` of its last top-level step that has one, and `comments`
 * of its last verdict. One that is asked for a verdict gives this one as `output`.
 */
export function compileOutputs(compilation: Compilation, call: WorkflowCallStep): CallStep['outputs'] {
  const declared = compileDeclared(compilation);
  const { workflow, base, caller } = compilation;
  const judge = lastVerdict(workflow);
  if (call.validator && judge === undefined) {
    const message = `the workflow ${quote(call.workflow.text)} gives no verdict: none of its steps is a \`validate\``;
    const hint = 'a gate needs a workflow whose last verdict decides';
    caller?.compilation.report.error('no-verdict', call.workflow.range, message, hint);
  }
  const last = workflow.steps.findLast((step) => isAgentStep(step) || step.kind === 'call');
  const from = call.validator ? judge : last?.name.text;
  const field = (path: string | undefined, name: string): Template =>
    path === undefined ? [] : [[{ ref: 'step', address: base + path, field: name }]];
  return {
    output: field(from, 'output'),
    ...(judge && { comments: field(judge, 'comments') }),
    ...declared,
  };
}

/** Resolves the outputs of a workflow after its last step. */
export function compileDeclared(compilation: Compilation): Record<string, Template> {
  const { workflow, base } = compilation;
  const scope = rootScope(workflow.steps, workflow.steps.length, base);
  return Object.fromEntries(
    workflow.outputs.map(({ name, value }) => [name.text, compileTemplate(compilation, value, scope, 'outputs')]),
  );
}
