import { blocksAsText, explain as explainRun, explanationBlocks } from '@pawl/report';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit.ts';
import { findStep } from '../find-step.ts';
import { redacted } from '../redacted.ts';
import { readRun } from '../runs.ts';

export interface ExplainOptions {
  readonly run?: string;
  readonly json?: boolean;
}

/** Why a run or one of its steps is as it is, from its events alone. */
export async function explain(context: Context, step: string | undefined, options: ExplainOptions): Promise<number> {
  const run = await readRun(context, { id: options.run });
  const path = step === undefined ? undefined : findStep(run, step, `pawl explain --run ${run.record.id}`).path;
  const { terminal } = context;
  const explanation = redacted({ ...explainRun(run.events, path), status: run.status }, context);
  if (options.json) terminal.print(JSON.stringify({ version: 1, ...explanation }));
  else terminal.print(blocksAsText(explanationBlocks(explanation), terminal.data));
  return exitCodes.passed;
}
