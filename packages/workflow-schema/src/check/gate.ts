import type { Range } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import type { Entry, ScalarNode } from '../parse/node.ts';
import { percent } from '../shape/scalars.ts';
import type { WorkflowCallStep, WorkflowGate, WorkflowStep } from '../workflow.ts';
import { checkWorkflowName, plainCall } from './call.ts';
import type { Check } from './check.ts';
import { globProblem } from './glob.ts';
import { checkedValue, listOf } from './values.ts';
import { knownGates, readGate, type WrittenGate } from './written-gate.ts';

const bare = ['compile', 'test', 'lint', 'tests_found'] as const;

export function checkGates(check: Check, entry: Entry | undefined, kind: WorkflowStep['kind']): WorkflowGate[] {
  if (entry === undefined) return [];
  const list = listOf(check, entry, 'write a list, such as `gate: [compile, test]`');
  const written = (list?.items ?? []).map((item) => readGate(check, item));
  // a validator never takes the name of a gate that needs no argument
  const taken = new Set<string>(written.flatMap((gate) => (gate && gate.argument === undefined ? [gate.word] : [])));
  const bareNames = new Set<string>();
  return written.flatMap((gate, index): WorkflowGate[] => {
    const checked = gate && checkGate(check, gate, kind);
    if (gate === undefined || checked === undefined) return [];
    if (checked.kind === 'validate') {
      const own = validatorName(checked.call.workflow.text);
      const name = taken.has(own) ? `${own}_${index}` : own;
      taken.add(name);
      return [{ ...checked, name, call: { ...checked.call, name: { ...checked.call.name, text: name } } }];
    }
    // the first without an argument has its word as its name, all others their place
    const first = gate.argument === undefined && !bareNames.has(gate.word);
    if (first) bareNames.add(gate.word);
    return [{ name: first ? gate.word : `${gate.word}_${index}`, ...checked }];
  });
}

/** `validators/arch-review` is the gate `review`: what follows the last hyphen of the last segment. */
export function validatorName(workflow: string): string {
  const segment = workflow.slice(workflow.lastIndexOf('/') + 1);
  return segment.slice(segment.lastIndexOf('-') + 1).replaceAll('.', '_') || segment.replaceAll(/[^A-Za-z0-9_]/g, '_');
}

// Distributes, so that each kind keeps its own fields.
type Unnamed<Gate> = Gate extends WorkflowGate ? Omit<Gate, 'name'> : never;

function checkGate(check: Check, written: WrittenGate, kind: WorkflowStep['kind']): Unnamed<WorkflowGate> | undefined {
  const { word, range, argument } = written;
  const bareWord = bare.find((candidate) => candidate === word);
  if (bareWord !== undefined) {
    if (argument === undefined) return { kind: bareWord };
    check.report.error(
      'invalid-value',
      argument.range,
      `the gate ${quote(word)} takes no argument`,
      `write \`- ${word}\`; for a command of your own \`- bash: …\``,
    );
    return undefined;
  }
  if (word === 'schema') return checkSchema(check, range, argument, kind);
  const what = needs[word];
  if (what === undefined) {
    const hint = didYouMean(word, knownGates, `known gates: ${listed(knownGates, 'and')}; or \`- bash: …\``);
    check.report.error('unknown-value', range, `unknown gate ${quote(word)}`, hint);
    return undefined;
  }
  if (argument === undefined || argument.text.trim() === '') {
    const at = argument?.range ?? range;
    check.report.error(
      'missing-value',
      at,
      `the gate ${quote(word)} needs ${what}`,
      `write \`- ${word}: ${word === 'coverage' ? '80' : '"…"'}\``,
    );
    return undefined;
  }
  if (word === 'bash') return { kind: word, command: argument.text };
  if (word === 'coverage') return checkCoverage(check, argument);
  if (word === 'validate') {
    const call = checkValidate(check, written, argument);
    return call && { kind: word, call };
  }
  const problem = globProblem(argument.text);
  if (problem !== undefined) check.report.error('invalid-value', argument.range, problem);
  return { kind: word === 'touched' ? word : 'untouched', glob: argument.text };
}

const needs: Readonly<Record<string, string>> = {
  bash: 'a command',
  touched: 'a glob',
  untouched: 'a glob',
  coverage: 'a number of percent',
  validate: 'the name of a workflow',
};

type Argument = NonNullable<WrittenGate['argument']>;

function checkCoverage(check: Check, { text, range }: Argument): Unnamed<WorkflowGate> | undefined {
  const value: ScalarNode = { kind: 'scalar', range, value: text, text, body: { text: '', offset: 0 } };
  const atLeast = checkedValue(check, { key: 'coverage', keyRange: range, value }, percent);
  return atLeast === undefined ? undefined : { kind: 'coverage', atLeast };
}

function checkValidate(check: Check, { range, inputs }: WrittenGate, argument: Argument): WorkflowCallStep | undefined {
  const { text, range: at } = argument;
  const value: ScalarNode = { kind: 'scalar', range: at, value: text, text, body: { text: '', offset: 0 } };
  const workflow = checkWorkflowName(check, { key: 'validate', keyRange: range, value });
  return workflow && plainCall({ name: { text: '', range }, workflow, validator: true, inputs });
}

function checkSchema(
  check: Check,
  range: Range,
  argument: WrittenGate['argument'],
  kind: WorkflowStep['kind'],
): Unnamed<WorkflowGate> | undefined {
  if (kind === 'code') return schemaOfCode(check, argument);
  if (kind !== 'split' && kind !== 'validate') {
    const message = `\`schema\` checks the tasks of a split or the verdict of a validate; ${schemaless[kind]} has neither`;
    const hint = kind === 'artifact' ? 'write `output` with a JSON Schema: it is always checked' : undefined;
    check.report.error('misplaced', range, message, hint);
    return undefined;
  }
  const expected = kind === 'split' ? 'plan' : 'review';
  if (argument === undefined || argument.text === expected)
    return { kind: 'schema', schema: kind === 'split' ? 'tasks' : 'verdict' };
  const message = `\`schema\` of a ${kind} is ${quote(expected)}, not ${quote(argument.text)}`;
  check.report.error('unknown-value', argument.range, message, `write \`schema: ${expected}\`, or \`schema\` alone`);
  return undefined;
}

/** It then gives what the gate asks for. */
function schemaOfCode(check: Check, argument: WrittenGate['argument']): Unnamed<WorkflowGate> | undefined {
  const text = argument?.text ?? 'plan';
  if (text === 'plan' || text === 'review') return { kind: 'schema', schema: text === 'plan' ? 'tasks' : 'verdict' };
  const message = `\`schema\` is \`plan\` or \`review\`, not ${quote(text)}`;
  if (argument) check.report.error('unknown-value', argument.range, message);
  return undefined;
}

const schemaless = {
  gate: 'a step without an agent',
  artifact: 'an artifact',
  group: 'a group',
  call: 'a call',
} as const;
