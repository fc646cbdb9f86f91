import { join } from 'node:path';
import { parseWorkflow, promptFiles, type Workflow, workflowNames } from '@pawl/workflow-schema';
import { readTextFile } from '../text-file.ts';
import type { Shelf } from './shelves.ts';
import type { WorkflowSource } from './workflow-file.ts';
import { lookUp } from './workflows.ts';

export interface Callee extends WorkflowSource {
  readonly promptFiles: ReadonlyMap<string, string>;
}

const maxPromptBytes = 4 * 1024 * 1024;

/**
 * Every workflow that may be called, by the names it is called by. One that is not there is left out, and so are the
 * callees of one that is not valid: the compiler reports both where they stand.
 */
export async function readCallees(workflow: Workflow, shelves: readonly Shelf[]): Promise<ReadonlyMap<string, Callee>> {
  const found = new Map<string, Callee>();
  const asked = new Set<string>();
  const waiting = [workflow];
  for (let next = waiting.pop(); next; next = waiting.pop())
    for (const { name } of workflowNames(next)) {
      if (asked.has(name)) continue;
      asked.add(name);
      const source = await lookUp(name, shelves);
      if (source === undefined) continue;
      const parsed = parseWorkflow({ text: source.text, file: source.file }).workflow;
      found.set(name, { ...source, promptFiles: await readPrompts(source, parsed) });
      if (parsed) waiting.push(parsed);
    }
  return found;
}

/** A path that cannot be read is left out: the compiler reports it where it stands. */
export async function readPrompts(
  { folder }: WorkflowSource,
  workflow: Workflow | undefined,
): Promise<ReadonlyMap<string, string>> {
  const prompts = new Map<string, string>();
  if (folder === undefined || workflow === undefined) return prompts;
  for (const { path } of promptFiles(workflow)) {
    const file = await readTextFile(join(folder, path), maxPromptBytes);
    if (file.found === 'text') prompts.set(path, file.text);
  }
  return prompts;
}
