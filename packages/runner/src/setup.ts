import type { Effect } from '@pawl/core';
import { stoppage } from './command-end.ts';
import { RunnerError } from './errors.ts';
import { runLogged } from './logged-command.ts';
import type { Surroundings } from './perform.ts';
import type { Lane } from './ports.ts';
import { shorten } from './text.ts';

const failureChars = 2000;

/**
 * The project's own preparation of a new worktree (install dependencies, …). Its failure fails the run: rejects with
 * `setup-failed`. False: it was stopped before it was done.
 */
export async function runSetup(effect: Effect, lane: Lane, surroundings: Surroundings): Promise<boolean> {
  const { setup, gateTimeoutMs } = surroundings.state.plan.settings;
  if (setup === undefined) return true;
  const end = await runLogged(effect, setup, gateTimeoutMs, lane, surroundings);
  const stopped = stoppage(end, gateTimeoutMs);
  if (end.code === 0 && !stopped) return true;
  if (end.cancelled) return false;
  const how = stopped ?? `It ended with exit code ${end.code}.`;
  const output = shorten(end.output.trim(), failureChars);
  throw new RunnerError(
    'setup-failed',
    `the setup command failed: ${setup}\n${how} Mend it in .pawl/config.yaml, or what it needs.\n${output}`.trim(),
  );
}
