import type { Template } from '@pawl/core';
import { describe, expect, test } from 'vitest';
import { compileWorkflow, parseWorkflow } from '../src/index.ts';
import { environment } from './environment.ts';

/** A root step, a split with two steps and another split in it, and a last step; `at` gets the prompt. */
function compile(at: string, prompt: string) {
  const text = (name: string, indent: number) =>
    `${' '.repeat(indent)}- name: ${name}\n${' '.repeat(indent)}  type: code\n${' '.repeat(indent)}  agent: claude\n` +
    `${' '.repeat(indent)}  prompt: ${name === at ? JSON.stringify(prompt) : 'p'}\n${' '.repeat(indent)}  gate: [compile, "bash: x"]\n`;
  const source =
    `name: x\nsteps:\n${text('first', 2)}  - name: a.b\n    gate: [test]\n  - name: build\n    type: split\n    agent: claude\n    each:\n` +
    `${text('one', 6)}${text('two', 6)}      - name: inner\n        type: split\n        agent: claude\n        each:\n${text('deep', 10)}${text('one.more', 10)}` +
    `${text('last', 2)}`;
  const { workflow, diagnostics } = parseWorkflow({ text: source, file: 'w.yaml' });
  expect(diagnostics).toEqual([]);
  if (workflow === undefined) throw new Error('no workflow');
  const compiled = compileWorkflow(workflow, environment({ inputs: { topic: 't' } }));
  const found = JSON.stringify(compiled.plan?.steps ?? []).match(new RegExp(`"name":"${at}","address":"([^"]*)"`));
  return {
    told: compiled.diagnostics
      .filter(({ code }) => code !== 'unused-input')
      .map(({ code, severity }) => `${severity} ${code}`),
    hints: compiled.diagnostics.map(({ hint }) => hint).join(),
    template: promptAt(compiled.plan?.steps ?? [], at),
    address: found?.[1],
  };
}

type Steps = NonNullable<ReturnType<typeof compileWorkflow>['plan']>['steps'];
function promptAt(steps: Steps, name: string): Template | undefined {
  for (const step of steps) {
    if (!('each' in step)) continue;
    if (step.name === name) return step.prompt;
    const inner = promptAt(step.each, name);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

describe('what a name stands for', () => {
  const step = (address: string, field: string) => ({ ref: 'step', address, field });
  test.each([
    ['first', '{spec}', { ref: 'spec' }],
    ['first', '{attempt}', { ref: 'attempt' }],
    ['first', '{error}', { ref: 'error' }],
    ['first', '{diff}', { ref: 'diff' }],
    ['first', '{output}', { ref: 'output' }],
    ['first', '{topic}', { ref: 'input', name: 'topic' }],
    ['first', '{prev.diff}', { ref: 'prev', field: 'diff' }],
    ['first', '{prev.gate.compile.error}', { ref: 'prev', field: 'gate.compile.error' }],
    ['first', '{gate.compile}', { ref: 'gate', gate: 'compile', field: 'pass' }],
    ['first', '{gate.bash_1.error}', { ref: 'gate', gate: 'bash_1', field: 'error' }],
    ['first', '{first.cost}', step('first', 'cost')],
    ['last', '{first.output}', step('first', 'output')],
    ['last', '{a.b.status}', step('a.b', 'status')],
    ['last', '{a.b.gate.test.error}', step('a.b', 'gate.test.error')],
    ['last', '{build.output}', step('build', 'output')],
    ['one', '{task.name}', { ref: 'task', field: 'name' }],
    ['one', '{gate.task_files.error}', { ref: 'gate', gate: 'task_files', field: 'error' }],
    ['two', '{one.diff}', step('build/one', 'diff')],
    ['two', '{build/one.diff}', step('build/one', 'diff')],
    ['two', '{build.output}', step('build', 'output')],
    ['two', '{first.agent}', step('first', 'agent')],
    ['deep', '{two.session_id}', step('build/two', 'session_id')],
    ['deep', '{inner.output}', step('build/inner', 'output')],
    ['one.more', '{deep.tokens_out}', step('build/inner/deep', 'tokens_out')],
    ['one.more', '{one.more.output}', step('build/inner/one.more', 'output')],
    ['one.more', '{one.gate.bash_1}', step('build/one', 'gate.bash_1')],
  ])('in %s: %s', (at, text, reference) => {
    const { told, template } = compile(at, text);
    expect(told).toEqual([]);
    expect(template).toEqual([[reference]]);
  });
});

describe('what it cannot stand for', () => {
  test.each([
    ['first', '{nothing}', 'error unknown-name'],
    ['first', '{first}', 'error unknown-name'],
    ['first', '{nothing.output}', 'error unknown-name'],
    ['first', '{steps.first.output}', 'error unknown-name'],
    ['first', '{task.name}', 'error task-outside-each'],
    ['last', '{one.output}', 'error ambiguous'],
    ['last', '{build/one.output}', 'error ambiguous'],
    ['one', '{deep.output}', 'error ambiguous'],
    ['first', '{deep.output}', 'error ambiguous'],
    ['one', '{task.title}', 'error unknown-field'],
    ['one', '{task.name.x}', 'error unknown-field'],
    ['last', '{first.outputs}', 'error unknown-field'],
    ['last', '{first.gate}', 'error unknown-field'],
    ['last', '{first.gate.test}', 'error unknown-field'],
    ['last', '{first.gate.compile.text}', 'error unknown-field'],
    ['last', '{first.gate.task_files}', 'error unknown-field'],
    ['last', '{a.b.output}', 'error unknown-field'],
    ['first', '{gate.test}', 'error unknown-field'],
    ['first', '{gate.}', 'error unknown-field'],
    ['first', '{gate.compile.pass.x}', 'error unknown-field'],
    ['first', '{prev.nothing}', 'error unknown-field'],
    ['first', '{first.toString}', 'error unknown-field'],
    ['first', '{toString}', 'error unknown-name'],
    ['first', '{last.output}', 'warning later-step'],
    ['one', '{two.output}', 'warning later-step'],
    ['one', '{last.output}', 'warning later-step'],
  ])('in %s: %s', (at, text, expected) => {
    expect(compile(at, text).told).toEqual([expected]);
  });

  test('the nearest name is offered', () => {
    expect(compile('last', '{frist.output}').hints).toContain('`first`');
    expect(compile('last', '{first.outptu}').hints).toContain('`output`');
    expect(compile('first', '{gate.complie}').hints).toContain('`compile`');
    expect(compile('first', '{tpoic}').hints).toContain('`topic`');
    expect(compile('first', '{steps.last.output}').hints).toContain('`{last.output}`');
  });
});

describe('where in a scalar', () => {
  const at = (prompt: string, promptLines = 1) => {
    const text = `name: x\nsteps:\n  - name: a\n    type: code\n    agent: claude\n    prompt: ${prompt}\n    gate: [test]\n`;
    const { workflow, diagnostics } = parseWorkflow({ text, file: 'w.yaml' });
    expect(diagnostics).toEqual([]);
    if (workflow === undefined) throw new Error('no workflow');
    const lines = text.split('\n');
    return compileWorkflow(workflow, environment()).diagnostics.map((diagnostic) => {
      expect(diagnostic.line).toBeGreaterThanOrEqual(6);
      expect(diagnostic.line).toBeLessThan(6 + promptLines);
      return lines[diagnostic.line - 1]?.slice(diagnostic.column - 1, diagnostic.endColumn - 1);
    });
  };

  test.each([
    ['plain', 'a {x} b {y}', 1],
    ['plain over lines', 'a {x}\n      b {y}', 2],
    ['double quotes', '"\\"a\\" {x} \\n{y}"', 1],
    ['single quotes', "'it''s {x} {y}'", 1],
    ['quotes over lines', '"a {x}\n\n      b {y}"', 3],
    ['literal', '|\n      a {x}\n\n        b {y}\n', 5],
    ['literal with an indicator', '|2-\n        a {x}\n       {y}', 3],
    ['literal with a comment that has braces', '| # {x}\n      {x}\n      {y}', 3],
    ['folded', '>-\n      a {x}\n      b {y}\n\n      c', 5],
  ])('%s', (_, prompt, lines) => {
    expect(at(prompt, lines)).toEqual(['{x}', '{y}']);
  });

  test('doubled braces beside it do not confuse', () => {
    expect(at('"{{x}} {x} {{{x}}}"')).toEqual(['{x}', '{x}']);
  });

  test('written with an escape: the whole scalar', () => {
    expect(at('"a \\x7bx}"')).toEqual(['"a \\x7bx}"']);
  });
});
