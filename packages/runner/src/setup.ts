import type { Effect } from '@pawl/core';
import { stoppage } from './command-end.ts';
import { RunnerError } from './errors.ts';
import { fileName } from './files/names.ts';
import { runLogged } from './logged-command.ts';
import type { Surroundings } from './perform.ts';
import type { Lane } from './ports.ts';
import { shorten } from './text.ts';

const failureChars = 2000;

/** What the worktree is to have although git ignores it. What is not there, or cannot be made, is told in a file of the run. */
export async function bringIn(effect: Effect, lane: Lane, { state, ports }: Surroundings): Promise<void> {
  const { bringIn: wanted } = state.plan.settings;
  if (!wanted) return;
  const values = { run: state.run, lane: effect.lane, worktree: lane.path };
  const { left } = await lane.bringIn({ ...wanted, values });
  // On a second time all that was made is there.
  const told = left.filter(({ why }) => why !== 'exists').map(({ path, why }) => `${why} ${path}\n`);
  if (told.length > 0) await ports.files.write(state.run, fileName(`${effect.id}/bring-in`, 'log'), told.join(''));
}

/**
 * The project's own way to give back what a worktree held (containers, ports), before it is taken away. What it says is
 * in its log; its failure keeps nothing from going on.
 */
export async function runTeardown(effect: Effect, lane: Lane, surroundings: Surroundings): Promise<void> {
  const { teardown, gateTimeoutMs } = surroundings.state.plan.settings;
  if (teardown === undefined) return;
  await runLogged(effect, teardown, gateTimeoutMs, lane, surroundings);
}

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
