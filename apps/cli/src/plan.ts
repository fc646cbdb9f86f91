import { resolve } from 'node:path';
import type { Plan, WorkflowPlan } from '@pawl/core';
import {
  compileWorkflow,
  type Diagnostic,
  formatDiagnostic,
  parseWorkflow,
  type StepEdit,
} from '@pawl/workflow-schema';
import type { Repository } from '@pawl/worktree';
import { readCallees, readPrompts } from './config/callees.ts';
import type { Config } from './config/load.ts';
import type { Shelf } from './config/shelves.ts';
import type { WorkflowSource } from './config/workflow-file.ts';
import { CliError } from './exit.ts';
import type { Providers } from './providers.ts';
import { readTextFile, whyNot } from './text-file.ts';

export interface CompileRequest {
  readonly config: Config;
  readonly providers: Providers;
  readonly inputs: Readonly<Record<string, string>>;
  readonly agentOverride?: string;
  /** By the address of a step. */
  readonly edits?: Readonly<Record<string, StepEdit>>;
  /** Where called workflows are looked for besides the built-in ones. */
  readonly shelves: readonly Shelf[];
}

export interface Compiled {
  readonly plan?: WorkflowPlan;
  readonly diagnostics: readonly Diagnostic[];
  /** Text of every file that a diagnostic may be of. */
  readonly texts: ReadonlyMap<string, string>;
  /** What the owner of a called workflow should know of where it was found. */
  readonly hints: readonly string[];
}

/** A workflow's text to its plan, with everything that is wrong with it. */
export async function compile(source: WorkflowSource, request: CompileRequest): Promise<Compiled> {
  const { installed, missing } = request.providers;
  const texts = new Map([[source.file, source.text]]);
  const parsed = parseWorkflow({ text: source.text, file: source.file });
  if (!parsed.workflow) return { ...parsed, texts, hints: [] };
  const callees = await readCallees(parsed.workflow, request.shelves);
  for (const callee of callees.values()) texts.set(callee.file, callee.text);
  const compiled = compileWorkflow(parsed.workflow, {
    promptFiles: await readPrompts(source, parsed.workflow),
    providers: Object.fromEntries([...installed].map(([id, { models }]) => [id, { models }])),
    installable: Object.fromEntries(missing.map(({ id, install }) => [id, install])),
    agents: request.config.agents,
    inputs: request.inputs,
    workflows: (name) => callees.get(name),
    capabilities: ({ provider }) => installed.get(provider)?.capabilities,
    ...(request.agentOverride !== undefined && { agentOverride: request.agentOverride }),
    ...(request.edits && { edits: request.edits }),
  });
  const hints = [...new Set([...callees.values()].flatMap(({ hint }) => hint ?? []))];
  return { ...compiled, diagnostics: [...parsed.diagnostics, ...compiled.diagnostics], texts, hints };
}

/** As a good compiler prints it, in the file that it is of. */
export const tellDiagnostic = (diagnostic: Diagnostic, { texts }: Pick<Compiled, 'texts'>): string =>
  formatDiagnostic(diagnostic, texts.get(diagnostic.file) ?? '');

/** The plan, or a refusal that shows every error where it stands. */
export async function compileOrRefuse(
  source: WorkflowSource,
  request: CompileRequest,
): Promise<Compiled & { plan: WorkflowPlan }> {
  const compiled = await compile(source, request);
  const errors = compiled.diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (compiled.plan && errors.length === 0) return { ...compiled, plan: compiled.plan };
  const shown = errors.map((diagnostic) => tellDiagnostic(diagnostic, compiled)).join('\n\n');
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`;
  const files = [...new Set(errors.map(({ file }) => file))];
  const where = files.length === 1 ? files.join('') : `${source.file} and what it calls`;
  throw new CliError('usage', 'invalid-workflow', `${shown}\n\n${count} in ${where}`, undefined, {
    diagnostics: compiled.diagnostics.map((diagnostic) => ({ ...diagnostic })),
  });
}

export interface Specification {
  readonly text: string;
  /** As the user wrote it. */
  readonly source: string;
}

const maxSpecBytes = 1024 * 1024;

/** The specification as text. Each refusal says what to give instead. */
export async function readSpec(path: string | undefined, cwd: string): Promise<Specification> {
  if (path === undefined)
    throw new CliError(
      'usage',
      'no-spec',
      'a run needs a specification: a text file that says what shall be built',
      'pawl run <workflow> --spec spec.md',
    );
  const file = await readTextFile(resolve(cwd, path), maxSpecBytes);
  if (file.found === 'too-large')
    throw new CliError(
      'usage',
      'spec-too-large',
      `the specification ${path} is larger than 1 MB`,
      'describe the change and name the files to read',
    );
  if (file.found !== 'text')
    throw new CliError('usage', 'no-spec', `cannot read the specification ${path}: ${whyNot(file, '1 MB')}`);
  if (!file.text.trim())
    throw new CliError('usage', 'empty-spec', `the specification ${path} is empty: write into it what shall be built`);
  return { text: file.text, source: path };
}

export function completePlan(
  compiled: WorkflowPlan,
  spec: Specification,
  repository: Repository,
  config: Config,
  given: NonNullable<Plan['given']>,
): Plan {
  const { agents: _, providers: __, ...settings } = config;
  const { root, head } = repository;
  return {
    ...compiled,
    planVersion: 1,
    spec,
    base: { commit: head.commit, ...(head.branch !== undefined && { branch: head.branch }), repository: root },
    settings,
    ...(Object.keys(given).length > 0 && { given }),
  };
}
