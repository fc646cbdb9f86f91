import { expect } from 'vitest';
import { type CompileEnvironment, compileWorkflow, type Diagnostic, parseWorkflow } from '../src/index.ts';
import { environment } from './environment.ts';

/** Both halves of the way from text to plan. */
export function compileText(text: string, over: Partial<CompileEnvironment> = {}) {
  const { workflow, diagnostics } = parseWorkflow({ text, file: 'w.yaml' });
  if (workflow === undefined) return { plan: undefined, diagnostics };
  const compiled = compileWorkflow(workflow, environment(over));
  return { plan: compiled.plan, diagnostics: [...diagnostics, ...compiled.diagnostics] };
}

export function planOf(text: string, over: Partial<CompileEnvironment> = {}) {
  const { plan, diagnostics } = compileText(text, over);
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

/** What is told of a text, each as `severity code`. */
export function toldOf(text: string, over: Partial<CompileEnvironment> = {}): string[] {
  return compileText(text, over).diagnostics.map(({ severity, code }) => `${severity} ${code}`);
}

/** The text that a diagnostic points at. */
export function pointed(text: string, { line, column, endColumn }: Diagnostic): string {
  return (text.split('\n')[line - 1] ?? '').slice(column - 1, endColumn - 1);
}

export const workflow = (steps: string, root = ''): string => `name: x\n${root}steps:\n${steps}`;
/** One step on a line, with what else it has. */
export const code = (name: string, more = '', indent = 2): string =>
  `${' '.repeat(indent)}- { name: ${name}, type: code, agent: claude, prompt: p${more} }\n`;
