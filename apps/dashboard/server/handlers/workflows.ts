import type { Plan } from '@pawl/core';
import { parseWorkflow } from '@pawl/workflow-schema';
import type { Checked, Diagnostic, WorkflowPage } from '../../wire.ts';
import { badRequest, DashboardError, notFound } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { planSteps } from '../plan/plan-page.ts';
import { repositoryById, textOf, workflowsOf } from './start.ts';

export async function listWorkflows(house: House, { params }: Request): Promise<Answer> {
  return ok({ workflows: await workflowsOf(house, await repositoryById(house, params.repository)) });
}

export async function readWorkflow(house: House, { params }: Request): Promise<Answer> {
  const repository = await repositoryById(house, params.repository);
  const row = (await workflowsOf(house, repository)).find(({ name }) => name === params.name);
  if (!row) throw notFound('workflow of that name here');
  const text = await textOf(repository.path, row);
  return ok({ ...row, text, checked: await check(house, repository.path, text) } satisfies WorkflowPage);
}

const mostText = 1024 * 1024;

/** What is wrong with a text as it is typed, and its steps. Nothing of it is kept. */
export async function checkText(house: House, { params, body }: Request): Promise<Answer> {
  const repository = await repositoryById(house, params.repository);
  const { text } = (body ?? {}) as { readonly text?: unknown };
  if (typeof text !== 'string' || text.length > mostText) throw badRequest('a workflow is a text of at most 1 MB');
  return ok(await check(house, repository.path, text));
}

interface Told {
  readonly workflows: readonly { readonly diagnostics: readonly Diagnostic[] }[];
}

/** By the command line, in a file of ours: what it refuses, a run would refuse. */
const check = (house: House, root: string, text: string): Promise<Checked> =>
  house.texts.during(text, 'yaml', async (file) => {
    const told = (await house.pawl.call(['workflows', 'check', file], root)) as Told;
    const diagnostics = told.workflows
      .flatMap((one) => one.diagnostics)
      .map(({ severity, line, column, message, hint }) => ({
        severity,
        line,
        column,
        message,
        ...(hint !== undefined && { hint }),
      }));
    const valid = diagnostics.every(({ severity }) => severity !== 'error');
    const steps = valid ? await stepsOf(house, root, { file, text }) : undefined;
    return { diagnostics, ...(steps && { steps }) };
  });

/** The steps as a run would have them; inputs without a value get their name. */
async function stepsOf(
  house: House,
  root: string,
  { file, text }: { readonly file: string; readonly text: string },
): Promise<Checked['steps']> {
  const inputs = parseWorkflow({ text, file }).workflow?.inputs ?? [];
  const set = inputs
    .filter((input) => input.default === undefined)
    .map(
      ({ name, type, values }) =>
        `--set=${name.text}=${values[0] ?? (type === 'number' ? 1 : type === 'boolean' ? true : name.text)}`,
    );
  try {
    const plan = await house.texts.during('Only the steps are looked at.\n', 'md', (spec) =>
      house.pawl.call(['run', file, `--spec=${spec}`, ...set, '--dry-run'], root),
    );
    return planSteps((plan as Plan).steps);
  } catch (error) {
    if (DashboardError.is(error)) return undefined;
    throw error;
  }
}
