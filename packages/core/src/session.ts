import type { AgentStart } from './effects.ts';
import type { SessionUse, WarningCode } from './events.ts';
import { locate, stepAt } from './lookup.ts';
import type { PlannedSession } from './plan.ts';
import type { RunState, StepState } from './state.ts';

export interface SessionChoice {
  readonly use: SessionUse;
  readonly warning?: { readonly code: WarningCode; readonly message: string };
}

/**
 * Which conversation an attempt goes on with. `step` is as the attempt before left it; `wanted` is what the step asks
 * for, `override` what the retry entries in force ask for. A conversation belongs to one agent: another one starts
 * anew and says so.
 */
export function chooseSession(
  state: RunState,
  step: StepState,
  attempt: { readonly number: number; readonly agent: string },
  wanted: PlannedSession,
  override: PlannedSession | undefined,
): SessionChoice {
  if (override) return fromPlan(state, step, attempt.agent, override);
  // A step that runs again goes on with its conversation, as a retry does.
  if (attempt.number === 1 && !step.session) return fromPlan(state, step, attempt.agent, wanted);
  if (step.agent !== attempt.agent)
    return startNew(
      'session-agent-changed',
      `the agent changed from ${step.agent} to ${attempt.agent}: it starts a new session`,
    );
  // The attempts before may never have got a session of their own.
  if (step.session?.agent !== attempt.agent) return fromPlan(state, step, attempt.agent, wanted);
  return step.session.ref.id === step.lostSession ? lost(attempt.agent) : { use: { mode: 'kept' } };
}

function fromPlan(state: RunState, step: StepState, agent: string, wanted: PlannedSession): SessionChoice {
  if (wanted.mode === 'new') return { use: { mode: 'new' } };
  const path = locate(state, step, wanted.address);
  const source = path === undefined ? undefined : stepAt(state, path);
  if (!source?.session)
    return startNew(
      'session-not-found',
      `step ${path ?? wanted.address} has no session to go on with: a new one starts`,
    );
  if (source.session.agent !== agent)
    return startNew(
      'session-other-agent',
      `the session of step ${path} belongs to ${source.session.agent}, this step runs ${agent}: a new one starts`,
    );
  if (source.session.ref.id === step.lostSession) return lost(agent);
  return { use: { mode: wanted.mode, step: source.path } };
}

const startNew = (code: WarningCode, message: string): SessionChoice => ({
  use: { mode: 'new' },
  warning: { code, message },
});
const lost = (agent: string): SessionChoice =>
  startNew('session-unusable', `${agent} could not go on with its session: a new one starts`);

/** The door the agent is opened with. After an interruption, or a wait for its provider, the attempt's own conversation goes on, where it had begun. */
export function agentStart(state: RunState, step: StepState): AgentStart {
  const own = step.session?.agent === step.agent ? step.session : undefined;
  const goesOn = step.cutOff && own?.attempt === step.attempt;
  if (own && (goesOn || hasBegun(state, step) || step.use?.mode === 'kept'))
    return { kind: 'resume', session: own.ref };
  const { use } = step;
  const source = use?.mode === 'from' || use?.mode === 'fork' ? stepAt(state, use.step)?.session : undefined;
  if (!source) return { kind: 'new' };
  return { kind: use?.mode === 'fork' ? 'fork' : 'resume', session: source.ref };
}

/** The current attempt was interrupted after its conversation was known, and goes on in it: the agent has been told its task. */
export const hasBegun = ({ plan }: RunState, step: StepState): boolean =>
  step.interruptions > 0 &&
  plan.settings.onInterrupt !== 'retry' &&
  step.goesOn?.choice !== 'retry' &&
  step.session?.agent === step.agent &&
  step.session?.attempt === step.attempt;
