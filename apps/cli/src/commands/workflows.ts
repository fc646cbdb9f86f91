import { displayWidth, pad, plainLine, plainText, wrap } from '@pawl/report';
import { type Diagnostic, parseWorkflow, workflowJsonSchema } from '@pawl/workflow-schema';
import { loadConfig, noConfig } from '../config/load.ts';
import type { WorkflowSource } from '../config/workflow-file.ts';
import { findWorkflow, listWorkflows } from '../config/workflows.ts';
import type { Context } from '../context.ts';
import { CliError, exitCodes } from '../exit.ts';
import { compile, tellDiagnostic } from '../plan.ts';

interface Json {
  readonly json?: boolean;
}
interface Schema extends Json {
  readonly schema?: boolean;
}

export async function listAll(context: Context, options: Schema): Promise<number> {
  const { terminal } = context;
  if (options.schema) return printSchema(context);
  const sources = await listWorkflows(await context.shelves());
  const rows = sources.map(({ name, text, file }) => {
    const { workflow } = parseWorkflow({ text, file });
    return { name, file, valid: workflow !== undefined, description: workflow?.description };
  });
  if (options.json) {
    terminal.print(JSON.stringify({ version: 1, workflows: rows }));
    return exitCodes.passed;
  }
  const { color, width } = terminal.data;
  const wide = Math.max(...rows.map((row) => displayWidth(row.name)));
  for (const { name, file, valid, description } of rows) {
    const from = file.startsWith('built-in') ? 'built-in' : file;
    const about = valid ? (description ?? '') : `not valid: pawl workflows check ${name}`;
    const [first = '', ...more] = wrap(plainLine(`${about} (${from})`), Math.max(20, width - wide - 2));
    const lines = [
      `${color('bold', pad(name, wide))}  ${first}`,
      ...more.map((line) => `${' '.repeat(wide + 2)}${line}`),
    ];
    terminal.print(lines.join('\n'));
  }
  return exitCodes.passed;
}

/** For editors and other tools: what a workflow file may hold. */
function printSchema({ terminal }: Context): number {
  terminal.print(JSON.stringify(workflowJsonSchema(), undefined, 2));
  return exitCodes.passed;
}

export async function show(context: Context, name: string | undefined, options: Schema): Promise<number> {
  const { terminal } = context;
  if (options.schema) return printSchema(context);
  if (name === undefined)
    throw new CliError('usage', 'missingArgument', 'a workflow must be named', 'pawl workflows list');
  const { text, file, hint } = await findWorkflow(name, await context.shelves(), context.cwd);
  if (options.json) terminal.print(JSON.stringify({ version: 1, name, file, text }));
  else {
    terminal.say(terminal.people.color('dim', `# ${file}`));
    if (hint !== undefined) terminal.say(`note: ${hint}`);
    terminal.print(terminal.data.terminal ? plainText(text) : text);
  }
  return exitCodes.passed;
}

/** Everything wrong with the named workflows, or with all of this repository. Exit code 2 when one has an error. */
export async function check(context: Context, names: readonly string[], options: Json): Promise<number> {
  const { terminal, cwd } = context;
  const root = await context.root();
  const config = root === undefined ? noConfig : await loadConfig(root);
  const providers = await context.providers(root);
  const shelves = await context.shelves();
  const sources =
    names.length > 0
      ? await Promise.all(names.map((name) => findWorkflow(name, shelves, cwd)))
      : await listWorkflows(shelves);
  const results = [];
  const told = new Set<string>();
  const severities: Diagnostic['severity'][] = [];
  const all = [];
  for (const source of sources)
    all.push({ source, compiled: await compile(source, { config, providers, inputs: {}, shelves }) });
  // Of a workflow that is well all that it calls is, with what it gives.
  const called = new Set(
    all.flatMap(({ source, compiled: { plan, texts } }) =>
      plan ? [...texts.keys()].filter((file) => file !== source.file) : [],
    ),
  );
  for (const { source, compiled } of all) {
    const diagnostics = compiled.diagnostics
      .filter((diagnostic) => !isLeftToTheRun(diagnostic, source))
      .filter((diagnostic) => !(called.has(source.file) && isLeftToTheCaller(diagnostic, source)))
      .map((diagnostic) => asToldOf(source, diagnostic));
    results.push({ name: source.name, file: source.file, diagnostics });
    // What is wrong in a workflow is wrong once, whoever calls it.
    const fresh = diagnostics.filter((diagnostic) => !told.has(JSON.stringify(diagnostic)));
    for (const diagnostic of fresh) told.add(JSON.stringify(diagnostic));
    severities.push(...fresh.map(({ severity }) => severity));
    if (options.json) continue;
    for (const hint of [...(source.hint === undefined ? [] : [source.hint]), ...compiled.hints])
      terminal.say(`note: ${hint}`);
    for (const diagnostic of fresh) terminal.say(`${tellDiagnostic(diagnostic, compiled)}\n`);
  }
  const errors = severities.filter((severity) => severity === 'error').length;
  const warnings = severities.length - errors;
  if (options.json) terminal.print(JSON.stringify({ version: 1, workflows: results }));
  else {
    const found = [count(errors, 'error'), ...(warnings > 0 ? [count(warnings, 'warning')] : [])].join(', ');
    terminal.say(`${count(sources.length, 'workflow')} checked: ${found}`);
  }
  return errors === 0 ? exitCodes.passed : exitCodes.usage;
}

/** Only a run gives a workflow its inputs. What a workflow leaves out when it calls another one is its own mistake. */
function isLeftToTheRun({ code, file, line, column }: Diagnostic, source: WorkflowSource): boolean {
  if (code !== 'missing-input' || file !== source.file) return false;
  const declared = parseWorkflow(source).workflow?.inputs ?? [];
  return declared.some(({ name }) => name.range.line === line && name.range.column === column);
}

/** A workflow that declares no inputs is given what its names say. */
const isLeftToTheCaller = ({ code, file, message }: Diagnostic, source: WorkflowSource): boolean =>
  code === 'unknown-name' && file === source.file && /^unknown name `\{[^.}]+\}`$/.test(message);

/** A built-in workflow is well; which agents are here is another question. */
const asToldOf = ({ folder }: WorkflowSource, diagnostic: Diagnostic): Diagnostic =>
  folder === undefined && diagnostic.code === 'unknown-agent' ? { ...diagnostic, severity: 'warning' } : diagnostic;

const count = (n: number, what: string): string => (n === 0 ? `no ${what}s` : n === 1 ? `1 ${what}` : `${n} ${what}s`);
