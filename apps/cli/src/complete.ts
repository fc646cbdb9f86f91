import type { Command } from 'commander';
import { listWorkflows } from './config/workflows.ts';
import type { Context } from './context.ts';
import { listRuns, readRun } from './runs.ts';

/** The words that may stand at the last place; none: anything may, such as a file. Quiet about what goes wrong. */
export async function complete(
  program: Command,
  words: readonly string[],
  context: Context,
): Promise<readonly string[]> {
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  let command = program;
  let given = 0;
  for (const word of before) {
    const child = command.commands.find((each) => each.name() === word);
    if (child) command = child;
    else if (!word.startsWith('-')) given += 1;
  }
  const candidates = await candidatesFor(command, given, before, last, context).catch(() => []);
  return candidates.filter((word) => word.startsWith(last));
}

async function candidatesFor(
  command: Command,
  given: number,
  before: readonly string[],
  last: string,
  context: Context,
): Promise<readonly string[]> {
  const option = command.options.find(({ long, short }) => [long, short].includes(before.at(-1)));
  if (option && (option.required || option.optional)) return valuesOf(option.long ?? '', before, context);
  if (last.startsWith('-')) return [...command.options.flatMap(({ long }) => long ?? []), '--help'];
  if (command.commands.length > 0) return command.commands.map((child) => child.name());
  const argument = command.registeredArguments[given]?.name();
  if (argument === 'run') return runs(context);
  if (argument === 'workflow' || argument === 'name' || argument === 'names') return workflows(context);
  return argument === 'shell' ? ['bash', 'zsh', 'fish', 'powershell'] : [];
}

async function valuesOf(option: string, before: readonly string[], context: Context): Promise<readonly string[]> {
  if (option === '--run') return runs(context);
  if (option === '--choice') return ['continue', 'retry', 'edited', 'abort'];
  if (option === '--format') return ['text', 'json', 'markdown', 'html'];
  if (option !== '--step' && option !== '--detail' && option !== '--from-step') return [];
  const named = before.find((word) => /^\d{6}-\d{4}-/.test(word));
  return Object.keys((await readRun(context, { id: named })).state.steps);
}

const runs = async (context: Context): Promise<readonly string[]> => {
  const root = await context.root();
  return (await listRuns(context, { limit: 50, ...(root !== undefined && { repository: root }) })).map(({ id }) => id);
};

const workflows = async (context: Context): Promise<readonly string[]> =>
  (await listWorkflows(await context.shelves())).map(({ name }) => name);
