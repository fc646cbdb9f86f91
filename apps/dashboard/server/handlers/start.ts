import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '@pawl/core';
import { builtInValidators, builtInWorkflows, parseWorkflow } from '@pawl/workflow-schema';
import type { Acted, Repository, StartForm, WorkflowInput, WorkflowRow } from '../../wire.ts';
import { optionalName, optionalText } from '../acting/asked.ts';
import { option, typed } from '../acting/words.ts';
import { badRequest, notFound } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { repositoriesOf } from '../me.ts';
import { planPageOf } from '../plan/plan-page.ts';

export async function repositoryById(house: House, id: unknown): Promise<Repository> {
  const found = (await repositoriesOf(house)).find((one) => one.id === id);
  if (found) return found;
  throw notFound('repository of that id');
}

/** What a run can be begun with here. */
export async function readStart(house: House, { params }: Request): Promise<Answer> {
  const repository = await repositoryById(house, params.repository);
  const [workflows, specs, agents] = await Promise.all([
    workflowsOf(house, repository),
    specsOf(repository.path),
    agentsOf(house, repository.path),
  ]);
  return ok({ repository, workflows, specs, agents } satisfies StartForm);
}

interface Listed {
  readonly name: string;
  readonly file: string;
  readonly valid: boolean;
  readonly description?: string;
}

export async function workflowsOf(house: House, { path }: Repository): Promise<readonly WorkflowRow[]> {
  const told = (await house.pawl.call(['workflows', 'list'], path)) as { readonly workflows: readonly Listed[] };
  return Promise.all(told.workflows.map(async (one) => rowOf(one, await textOf(path, one))));
}

const built: ReadonlyMap<string, string> = new Map(
  [
    ...Object.entries(builtInWorkflows),
    ...Object.entries(builtInValidators).flatMap(
      ([name, text]) =>
        [
          [name, text],
          [`validators/${name}`, text],
        ] as const,
    ),
  ].map(([name, text]) => [name, text]),
);

/** Of a workflow that pawl listed: built in, or a file of the repository. */
export async function textOf(root: string, { name, file }: Pick<Listed, 'name' | 'file'>): Promise<string> {
  const own = file.startsWith('built-in')
    ? built.get(name)
    : await readFile(join(root, file), 'utf8').catch(() => undefined);
  if (own !== undefined) return own;
  throw notFound(`text of the workflow ${name}`);
}

export function rowOf({ name, file, valid, description }: Listed, text: string): WorkflowRow {
  const { workflow } = parseWorkflow({ text, file });
  const inputs = (workflow?.inputs ?? []).map(
    (input): WorkflowInput => ({
      name: input.name.text,
      type: input.type,
      required: input.default === undefined,
      ...(input.default !== undefined && { default: input.default }),
      ...(input.values.length > 0 && { values: input.values }),
      ...(input.description !== undefined && { description: input.description }),
    }),
  );
  return {
    name,
    file,
    builtIn: file.startsWith('built-in'),
    valid,
    ...(description !== undefined && { description }),
    inputs,
  };
}

const folders = ['', 'spec', 'specs', 'docs', 'doc', '.pawl/specs'];
const mostSpecs = 200;
const mostSpecBytes = 1024 * 1024;

/** Texts that may say what shall be built, each by an id. */
async function specsOf(root: string): Promise<StartForm['specs']> {
  const found = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
      return entries
        .filter((entry) => entry.isFile() && /\.(md|markdown|txt)$/i.test(entry.name))
        .map((entry) => (folder === '' ? entry.name : `${folder}/${entry.name}`));
    }),
  );
  const paths = found.flat().slice(0, mostSpecs);
  const sizes = await Promise.all(paths.map((path) => stat(join(root, path)).catch(() => undefined)));
  return paths.flatMap((path, index) =>
    (sizes[index]?.size ?? Number.POSITIVE_INFINITY) > mostSpecBytes
      ? []
      : [{ id: createHash('sha256').update(path).digest('hex').slice(0, 16), path }],
  );
}

interface Agents {
  readonly agents: readonly {
    readonly name: string;
    readonly provider: string;
    readonly problem?: { readonly message?: string } | string;
  }[];
  readonly adapters: readonly {
    readonly provider: string;
    readonly title: string;
    readonly models: Readonly<Record<string, string>>;
    /** Absent: it can only be used under a name that gives its options. */
    readonly probe?: { readonly found?: boolean; readonly hint?: string };
  }[];
}

/** Those that the repository names, then those that every adapter brings. */
async function agentsOf(house: House, path: string): Promise<StartForm['agents']> {
  const { agents, adapters } = (await house.pawl.call(['agents'], path)) as Agents;
  const own = agents.map(({ name, provider, problem }) => {
    const note = typeof problem === 'string' ? problem : problem?.message;
    return { name, title: provider, usable: problem === undefined, ...(note !== undefined && { note }) };
  });
  const brought = adapters.flatMap(({ provider, title, models, probe }) => {
    if (probe === undefined) return [];
    return [provider, ...Object.keys(models).map((model) => `${provider}-${model}`)].map((name) => ({
      name,
      title,
      usable: probe.found ?? false,
      ...(probe.hint !== undefined && { note: probe.hint }),
    }));
  });
  return [...own, ...brought];
}

interface Words {
  readonly repository: Repository;
  /** The words of `pawl run`, with the file that the specification lies in. */
  readonly words: (spec: string) => readonly string[];
  readonly spec: { readonly text: string } | { readonly file: string };
  /** As a person would type it. */
  readonly command: string;
}

/** From what the page asks to the words of `pawl run`. Names are looked up; values stand behind a `=` of their own. */
async function wordsOf(house: House, body: unknown): Promise<Words> {
  const asked = (body ?? {}) as Readonly<Record<string, unknown>>;
  const repository = await repositoryById(house, asked.repository);
  const workflows = await workflowsOf(house, repository);
  const workflow = workflows.find(({ name }) => name === asked.workflow);
  if (!workflow) throw notFound('workflow of that name here');
  const spec = await specOf(repository.path, asked.spec);
  const inputs = Object.entries((asked.inputs ?? {}) as Readonly<Record<string, unknown>>).map(([name, value]) => {
    if (!workflow.inputs.some((input) => input.name === name)) throw badRequest(`the workflow has no input ${name}`);
    return [name, optionalText(value, name)] as const;
  });
  const { agent } = optionalName(asked.agent, 'agent');
  const words = (file: string): readonly string[] => [
    'run',
    workflow.name,
    `--spec=${file}`,
    ...option('agent', agent),
    ...inputs.flatMap(([name, value]) => (value === undefined ? [] : [`--set=${name}=${value}`])),
    ...textsOf(asked.pauseAfter, 'a step to pause after').map((step) => `--pause-after=${step}`),
    ...textsOf(asked.tags, 'a tag').map((tag) => `--tag=${tag}`),
  ];
  return { repository, words, spec, command: typed(words('file' in spec ? spec.file : 'spec.md')) };
}

const mostTexts = 50;

function textsOf(value: unknown, name: string): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > mostTexts) throw badRequest(`${name}: at most ${mostTexts} texts`);
  return value.flatMap((one) => optionalText(one, name) ?? []);
}

async function specOf(root: string, asked: unknown): Promise<Words['spec']> {
  const spec = (asked ?? {}) as { readonly text?: unknown; readonly file?: unknown };
  if (spec.file !== undefined) {
    const found = (await specsOf(root)).find(({ id }) => id === spec.file);
    if (!found) throw notFound('such file for a specification');
    return { file: found.path };
  }
  const text = typeof spec.text === 'string' && spec.text.length <= mostSpecBytes ? spec.text : '';
  if (text.trim() === '') throw badRequest('a run needs a specification: what shall be built?');
  return { text };
}

/** What is written in the page becomes a file for as long as the command reads it. */
const withSpec = <T>(
  house: House,
  { spec, words }: Words,
  use: (words: readonly string[]) => Promise<T>,
): Promise<T> =>
  'file' in spec ? use(words(spec.file)) : house.texts.during(spec.text, 'md', (file) => use(words(file)));

/** The plan of a run that has not begun. */
export async function dryRun(house: House, { body }: Request): Promise<Answer> {
  const asked = await wordsOf(house, body);
  const { repository, command } = asked;
  const plan = await withSpec(house, asked, (words) => house.pawl.call([...words, '--dry-run'], repository.path));
  return ok(planPageOf(plan as Plan, [], command));
}

export async function startRun(house: House, { body, user }: Request): Promise<Answer> {
  const asked = await wordsOf(house, body);
  const { repository, command } = asked;
  const note = (outcome: string, on = '') =>
    house.audit.note({ user: user.name, role: user.role, action: 'start', on, command, outcome });
  try {
    const begun = await withSpec(house, asked, (words) => house.pawl.begin(words, repository.path, { by: user }));
    const { run } = begun as { readonly run?: string };
    note('started', run ?? '');
    return ok({ how: 'started', text: 'it has begun', command, ...(run !== undefined && { run }) } satisfies Acted);
  } catch (error) {
    note(`refused: ${error instanceof Error ? error.message.slice(0, 500) : ''}`);
    throw error;
  }
}
