import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { plainLine } from '@pawl/report';
import { parseWorkflow, workflowJsonSchema } from '@pawl/workflow-schema';
import { suffixes } from '../config/workflow-file.ts';
import { findWorkflow, isName } from '../config/workflows.ts';
import type { Context } from '../context.ts';
import { CliError, exitCodes } from '../exit.ts';
import { readTextFile } from '../text-file.ts';

interface NewOptions {
  readonly from?: string;
  readonly json?: boolean;
}

const schemaFile = '.pawl/workflow.schema.json';
const validators = 'validators/';

/** Writes a workflow to begin with, and the schema that an editor completes it by. No file of the user's is replaced. */
export async function create(context: Context, name: string, { from, json }: NewOptions): Promise<number> {
  const { terminal } = context;
  const root = (await context.repository()).root;
  if (!isName(name))
    throw new CliError(
      'usage',
      'bad-workflow-name',
      `${JSON.stringify(name)} cannot be the name of a workflow: it has letters, digits, \`.\`, \`_\` and \`-\`, with \`/\` between parts`,
      'pawl workflows new build',
    );
  const place = join('.pawl', name.startsWith(validators) ? name : `workflows/${name}`);
  for (const suffix of suffixes) await refuseThere(root, `${place}${suffix}`, name);
  const file = `${place}.yaml`;
  const schema = relative(dirname(file), schemaFile);
  const text = `# yaml-language-server: $schema=${schema}\n${await textOf(context, name, from)}`;
  await mkdir(join(root, dirname(file)), { recursive: true });
  await writeFile(join(root, file), text, { flag: 'wx' });
  await writeFile(join(root, schemaFile), `${JSON.stringify(workflowJsonSchema(), undefined, 2)}\n`);
  if (json) terminal.print(JSON.stringify({ version: 1, name, file, schema: schemaFile }));
  else
    terminal.say(
      `${plainLine(file)} is written; an editor completes it by ${schemaFile}\n\n  pawl workflows check ${name}`,
    );
  return exitCodes.passed;
}

async function refuseThere(root: string, file: string, name: string): Promise<void> {
  if ((await readTextFile(join(root, file), 1)).found === 'absent') return;
  throw new CliError('usage', 'file-exists', `${file} is there already`, `pawl workflows show ${name}`);
}

/** Of another workflow its text with the new name; else one to begin with. */
async function textOf(context: Context, name: string, from: string | undefined): Promise<string> {
  const own = basename(name);
  if (from === undefined) return name.startsWith(validators) ? validator(own) : workflow(own);
  const { text, file } = await findWorkflow(from, await context.shelves(), context.cwd);
  const written = parseWorkflow({ text, file }).workflow?.name.range;
  const lines = text.split('\n').filter((line) => !line.startsWith('# yaml-language-server:'));
  const cut = text.split('\n').length - lines.length;
  if (!written) return lines.join('\n');
  const at = written.line - 1 - cut;
  return lines.map((line, index) => (index === at ? `name: ${own}` : line)).join('\n');
}

const workflow = (name: string): string => `name: ${name}
description: One agent does what the specification asks for, and the tests must pass.
max_budget: 5

steps:
  - name: build
    type: code
    agent: claude-sonnet
    prompt: |
      {spec}
    gate: [compile, test]
    retry:
      - exit: 3
`;

const validator = (name: string): string => `name: ${name}
description: Judges a change. Give it the \`diff\`.

inputs:
  diff: { description: The change. }

steps:
  - name: review
    type: validate
    agent: claude-opus
    prompt: |
      Judge this change against the specification; do not change anything.

      {spec}

      The change:
      {diff}
`;
