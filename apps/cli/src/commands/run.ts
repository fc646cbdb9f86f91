import { startRun } from '@pawl/runner';
import { hostFor } from '../compose.ts';
import { loadConfig } from '../config/load.ts';
import { findWorkflow } from '../config/workflows.ts';
import type { Context } from '../context.ts';
import { detach } from '../detach.ts';
import { dryRun } from '../display/dry-run.ts';
import { driveRun } from '../drive.ts';
import { CliError, exitCodes } from '../exit.ts';
import { pauseAfter } from '../pause.ts';
import { compileOrRefuse, completePlan, readSpec } from '../plan.ts';
import { checkAgents } from '../providers.ts';
import { newRunId } from '../run-id.ts';
import { ownerIn } from '../user-name.ts';
import { replay } from './replay.ts';
import { resume } from './resume.ts';

export interface RunOptions {
  readonly spec?: string;
  readonly agent?: string;
  readonly set?: readonly string[];
  readonly pauseAfter?: readonly string[];
  readonly tag?: readonly string[];
  readonly dryRun?: boolean;
  readonly resume?: boolean;
  readonly replay?: boolean;
  readonly fromStep?: string;
  readonly editPrompt?: string;
  readonly run?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  readonly detach?: boolean;
}

/** Begins a run, or goes on with one. Resolves to the exit code. */
export function run(context: Context, workflow: string | undefined, options: RunOptions): Promise<number> {
  const { spec, agent, set, pauseAfter: pause, tag, dryRun: dry, fromStep, editPrompt, run: id = '' } = options;
  if (options.resume || options.replay) {
    const verb = options.replay ? 'replay' : 'resume';
    const ofTheRun = [
      workflow,
      spec,
      set,
      pause,
      tag,
      dry,
      ...(options.replay ? [options.resume] : [agent, fromStep, editPrompt]),
    ];
    if (ofTheRun.some((given) => given !== undefined))
      throw new CliError(
        'usage',
        'plan-is-stored',
        options.replay && options.resume
          ? '--resume and --replay exclude each other'
          : `a run that is ${verb}${verb === 'replay' ? 'ed' : 'd'} has its plan already: workflow, specification${options.replay ? '' : ', agents'} and values stay as they were`,
        `pawl ${verb} ${id}`.trim(),
      );
    return options.replay ? replay(context, options.run, options) : resume(context, options.run, options);
  }
  if (options.run !== undefined)
    throw new CliError('usage', 'bad-option', '--run names a run to go on with', `pawl resume ${id}`);
  if (fromStep !== undefined || editPrompt !== undefined)
    throw new CliError(
      'usage',
      'bad-option',
      '--from-step and --edit-prompt are for a replay',
      `pawl replay --from-step ${fromStep ?? '<step>'}`,
    );
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
  const shelves = await context.shelves();
  const source = await findWorkflow(workflow, shelves, cwd);
  const compiled = await compileOrRefuse(source, {
    config,
    providers,
    inputs: readInputs(options.set ?? []),
    shelves,
    ...(options.agent !== undefined && { agentOverride: options.agent }),
  });
  const paused = pauseAfter(compiled.plan, options.pauseAfter ?? []);
  const owner = ownerIn(env);
  const plan = {
    ...completePlan(paused, await readSpec(options.spec, cwd), repository, config, {
      ...(options.agent !== undefined && { agent: options.agent }),
      ...(options.pauseAfter && { pauseAfter: options.pauseAfter }),
    }),
    ...(owner !== undefined && { owner }),
    ...(options.tag && { tags: tagsOf(options.tag) }),
  };
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
  await checkAgents(plan, providers, {
    host: (provider) => hostFor(provider, env),
    warn: (text) => terminal.say(terminal.people.color('yellow', text)),
  });
  if (!options.json && (await repository.isDirty()))
    terminal.say(
      `note: the run starts from the last commit of ${repository.head.branch ?? 'HEAD'}; what is not committed is not part of it`,
    );
  if (options.detach) return detach(context, undefined, options);
  const id = newRunId();
  return driveRun(context, { repository, id, past: [] }, options, (ports, how) => startRun(id, plan, ports, how));
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

/** Each once. They are words of a line: no spaces, nothing that a shell or a terminal would take for something else. */
function tagsOf(given: readonly string[]): readonly string[] {
  const odd = given.find((tag) => !/^[\p{L}\p{N}][\p{L}\p{N}._:/-]{0,63}$/u.test(tag));
  if (odd === undefined) return [...new Set(given)];
  const message = `${JSON.stringify(odd)} cannot be a tag: at most 64 letters, digits and . _ : / -, a letter or digit first`;
  throw new CliError('usage', 'bad-tag', message, 'pawl run … --tag nightly');
}
