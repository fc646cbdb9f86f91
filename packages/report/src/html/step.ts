import { stepBlocks } from '../blocks-step.ts';
import type { StepReport } from '../model.ts';
import { plainLine } from '../plain-text.ts';
import { blocksAsHtml } from './blocks.ts';
import { htmlPage } from './page.ts';

/** One step with every attempt as one page. */
export const stepHtml = (run: string, step: StepReport, now?: number): string =>
  htmlPage(`${plainLine(step.path)} of run ${run}`, blocksAsHtml(stepBlocks(step, now)));
