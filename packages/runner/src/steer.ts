import { type Control, type ControlEnd, type Effect, outstanding } from '@pawl/core';
import type { Log } from './log.ts';
import { startsPrograms } from './perform.ts';
import { questionAt } from './questions.ts';
import { Stopped } from './stopped.ts';

/** Does what is asked of a run at work, or says why not. `stop` ends one effect that is under way. */
export async function steer(
  control: Control,
  log: Log,
  stop: (effect: Effect, why: Stopped) => void,
): Promise<ControlEnd> {
  switch (control.type) {
    case 'abort':
      return ended(await log.ask({ type: 'abort', reason: told(control, 'asked to stop') }));
    case 'pause': {
      const { wanted, by } = control;
      return ended(await log.ask({ type: 'pause', wanted, ...(by !== undefined && { by }) }));
    }
    case 'abort-step':
      return stopStep(control.step, new Stopped(told(control, 'by request')), log, stop);
    case 'answer': {
      const asked = questionAt(log.state, control.step);
      if ('why' in asked) return { done: false, code: 'not-asking', message: `run ${log.run}: ${asked.why}` };
      const outcome = { kind: 'answered', answer: control.answer } as const;
      return ended(await log.ask({ type: 'settle', effect: asked.id, outcome }));
    }
  }
}

function stopStep(step: string, why: Stopped, log: Log, stop: (effect: Effect, why: Stopped) => void): ControlEnd {
  const stoppable = outstanding(log.state).filter(
    (effect) => startsPrograms(effect) || effect.type === 'ask' || effect.type === 'await-provider',
  );
  const meant = stoppable.filter((effect) => effect.step === step || effect.step.startsWith(`${step}/`));
  if (meant.length === 0) {
    const at = [...new Set(stoppable.map((effect) => effect.step || 'the worktree'))].join(', ') || 'nothing';
    return { done: false, code: 'not-at-work', message: `step ${step} is not at work (at work: ${at})` };
  }
  for (const effect of meant) stop(effect, why);
  return { done: true };
}

const told = ({ by, reason }: { readonly by?: string; readonly reason?: string }, otherwise: string): string =>
  [by, reason].filter((part) => part !== undefined && part !== '').join(': ') || otherwise;

const ended = (refused: { readonly code: string; readonly message: string } | undefined): ControlEnd =>
  refused ? { done: false, code: refused.code, message: refused.message } : { done: true };
