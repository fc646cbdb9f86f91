import type { PromptPart } from '@pawl/core';
import { stoppage } from '../command-end.ts';
import { RunnerError } from '../errors.ts';
import type { Surroundings } from '../perform.ts';
import { plain } from '../plain.ts';
import type { Lane } from '../ports.ts';
import { shorten } from '../text.ts';

const maxContextBytes = 1024 * 1024;
const commandMs = 30_000;

/** The prompt as the agent gets it: what the parts name is read and joined. Values are never scanned. */
export async function composePrompt(
  parts: readonly PromptPart[],
  lane: Lane,
  surroundings: Surroundings,
  marker: string,
): Promise<string> {
  const texts: string[] = [];
  for (const part of parts) texts.push(await textOf(part, lane, surroundings, marker));
  return texts.join('');
}

async function textOf(
  part: PromptPart,
  lane: Lane,
  { state, ports, signal }: Surroundings,
  marker: string,
): Promise<string> {
  if (typeof part === 'string') return part;
  if ('text' in part) return shorten(part.text, part.limit);
  if ('blob' in part) {
    const text = await ports.files.blob(state.run, part);
    return part.limit === undefined ? text : shorten(text, part.limit);
  }
  if ('file' in part) {
    const text = await ports.worktreeFiles.read(lane.path, part.file, maxContextBytes);
    if (text === undefined)
      throw new RunnerError(
        'context-missing',
        `the context file ${part.file} is not in the worktree: create it or take it out of the step's context`,
      );
    return `${part.title}\n\n${text}`;
  }
  const end = await ports.commands.run({ command: part.command, cwd: lane.path, timeoutMs: commandMs, marker, signal });
  const stopped = stoppage(end, commandMs) ?? (end.code === 0 ? undefined : `It ended with exit code ${end.code}.`);
  return `${part.title}\n\n${stopped === undefined ? '' : `(${stopped})\n\n`}${plain(end.stdout)}`;
}
