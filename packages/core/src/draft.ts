import type { AwaitProvider, EffectId, QuestionKind, RunAgent, StepPath } from './effects.ts';
import type { RunEvent, WarningCode } from './events.ts';
import { evolve } from './evolve.ts';
import type { PlannedGate } from './plan.ts';
import type { RunState, StepState } from './state.ts';

/** A decision being made: the events so far and the state they lead to. Lives within one call of `decide`. */
export interface Draft {
  readonly at: number;
  readonly events: RunEvent[];
  state: RunState;
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export const draftOf = (state: RunState, at: number): Draft => ({ at, events: [], state });

export function emit(draft: Draft, event: Without<RunEvent, 'at'>): void {
  const fact = { at: draft.at, ...event } as RunEvent;
  draft.events.push(fact);
  draft.state = evolve(draft.state, fact);
}

/** Said once in a run about one subject. */
export function warnOnce(draft: Draft, step: StepPath, code: WarningCode, subject: string, message: string): void {
  const once = `${code} ${subject}`;
  if (!draft.state.warned.includes(once)) emit(draft, { type: 'warned', step, code, message, once });
}

export function warn(draft: Draft, step: StepPath, code: WarningCode, message: string): void {
  emit(draft, { type: 'warned', step, code, message });
}

/** What an effect is, without who asks for it. */
export type Request =
  | { readonly type: 'open-worktree'; readonly base: string }
  | { readonly type: 'close-worktree'; readonly base: string }
  | RunAgent
  | { readonly type: 'checkpoint'; readonly since: string; readonly baseline?: true; readonly asking?: true }
  | { readonly type: 'reset'; readonly to: string }
  | { readonly type: 'run-gate'; readonly gate: PlannedGate; readonly wallMs: number }
  | {
      readonly type: 'merge';
      readonly from: string;
      readonly base: string;
      readonly head: string;
      readonly onto: string;
      readonly resolution?: string;
    }
  | { readonly type: 'stage-conflict'; readonly base: string; readonly head: string; readonly onto: string }
  | { readonly type: 'ask'; readonly question: QuestionKind; readonly tree?: string }
  | AwaitProvider
  | { readonly type: 'advance'; readonly from: string; readonly checkpoint: string; readonly subject: string };

/** `name` tells effects of one type in one attempt apart. */
export function request(
  draft: Draft,
  step: Pick<StepState, 'path' | 'attempt' | 'lane' | 'interruptions' | 'generation' | 'waited'>,
  what: Request,
  name: string = nameOf(what, step),
): void {
  const again = step.generation > 0 ? `@${step.generation}` : '';
  const id: EffectId = `${step.path}${again}#${step.attempt}/${name}`;
  const effect = { ...what, id, step: step.path, attempt: step.attempt, lane: step.lane };
  emit(draft, { type: 'effect-requested', effect });
}

const ofTurn: ReadonlySet<Request['type']> = new Set(['run-agent', 'checkpoint', 'await-provider']);

/** An attempt may take several turns: each that was interrupted, or waited for its provider, is followed by another. */
function nameOf(what: Request, { interruptions, waited }: Pick<StepState, 'interruptions' | 'waited'>): string {
  if (what.type === 'run-gate') return `gate:${what.gate.name}`;
  const name = waited && ofTurn.has(what.type) ? `${what.type}.waited${waited.times}` : what.type;
  return what.type === 'run-agent' && interruptions > 0 ? `${name}.${interruptions}` : name;
}
