import { randomInt } from 'node:crypto';
import { startRun } from '@pawl/runner';
import { probeHost } from '../compose.ts';
import { loadConfig } from '../config/load.ts';
import { findWorkflow } from '../config/workflows.ts';
import type { Context } from '../context.ts';
import { dryRun } from '../display/dry-run.ts';
import { driveRun } from '../drive.ts';
import { CliError, exitCodes } from '../exit.ts';
import { pauseAfter } from '../pause.ts';
import { compileOrRefuse, completePlan, readSpec } from '../plan.ts';
import { checkAgents } from '../providers.ts';
import { resume } from './resume.ts';

export interface RunOptions {
  readonly spec?: string;
  readonly agent?: string;
  readonly set?: readonly string[];
  readonly pauseAfter?: readonly string[];
  readonly dryRun?: boolean;
  readonly resume?: boolean;
  readonly run?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** Begins a run, or goes on with one. Resolves to the exit code. */
export function run(context: Context, workflow: string | undefined, options: RunOptions): Promise<number> {
  if (options.resume) {
    const { spec, agent, set, pauseAfter: pause, dryRun: dry } = options;
    if ([workflow, spec, agent, set, pause, dry].some((given) => given !== undefined))
      throw new CliError(
        'usage',
        'plan-is-stored',
        'a run that goes on has its plan already: workflow, specification, agents and values stay as they were',
        `pawl resume ${options.run ?? ''}`.trim(),
      );
    return resume(context, options.run, options);
  }
  if (options.run !== undefined)
    throw new CliError('usage', 'bad-option', '--run names a run to go on with', `pawl resume ${options.run}`);
  if (workflow === undefined)
    throw new CliError('usage', 'missingArgument', 'a workflow must be named', 'pawl workflows list');
  return begin(context, workflow, options);
}

/** Plans and drives a run to its end. Nothing is made before everything is checked. */
async function begin(context: Context, workflow: string, options: RunOptions): Promise<number> {
  const { terminal, cwd, env } = context;
  const repository = await context.repository();
  const config = await loadConfig(repository.root);
  const providers = await context.providers(repository.root);
  const source = await findWorkflow(workflow, repository.root, cwd);
  const compiled = await compileOrRefuse(source, {
    config,
    providers,
    inputs: readInputs(options.set ?? []),
    root: repository.root,
    ...(options.agent !== undefined && { agentOverride: options.agent }),
  });
  const paused = pauseAfter(compiled.plan, options.pauseAfter ?? []);
  const plan = completePlan(paused, await readSpec(options.spec, cwd), repository, config);
  const notes = [
    ...[...(source.hint === undefined ? [] : [source.hint]), ...compiled.hints].map((hint) => `note: ${hint}`),
    ...compiled.diagnostics.map(
      ({ file, line, message, hint }) => `warning: ${file}:${line}: ${message}${hint ? ` (${hint})` : ''}`,
    ),
  ];
  for (const note of notes) terminal.say(terminal.people.color('yellow', note));
  if (options.dryRun) {
    terminal.print(options.json ? JSON.stringify(plan) : dryRun(plan, terminal.data));
    return exitCodes.passed;
  }
  await checkAgents(plan, providers, (provider) => probeHost(provider, env));
  if (!options.json && (await repository.isDirty()))
    terminal.say(
      `note: the run starts from the last commit of ${repository.head.branch ?? 'HEAD'}; what is not committed is not part of it`,
    );
  const id = newRunId();
  return driveRun(context, { repository, id, past: [] }, options, (ports, how) => startRun(id, plan, ports, how));
}

/** Sorts by time, short enough to type, and says the day. */
function newRunId(): string {
  const now = new Date().toISOString();
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const tail = Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join('');
  return `${now.slice(2, 10).replaceAll('-', '')}-${now.slice(11, 16).replace(':', '')}-${tail}`;
}

function readInputs(pairs: readonly string[]): Record<string, string> {
  const inputs = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) throw new CliError('usage', 'bad-input', `--set takes key=value, not ${pair}`);
    const key = pair.slice(0, at);
    if (inputs.has(key)) throw new CliError('usage', 'bad-input', `--set gives ${key} twice`);
    inputs.set(key, pair.slice(at + 1));
  }
  return Object.fromEntries(inputs);
}
