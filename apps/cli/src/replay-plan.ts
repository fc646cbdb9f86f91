import { basename, resolve } from 'node:path';
import { allSteps, type Plan } from '@pawl/core';
import type { StepEdit } from '@pawl/workflow-schema';
import { loadConfig } from './config/load.ts';
import type { Shelf } from './config/shelves.ts';
import { readIfThere, type WorkflowSource } from './config/workflow-file.ts';
import { lookUp } from './config/workflows.ts';
import { CliError } from './exit.ts';
import { pauseAfter } from './pause.ts';
import { type CompileRequest, compile, compileOrRefuse } from './plan.ts';
import type { Providers } from './providers.ts';

export interface ReplayPlan {
  readonly plan: Plan;
  /** What the person should know of where it comes from. */
  readonly notes: readonly string[];
}

/**
 * The plan of a run for doing a part of it again: with the workflow and the configuration as they are now, where the
 * workflow still has the same steps. Edits need that; without them the plan stays as it was.
 */
export async function replayPlan(
  root: string,
  shelves: readonly Shelf[],
  providers: Providers,
  old: Plan,
  address: string,
  edit: StepEdit | undefined,
): Promise<ReplayPlan> {
  const config = await loadConfig(root);
  const source = await sourceOf(old, root);
  const request: CompileRequest = {
    config,
    providers,
    inputs: old.inputs,
    shelves,
    ...(old.given?.agent !== undefined && { agentOverride: old.given.agent }),
    ...(old.given?.edits && { edits: old.given.edits }),
  };
  if (edit) checkStep(old, address, edit);
  if (!source && edit) throw cannotEdit(`the workflow ${old.workflow.source} is not there any more`);
  if (!source)
    return { plan: old, notes: [`the workflow ${old.workflow.source} is gone: the plan of the run is kept`] };
  const now = await compile(source, request);
  const steps = now.plan?.steps;
  const fits = steps && shapeOf(steps) === shapeOf(old.steps);
  if (!fits && edit) throw cannotEdit(`the workflow ${source.file} has other steps now`);
  if (!fits)
    return {
      plan: old,
      notes: [`${source.file} ${steps ? 'has other steps' : 'has errors'} now: the plan of the run is kept`],
    };
  const edits = edit && { ...old.given?.edits, [address]: { ...old.given?.edits?.[address], ...edit } };
  const compiled = edits ? (await compileOrRefuse(source, { ...request, edits })).plan : now.plan;
  const { agents: _, providers: __, ...settings } = config;
  const paused = pauseAfter(compiled, old.given?.pauseAfter ?? []);
  const plan = { ...old, ...paused, settings, ...(edits && { given: { ...old.given, edits } }) };
  const changed = !edit && JSON.stringify([plan.steps, plan.agents]) !== JSON.stringify([old.steps, old.agents]);
  return { plan, notes: changed ? [`${source.file} has changed since: it is taken as it is now`] : [] };
}

async function sourceOf({ workflow: { source } }: Plan, root: string): Promise<WorkflowSource | undefined> {
  const [, kind, name = ''] = /^built-in (workflow|validator) (.+)$/.exec(source) ?? [];
  if (kind !== undefined) return lookUp(kind === 'validator' ? `validators/${name}` : name, []);
  return readIfThere(resolve(root, source), source, basename(source).replace(/\.ya?ml$/, ''));
}

/** What a log refers to. */
const shapeOf = (steps: Plan['steps']): string =>
  JSON.stringify(allSteps(steps).map(({ address, kind }) => [address, kind]));

function checkStep({ steps }: Plan, address: string, edit: StepEdit): void {
  const planned = allSteps(steps).find((step) => step.address === address);
  if (planned && 'prompt' in planned && planned.agent) return;
  const option = edit.prompt ? '--edit-prompt' : '--agent';
  throw new CliError('usage', 'bad-option', `${option} is for a step with an agent: ${address} has none`);
}

const cannotEdit = (why: string): CliError =>
  new CliError(
    'usage',
    'cannot-edit',
    `the step cannot be changed, for ${why}`,
    'pawl replay without --agent and --edit-prompt',
  );
