import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { builtInValidators, builtInWorkflows } from '@pawl/workflow-schema';
import { CliError } from '../exit.ts';
import { didYouMean } from '../refusal.ts';
import type { Shelf } from './shelves.ts';
import { readIfThere, readWorkflow, suffixes, type WorkflowSource } from './workflow-file.ts';

const validators = 'validators/';
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** A workflow by name, or by the path of a YAML file. */
export async function findWorkflow(name: string, shelves: readonly Shelf[], cwd: string): Promise<WorkflowSource> {
  if (/\.ya?ml$/.test(name)) return readWorkflow(resolve(cwd, name), name, basename(name).replace(/\.ya?ml$/, ''));
  if (!isName(name))
    throw new CliError(
      'usage',
      'bad-workflow-name',
      `${JSON.stringify(name)} cannot be the name of a workflow; a path must end in .yaml`,
      'pawl workflows list',
    );
  const found = await lookUp(name, shelves);
  if (found) return found;
  const known = (await listWorkflows(shelves)).map((workflow) => workflow.name);
  const kind = name.startsWith(validators) ? 'validators' : 'workflows';
  const looked = `looked in ${shelves.map(({ shown }) => `${shown}/${kind}`).join(', ')};`;
  const places = shelves.some(({ shown }) => shown === '.pawl') ? looked : `this is no repository; ${looked}`;
  throw new CliError(
    'usage',
    'unknown-workflow',
    `no workflow is named ${name}${didYouMean(name, known)} (${places} known: ${known.join(', ')})`,
    'pawl workflows list',
  );
}

/** From a shelf, else a built-in one; undefined where there is none. `validators/x` stands in a folder of its own. */
export async function lookUp(name: string, shelves: readonly Shelf[]): Promise<WorkflowSource | undefined> {
  if (!isName(name)) return undefined;
  const place = name.startsWith(validators) ? name : `workflows/${name}`;
  for (const { folder, shown, instead } of shelves)
    for (const suffix of suffixes) {
      const file = `${place}${suffix}`;
      const found = await readIfThere(join(folder, file), `${shown}/${file}`, name);
      if (found)
        return instead ? { ...found, hint: moveHint(found.file, `${instead.shown}/${file}`, instead.move) } : found;
    }
  return builtIns.get(name);
}

const moveHint = (file: string, target: string, move: string): string =>
  `${file} is read because there is no ${target}; to keep it for pawl: ${move} ${file} ${target}`;

export const isName = (name: string): boolean => namePattern.test(name) && !name.includes('..');

const builtIns: ReadonlyMap<string, WorkflowSource> = new Map([
  ...Object.entries(builtInWorkflows).map(([name, text]) => builtIn(name, text, 'workflow')),
  ...Object.entries(builtInValidators).map(([name, text]) => builtIn(validators + name, text, 'validator')),
]);

function builtIn(name: string, text: string, what: string): readonly [string, WorkflowSource] {
  return [name, { name, text, file: `built-in ${what} ${name.replace(validators, '')}` }];
}

/** All that can be run or asked here, by name; validators behind the workflows. */
export async function listWorkflows(shelves: readonly Shelf[]): Promise<readonly WorkflowSource[]> {
  const found = new Map<string, WorkflowSource>();
  for (const shelf of shelves)
    for (const kind of ['workflows', 'validators'] as const) {
      const folder = join(shelf.folder, kind);
      for (const entry of await entriesOf(folder)) {
        const suffix = suffixes.find((each) => entry.endsWith(each));
        const own = suffix === undefined ? '' : entry.slice(0, -suffix.length);
        const name = kind === 'validators' ? validators + own : own;
        if (own === '' || !isName(name) || found.has(name)) continue;
        found.set(name, await readWorkflow(join(folder, entry), `${shelf.shown}/${kind}/${entry}`, name));
      }
    }
  for (const [name, source] of builtIns) if (!found.has(name)) found.set(name, source);
  return [...found.values()].sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}

const rank = ({ name }: WorkflowSource): number => (name.startsWith(validators) ? 1 : 0);

/** Files below a folder, with `/`, in order; none where there is no such folder. */
async function entriesOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  return files
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}
