import { inputProblem } from '../check/input-value.ts';
import { didYouMean, nearest } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import { givenNameRule, inputNameRule } from '../shape/scalars.ts';
import type { Workflow } from '../workflow.ts';
import type { Compilation, GivenInput } from './compilation.ts';
import { specialNames } from './reference.ts';

/** The values a run starts with: those given with `--set`, else the defaults. */
export function startInputs(
  { inputs = [] }: Workflow,
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const defaults = inputs.flatMap(({ name, default: preset }) => (preset === undefined ? [] : [[name.text, preset]]));
  return { ...Object.fromEntries(defaults), ...given };
}

export const knownInputs = (values: Readonly<Record<string, string>>): ReadonlyMap<string, GivenInput> =>
  new Map(Object.entries(values).map(([name, text]) => [name, { text, agent: false }]));

/** Values of `--set`: they have no place in the file, so the workflow's name is pointed at. */
export function checkInputs(compilation: Compilation): void {
  const { workflow, environment } = compilation;
  const given = environment?.inputs ?? {};
  if (workflow.inputs === undefined) checkFree(compilation, Object.keys(given));
  else checkDeclared(compilation, workflow.inputs, given);
}

function checkFree({ report, workflow, usedInputs }: Compilation, names: readonly string[]): void {
  for (const name of names) {
    if (specialNames.includes(name)) {
      const message = `the input ${quote(name)} cannot be set: \`{${name}}\` has a meaning of its own`;
      report.error('input-name', workflow.name.range, message, 'give it another name, or declare it in `inputs`');
    } else if (!inputNameRule.test(name)) {
      const message = `the name of an input starts with a letter or \`_\` and has letters, digits, \`_\` and \`-\`, not ${quote(name)}`;
      report.error('input-name', workflow.name.range, message);
    } else if (!usedInputs.has(name)) {
      const near = nearest(name, usedInputs);
      const hint = near === undefined ? undefined : `it refers to \`{${near}}\``;
      const message = `nothing in the workflow refers to the input ${quote(name)}`;
      report.warning('unused-input', workflow.name.range, message, hint);
    }
  }
}

function checkDeclared(
  compilation: Compilation,
  declared: NonNullable<Workflow['inputs']>,
  given: Readonly<Record<string, string>>,
): void {
  const { report, workflow } = compilation;
  const known = declared.map(({ name }) => name.text);
  for (const [name, text] of Object.entries(given)) {
    const input = declared.find((candidate) => candidate.name.text === name);
    const problem = input && inputProblem(input, text);
    if (problem !== undefined) {
      report.error('input-value', input?.name.range ?? workflow.name.range, `the input ${quote(name)} ${problem}`);
    } else if (input === undefined && givenNameRule.test(name)) {
      const hint = didYouMean(
        name,
        known,
        known.length === 0 ? 'it has no inputs' : `its inputs: ${listed(known, 'and')}`,
      );
      report.error('unknown-input', workflow.name.range, `the workflow has no input ${quote(name)}`, hint);
    } else if (input === undefined) {
      report.error('input-name', workflow.name.range, `${quote(name)} cannot be the name of an input`);
    }
  }
  for (const { name, default: preset } of declared) {
    if (preset !== undefined || Object.hasOwn(given, name.text)) continue;
    const hint = `give it with \`--set ${name.text}=…\`, or a \`default\``;
    report.error('missing-input', name.range, `the input ${quote(name.text)} is not given`, hint);
  }
  checkUnusedDeclarations(compilation);
}

export function checkUnusedDeclarations({ workflow, usedInputs, report }: Compilation): void {
  for (const { name } of workflow.inputs ?? []) {
    if (usedInputs.has(name.text)) continue;
    report.warning('unused-input', name.range, `nothing in the workflow refers to the input ${quote(name.text)}`);
  }
}
