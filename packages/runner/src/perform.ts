import { type Effect, type Outcome, type RunState, type Spent, stepAt } from '@pawl/core';
import { runAgent } from './agent/turn.ts';
import { ask } from './ask.ts';
import { awaitProvider } from './await-provider.ts';
import { checkpoint } from './checkpoint.ts';
import { runGate } from './gates/run.ts';
import { mergeLane } from './merge.ts';
import type { Observe } from './notice.ts';
import type { Ports } from './ports.ts';
import { bringIn, runSetup, runTeardown } from './setup.ts';
import { whyStopped } from './stopped.ts';
import { refuseTampering } from './tampering.ts';

/** Where an effect is performed. `state` is the run's at the moment the effect began. */
export interface Surroundings {
  readonly state: RunState;
  readonly ports: Ports;
  readonly signal: AbortSignal;
  readonly observe: Observe;
}

/** These start programs, which may outlive a process that dies; the others only ask git, or a person, or wait. */
export const startsPrograms = ({ type }: Effect): boolean =>
  type === 'open-worktree' || type === 'run-agent' || type === 'run-gate';

/** Carries out one effect. A rejection becomes the outcome `failed`. Undefined: a question that nobody is there to answer. */
export async function perform(effect: Effect, surroundings: Surroundings): Promise<Outcome | undefined> {
  const { state, ports, signal } = surroundings;
  if (signal.aborted && (startsPrograms(effect) || effect.type === 'ask')) return cancelledBy(signal);
  if (effect.type === 'ask' && !ports.people) return undefined;
  if (effect.type === 'await-provider') return awaitProvider(effect, surroundings);
  const held = heldBy(effect, state);
  const base = baseOf(effect, state);
  const lane = await ports.worktrees.open({ run: state.run, name: effect.lane, base, ...(held && { held }) });
  switch (effect.type) {
    case 'open-worktree':
      // What a process that died had watched is looked at first.
      await refuseTampering(lane, effect, state);
      await bringIn(effect, lane, surroundings);
      if (!(await runSetup(effect, lane, surroundings))) return cancelledBy(signal);
      // What the project's own preparation does to git (hooks, settings) is its owner's doing.
      await lane.verify();
      return { kind: 'worktree-opened', path: lane.path, branch: lane.branch };
    case 'run-agent':
      await refuseTampering(lane, effect, state);
      await lane.watch();
      return runAgent(effect, lane, surroundings).then(
        (report) => ({ kind: 'agent-ended', report }),
        (error: unknown) => {
          // It may have been waiting to begin.
          if (signal.aborted) return { kind: 'cancelled' };
          throw error;
        },
      );
    case 'checkpoint':
      return { kind: 'checkpoint-made', checkpoint: await checkpoint(effect, lane, surroundings) };
    case 'reset':
      await lane.reset(effect.to);
      return { kind: 'worktree-reset' };
    case 'run-gate': {
      await lane.watch();
      const report = await runGate(effect, lane, surroundings);
      // A gate that was stopped has judged nothing.
      return signal.aborted ? cancelledBy(signal) : { kind: 'gate-ended', report };
    }
    case 'merge':
      return mergeLane(effect, lane, surroundings);
    case 'close-worktree':
      await runTeardown(effect, lane, surroundings);
      await lane.remove({ branch: 'drop' });
      return { kind: 'worktree-closed' };
    case 'stage-conflict': {
      const { base, head, onto } = effect;
      return { kind: 'conflict-staged', ...(await lane.stageConflict({ base, head, onto })) };
    }
    case 'ask':
      return ask(effect, lane, surroundings);
    case 'advance': {
      const { from, checkpoint: commit, subject } = effect;
      // Gates run what the agent has written.
      await refuseTampering(lane, effect, state);
      const made = await lane.advance({ from, checkpoint: commit, subject, trailers: trailers(effect, state) });
      return { kind: 'branch-advanced', commit: made };
    }
  }
}

const cancelledBy = (signal: AbortSignal): Outcome => ({ kind: 'cancelled', ...whyStopped(signal) });

function trailers(effect: Effect, state: RunState): Record<string, string> {
  const { agent, paid } = stepAt(state, effect.step) ?? {};
  return {
    'Pawl-Run': state.run,
    'Pawl-Step': effect.step,
    ...(agent !== undefined && { 'Pawl-Agent': agent }),
    ...(paid && { 'Pawl-Cost': costOf(paid) }),
  };
}

/** Of all turns of the step; unknown is never zero. */
function costOf({ costUsd, unpriced }: Spent): string {
  const dollars = `$${costUsd.toFixed(costUsd < 1 ? 4 : 2)}`;
  if (unpriced === 0) return dollars;
  return costUsd === 0
    ? 'unknown'
    : `${dollars} and ${unpriced === 1 ? '1 turn' : `${unpriced} turns`} of unknown cost`;
}

/** What a lane's worktree held that somebody has taken away in the middle of a step. One that is opened begins at its branch. */
function heldBy(effect: Effect, { lanes }: RunState): { readonly head: string; readonly commit: string } | undefined {
  const lane = Object.hasOwn(lanes, effect.lane) ? lanes[effect.lane] : undefined;
  if (!lane || effect.type === 'open-worktree' || lane.at === lane.head) return undefined;
  return { head: lane.head, commit: lane.at };
}

/**
 * Where a lane stands, or began: its branch is made there where somebody has taken it away. The sequence tells for which
 * it was made, not one that only runs in it.
 */
function baseOf(effect: Effect, state: RunState): string {
  if (effect.type === 'open-worktree' || effect.type === 'close-worktree') return effect.base;
  const lane = Object.hasOwn(state.lanes, effect.lane) ? state.lanes[effect.lane] : undefined;
  if (lane) return lane.head;
  const made = Object.values(state.frames).find(
    ({ lane, owner }) => lane === effect.lane && stepAt(state, owner)?.lane !== lane,
  );
  return made?.base ?? state.plan.base.commit;
}
