import type { Reference } from '@pawl/core';
import { didYouMean } from '../diagnostics/nearest.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Compilation } from './compilation.ts';
import { type Scope, visibleSteps } from './scope.ts';
import type { Tell } from './tell.ts';

/** Given, or declared: one that is declared and not given is told where it is missing. */
export function hasInput({ inputs, workflow }: Compilation, name: string): boolean {
  return inputs?.has(name) === true || workflow.inputs?.some((input) => input.name.text === name) === true;
}

export function useInput({ usedInputs }: Compilation, name: string): Reference {
  usedInputs.add(name);
  return { ref: 'input', name };
}

/** A placeholder without a dot. */
export function resolveInput(compilation: Compilation, name: string, scope: Scope, told: Tell): Reference | undefined {
  const { inputs, workflow, caller } = compilation;
  if (inputs === undefined || hasInput(compilation, name)) return useInput(compilation, name);
  if (visibleSteps(scope).some(({ step, direct }) => direct && step.name.text === name)) {
    return told('unknown-name', `\`{${name}}\` is a step; say which of its fields`, `such as \`{${name}.output}\``);
  }
  if (caller && workflow.inputs === undefined) return missingInput(compilation, name);
  compilation.usedInputs.add(name);
  const known = [...new Set(['spec', 'attempt', 'error', 'diff', 'output', ...inputs.keys(), ...names(compilation)])];
  const way = workflow.inputs ? 'declare it in `inputs`' : `give it with \`--set ${name}=…\``;
  const otherwise = `${way}, or write \`{{${name}}}\` for literal braces`;
  return told('unknown-name', `unknown name \`{${name}}\``, didYouMean(name, known, otherwise));
}

/** The caller does not give what the workflow speaks of: told once, where it is called. */
export function missingInput(compilation: Compilation, name: string): undefined {
  const { caller } = compilation;
  if (caller === undefined) return undefined;
  compilation.usedInputs.add(name);
  const { call } = caller;
  const message = `the workflow ${quote(call.workflow.text)} needs the input ${quote(name)}`;
  caller.compilation.report.error('missing-input', call.workflow.range, message, `give it: \`${name}: …\``);
  return undefined;
}

const names = ({ workflow }: Compilation): string[] => (workflow.inputs ?? []).map(({ name }) => name.text);
