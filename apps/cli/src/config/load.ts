import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { Settings } from '@pawl/core';
import type { Json, JsonObject } from '@pawl/provider';
import { formatDiagnostic } from '@pawl/workflow-schema';
import { CliError } from '../exit.ts';
import { readTextFile, whyNot } from '../text-file.ts';
import { parseConfig } from './parse.ts';
import type { ConfigFile } from './schema.ts';

/** The repository's configuration with everything that was left out filled in. */
export interface Config extends Settings {
  readonly agents: Readonly<Record<string, ConfiguredAgent>>;
  /** Packages of others that bring adapters. */
  readonly providers: readonly string[];
}
export interface ConfiguredAgent {
  readonly provider: string;
  readonly model?: string;
  readonly options: JsonObject;
}

export const configName = '.pawl/config.yaml';
const includeName = '.worktreeinclude';
/** The first that is there. */
const conventionsNames = ['.pawl/conventions.md', '.gump/conventions.md'];
const defaultGateTimeoutMs = 10 * 60_000;
const defaultMaxWaitMs = 30 * 60_000;

/** What a folder without configuration has. */
export const noConfig: Config = complete({}, undefined, undefined, '/');

/** Reads `.pawl/config.yaml` and the conventions of a repository; both may be absent. */
export async function loadConfig(root: string): Promise<Config> {
  const text = await readOptional(root, configName);
  const { config, diagnostics } = text === undefined ? { config: {}, diagnostics: [] } : parseConfig(text, configName);
  if (config === undefined)
    throw new CliError(
      'usage',
      'invalid-config',
      diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, text ?? '')).join('\n\n'),
      undefined,
      { diagnostics: diagnostics.map((diagnostic) => ({ ...diagnostic })) },
    );
  return complete(config, await conventionsOf(root), await readOptional(root, includeName), root);
}

async function conventionsOf(root: string): Promise<string | undefined> {
  const [own, gumps] = await Promise.all(conventionsNames.map((name) => readOptional(root, name)));
  return own ?? gumps;
}

/** Ignored files that worktrees are given: of the configuration, and of `.worktreeinclude`. */
function bringInOf({ bring_in: given = [] }: ConfigFile, patterns = ''): Pick<Config, 'bringIn'> {
  const entries = given.map((entry) => {
    if (typeof entry === 'string') return { path: entry, how: 'copy' as const };
    const { path, how = 'copy', from } = entry;
    return { path, how, ...(from !== undefined && { from }) };
  });
  if (entries.length === 0 && !patterns.trim()) return {};
  return { bringIn: { ...(patterns.trim() && { patterns }), ...(entries.length > 0 && { entries }) } };
}

function complete(
  file: ConfigFile,
  conventions: string | undefined,
  include: string | undefined,
  root: string,
): Config {
  const agents = Object.entries(file.agents ?? {}).map(([name, { provider, model, options = {} }]) => {
    const agent = { provider, options: atRoot(options, root), ...(model !== undefined && { model }) };
    return [name, agent] as const;
  });
  return {
    agents: Object.fromEntries(agents),
    providers: file.providers ?? [],
    commands: Object.fromEntries(Object.entries(file.commands ?? {}).filter(([, command]) => command !== undefined)),
    ...(file.setup !== undefined && { setup: file.setup }),
    ...(file.teardown !== undefined && { teardown: file.teardown }),
    ...bringInOf(file, include),
    gateTimeoutMs: file.gate_timeout ?? defaultGateTimeoutMs,
    failureChars: { error: file.failure_text?.error ?? 2000, diff: file.failure_text?.diff ?? 3000 },
    // Agents mostly wait for their models: two of them fit on any machine.
    maxParallel: file.max_parallel ?? Math.max(2, Math.floor(availableParallelism() / 2)),
    ...(file.provider_limits && { providerLimits: file.provider_limits }),
    maxWaitMs: file.max_wait ?? defaultMaxWaitMs,
    ...(file.no_progress && { noProgress: file.no_progress }),
    ...(file.on_interrupt && { onInterrupt: file.on_interrupt }),
    ...(file.unknown_cost && { unknownCost: file.unknown_cost }),
    ...(conventions?.trim() && { conventions: conventions.trim() }),
  };
}

/** A command's element that names a file of the repository is meant there: the agent's own folder is its worktree. */
function atRoot(options: JsonObject, root: string): JsonObject {
  const { command } = options;
  if (!Array.isArray(command)) return options;
  const absolute = command.map((element: Json) =>
    typeof element === 'string' &&
    /[./]/.test(element) &&
    !element.startsWith('-') &&
    existsSync(resolve(root, element))
      ? resolve(root, element)
      : element,
  );
  return { ...options, command: absolute };
}

async function readOptional(root: string, name: string): Promise<string | undefined> {
  const file = await readTextFile(join(root, name), 256 * 1024);
  if (file.found === 'text') return file.text;
  if (file.found === 'absent') return undefined;
  throw new CliError('usage', 'unreadable', `cannot read ${name}: ${whyNot(file, '256 kB')}`);
}
