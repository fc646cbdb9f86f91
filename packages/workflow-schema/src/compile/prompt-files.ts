import type { Range } from '../diagnostics/diagnostic.ts';
import {
  innerSteps,
  isAgentStep,
  type Workflow,
  type WorkflowStep,
  type WrittenOnConflict,
  type WrittenPrompt,
} from '../workflow.ts';

/** A file that holds a prompt: the path as written, relative to the workflow file's folder, and where it is named. */
export interface PromptFile {
  readonly path: string;
  readonly range: Range;
}

/** In the order of the file; a path that is named twice is listed twice. A path may lead out of the folder (`../`). */
export function promptFiles(workflow: Workflow): PromptFile[] {
  return [...fileOf(promptOf(workflow.onConflict)), ...workflow.steps.flatMap(filesOfStep)];
}

function filesOfStep(step: WorkflowStep): PromptFile[] {
  const own = isAgentStep(step) ? step.prompt : undefined;
  const resolver = 'parallel' in step ? promptOf(step.parallel?.onConflict) : undefined;
  const prompts = [own, ...step.retry.entries.map(({ prompt }) => prompt), resolver];
  return [...prompts.flatMap(fileOf), ...innerSteps(step).flatMap(filesOfStep)];
}

const promptOf = (written: WrittenOnConflict | undefined): WrittenPrompt | undefined =>
  written === 'stop' ? undefined : written?.prompt;

function fileOf(prompt: WrittenPrompt | undefined): PromptFile[] {
  return prompt?.type === 'file' ? [{ path: prompt.path.text, range: prompt.path.range }] : [];
}
