import type { Expected, OutputCandidate, Text } from '@pawl/core';
import type { Json, JsonObject, TurnOutcome } from '@pawl/provider';
import { describe } from '../errors.ts';
import type { WorktreeFiles } from '../ports.ts';
import { lastJsonBlock } from './json-block.ts';
import { schemaProblem } from './schema.ts';

/** The folder that an agent works in. */
export interface Place {
  readonly path: string;
}

/** Where an agent may leave its structured output, relative to the worktree; never in a commit. */
export const outputFile = '.pawl/out/output.json';
/** Workflows that come from Gump say so in their prompts. */
const gumpFiles: Readonly<Record<Exclude<Expected, 'changes'>, string>> = {
  tasks: '.gump/out/plan.json',
  verdict: '.gump/out/validate.json',
  artifact: '.gump/out/artifact.txt',
};
const maxBytes = 5 * 1024 * 1024;
/** What is deeper cannot be written into the log. */
const maxDepth = 100;

/** An output that a turn before left would be taken for this one's. */
export async function clearOutputs(files: WorktreeFiles, place: Place): Promise<void> {
  await files.emptyFolder(place.path, '.pawl/out');
  await files.remove(place.path, '.gump/out');
}

export interface Wanted {
  readonly expected: Expected;
  /** What JSON must satisfy besides being what is expected; an artifact without one is a text. */
  readonly schema: JsonObject | undefined;
}

/** Structured output wherever it may be: the CLI's own, the last JSON block of the message, a file. Best first. */
export async function findOutputs(
  { expected, schema }: Wanted,
  outcome: TurnOutcome & { kind: 'completed' },
  files: WorktreeFiles,
  place: Place,
  keep: (text: string) => Promise<Text>,
): Promise<readonly OutputCandidate[]> {
  if (expected === 'changes') return [];
  const paths = [outputFile, gumpFiles[expected]];
  if (expected === 'artifact' && !schema) {
    const texts = await Promise.all(paths.map((path) => readText(files, place, path)));
    const found = texts.find((each) => each && ('error' in each || each.text.trim() !== ''));
    if (found === undefined) return [];
    return 'error' in found
      ? [{ source: 'file', error: found.error }]
      : [{ source: 'file', text: await keep(found.text) }];
  }
  const found: OutputCandidate[] = [];
  if (outcome.json !== undefined) found.push({ source: 'schema', ...usable(outcome.json) });
  const block = lastJsonBlock(outcome.text);
  if (block !== undefined) found.push({ source: 'message', ...parse(block) });
  for (const path of paths) {
    const output = await readOutput(files, place, path);
    if (output) found.push({ source: 'file', ...output });
  }
  return schema ? found.map((candidate) => judged(candidate, schema)) : found;
}

/** A candidate that does not satisfy the schema says where. */
function judged(candidate: OutputCandidate, schema: JsonObject): OutputCandidate {
  const problem = 'json' in candidate ? schemaProblem(candidate.json, schema) : undefined;
  return problem === undefined ? candidate : { source: candidate.source, error: problem };
}

type Found = { readonly json: Json } | { readonly error: string };

/** What the agent put there is its output or its mistake, never a failure of ours. Undefined: nothing is there. */
async function readText(
  files: WorktreeFiles,
  place: Place,
  path: string,
): Promise<{ readonly text: string } | { readonly error: string } | undefined> {
  try {
    const text = await files.read(place.path, path, maxBytes, { links: 'never' });
    return text === undefined ? undefined : { text };
  } catch (error) {
    return { error: describe(error).message };
  }
}

async function readOutput(files: WorktreeFiles, place: Place, path: string): Promise<Found | undefined> {
  const found = await readText(files, place, path);
  return found && 'text' in found ? parse(found.text) : found;
}

function parse(text: string): Found {
  if (text.length > maxBytes) return { error: `it is larger than ${maxBytes} bytes` };
  try {
    return usable(JSON.parse(text.replace(/^\uFEFF/, '')) as Json);
  } catch (error) {
    return { error: `not JSON: ${describe(error).message}` };
  }
}

function usable(json: Json): Found {
  let level: readonly Json[] = [json];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return { error: `it is nested more than ${maxDepth} levels deep` };
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
  return { json };
}
