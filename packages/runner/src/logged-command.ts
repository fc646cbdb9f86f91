import type { Effect } from '@pawl/core';
import { fileName, markerOf } from './files/names.ts';
import type { Surroundings } from './perform.ts';
import { plain } from './plain.ts';
import type { CommandEnd, Lane } from './ports.ts';

export interface LoggedEnd extends CommandEnd {
  /** Below the run's folder: the whole output as it came. `output` is bounded and without colours. */
  readonly log: string;
}

/** The longest a timer of Node can wait; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;

/** Runs a command for an effect, with its whole output in a file of the run. */
export async function runLogged(
  effect: Effect,
  command: string,
  timeoutMs: number,
  lane: Lane,
  { state, ports, signal }: Surroundings,
): Promise<LoggedEnd> {
  const log = fileName(effect.id, 'log');
  const sink = await ports.files.open(state.run, log);
  try {
    const end = await ports.commands.run({
      command,
      cwd: lane.path,
      timeoutMs: Math.min(timeoutMs, longestTimer),
      marker: markerOf(state.run, effect.id),
      signal,
      onOutput: (chunk) => sink.write(chunk),
    });
    return { ...end, output: plain(end.output), durationMs: Math.round(end.durationMs), log };
  } finally {
    await sink.close();
  }
}
