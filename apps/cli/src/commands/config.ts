import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { displayWidth, pad, plainLine } from '@pawl/report';
import { parse } from 'yaml';
import { configKeys, entriesOf, valueAt, withValue } from '../config/edit.ts';
import { configName, loadConfig } from '../config/load.ts';
import type { Context } from '../context.ts';
import { CliError, exitCodes } from '../exit.ts';
import { didYouMean } from '../refusal.ts';
import { readTextFile, whyNot } from '../text-file.ts';

interface Json {
  readonly json?: boolean;
}

/** One value of the repository's configuration. */
export async function get(context: Context, path: string, options: Json): Promise<number> {
  const { root } = await context.repository();
  const text = await textOf(root);
  const value = valueAt(text, path);
  if (value === undefined) throw notSet(path, text);
  context.terminal.print(options.json ? JSON.stringify({ version: 1, key: path, value }) : told(value));
  return exitCodes.passed;
}

function notSet(path: string, text: string): CliError {
  const set = entriesOf(parse(text, { logLevel: 'error' }) ?? {}).map(([key]) => key);
  const near = didYouMean(path, [...configKeys, ...set]);
  const hint = near === '' ? `pawl config set ${path} <value>` : 'pawl config list';
  return new CliError('usage', 'not-set', `${path} is not set in ${configName}${near}`, hint);
}

/** Puts one value; comments and order of the file stay. */
export async function set(
  context: Context,
  path: string,
  value: string | undefined,
  options: Json & { readonly unset?: boolean },
): Promise<number> {
  const { root } = await context.repository();
  if ((value === undefined) === !options.unset)
    throw new CliError('usage', 'missingArgument', 'give a value, or --unset', 'pawl help config set');
  const next = withValue(await textOf(root), path, value, configName);
  await replace(join(root, configName), next);
  const now = valueAt(next, path);
  if (options.json) context.terminal.print(JSON.stringify({ version: 1, key: path, value: now ?? null }));
  else context.terminal.say(now === undefined ? `${path} is not set any more` : `${path} is ${plainLine(told(now))}`);
  return exitCodes.passed;
}

/** All that is set, and what holds where nothing is. */
export async function list(context: Context, options: Json): Promise<number> {
  const { terminal } = context;
  const { root } = await context.repository();
  const text = await textOf(root);
  const own = entriesOf(parse(text, { logLevel: 'error' }) ?? {});
  const { gateTimeoutMs, failureChars, maxParallel, noProgress, unknownCost } = await loadConfig(root);
  const defaults = entriesOf({
    gate_timeout: `${gateTimeoutMs / 1000}s`,
    failure_text: failureChars,
    max_parallel: maxParallel,
    no_progress: noProgress ?? 'escalate',
    unknown_cost: unknownCost ?? 'warn',
  }).filter(([key]) => !own.some(([set]) => set === key));
  if (options.json) {
    const values = Object.fromEntries(own);
    terminal.print(JSON.stringify({ version: 1, file: configName, values, defaults: Object.fromEntries(defaults) }));
    return exitCodes.passed;
  }
  const wide = Math.max(...[...own, ...defaults].map(([key]) => displayWidth(key)));
  const { data } = terminal;
  const lines = [
    ...own.flatMap(([key, value]) => data.paragraph([pad(key, wide), '  '], plainLine(told(value)))),
    ...defaults.flatMap(([key, value]) =>
      data.paragraph([['dim', pad(key, wide)], '  '], `${plainLine(told(value))}  (not set)`, 'dim'),
    ),
  ];
  for (const line of lines) terminal.print(line);
  return exitCodes.passed;
}

const told = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

async function textOf(root: string): Promise<string> {
  const file = await readTextFile(join(root, configName), 256 * 1024);
  if (file.found === 'text') {
    // What is wrong with it is told before anything is made of it.
    await loadConfig(root);
    return file.text;
  }
  if (file.found === 'absent') return '';
  throw new CliError('usage', 'unreadable', `cannot read ${configName}: ${whyNot(file, '256 kB')}`);
}

/** Whole or not at all. */
async function replace(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, text);
  await rename(beside, path);
}
