import {
  decide,
  type Effect,
  evolve,
  type Input,
  initial,
  type Outcome,
  outstanding,
  type Plan,
  type PromptPart,
  promptParts,
  type RunAgent,
  type RunEvent,
  type RunState,
  type StepState,
} from '../src/index.ts';
import { checkpoint, passes, session, turn } from './given.ts';

/** How effects end, by their id; a list answers one after the other. What is not named ends well. */
export type Answers = Readonly<Record<string, Outcome | Took | ((effect: Effect, state: RunState) => Outcome)>>;
interface Took {
  readonly took: number;
  readonly outcome: Outcome;
}
export const took = (ms: number, outcome: Outcome): Took => ({ took: ms, outcome });

export interface Options {
  /** The run is told to stop while this effect is outstanding. */
  readonly abortAt?: string;
  /** No more answers once this effect is outstanding. */
  readonly until?: string;
  /** More than this many effects is a run that does not end. */
  readonly most?: number;
}

export class Played {
  readonly events: RunEvent[] = [];
  readonly effects: Effect[] = [];
  readonly prompts = new Map<string, readonly PromptPart[]>();
  state: RunState = initial;
  at = 1_000_000;

  get ids(): string[] {
    return this.effects.map((effect) => effect.id);
  }
  get warnings(): string[] {
    return this.events.flatMap((event) => (event.type === 'warned' ? [`${event.step}: ${event.code}`] : []));
  }
  get failures(): string[] {
    return this.attemptEnds.flatMap(({ failure }) => (failure ? [`${failure.reason}: ${failure.message}`] : []));
  }
  get attemptEnds(): readonly (RunEvent & { type: 'attempt-ended' })[] {
    return this.ofType('attempt-ended');
  }
  ofType<T extends RunEvent['type']>(type: T): readonly (RunEvent & { type: T })[] {
    return this.events.filter((event): event is RunEvent & { type: T } => event.type === type);
  }
  agent(id: string): Effect & RunAgent {
    const effect = this.effects.find((one) => one.id === id);
    if (effect?.type !== 'run-agent') throw new Error(`no agent ran as ${id}; there were ${this.ids.join(' ')}`);
    return effect;
  }
  /** Which conversation a turn was started with. */
  start(id: string): string {
    const { start } = this.agent(id);
    return start.kind === 'new' ? 'new' : start.session.id;
  }
  step(path: string): StepState {
    const step = this.state.steps[path];
    if (!step) throw new Error(`no step ${path}`);
    return step;
  }
  /** A prompt as the shell would join it, with what it must read in brackets. */
  prompt(id: string): string {
    const parts = this.prompts.get(id);
    if (!parts) throw new Error(`no prompt for ${id}; there were ${this.ids.join(' ')}`);
    return render(parts);
  }
  tell(input: { [K in Input['type']]: Omit<Input & { type: K }, 'at'> }[Input['type']]): readonly RunEvent[] {
    const decision = decide(this.state, { ...input, at: this.at } as Input);
    if (!decision.ok) throw new Error(`${decision.code}: ${decision.message}`);
    for (const event of decision.events) {
      this.events.push(event);
      this.state = evolve(this.state, event);
      if (event.type === 'effect-requested') this.#asked(event.effect);
    }
    return decision.events;
  }
  #asked(effect: Effect): void {
    this.effects.push(effect);
    const parts = effect.type === 'run-agent' && promptParts(this.state, effect.step);
    if (parts) this.prompts.set(effect.id, parts);
  }
}

export function render(parts: readonly PromptPart[]): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if ('text' in part) return `${part.text}`;
      if ('blob' in part) return `[blob ${part.blob}${part.limit === undefined ? '' : ` up to ${part.limit}`}]`;
      return `${part.title}\n\n[${'file' in part ? `file ${part.file}` : `output of ${part.command}`}]`;
    })
    .join('');
}

/** Plays a run to its end (or to `until`), one effect after the other. */
export function play(plan: Plan, answers: Answers = {}, options: Options = {}): Played {
  const played = new Played();
  played.tell({ type: 'start', run: 'r1', plan });
  for (let guard = 0; ; guard++) {
    const [effect] = outstanding(played.state);
    if (!effect || effect.id === options.until) return played;
    if (guard > (options.most ?? 1000)) throw new Error('the run does not end');
    if (effect.id === options.abortAt) played.tell({ type: 'abort', reason: 'asked' });
    const answer = answers[effect.id] ?? endsWell(effect);
    const { took: ms, outcome } =
      typeof answer === 'function'
        ? { took: 1000, outcome: answer(effect, played.state) }
        : 'took' in answer
          ? answer
          : { took: 1000, outcome: answer };
    played.at += ms;
    played.tell({ type: 'settle', effect: effect.id, outcome });
  }
}

/** Settles what is named, in this order; with no name everything until the run has ended. What is not in `answers` ends well. */
export function settleAll(played: Played, ...ids: readonly string[]): void {
  finish(played, {}, ids);
}

export function finish(played: Played, answers: Answers = {}, ids: readonly string[] = []): Played {
  const left = [...ids];
  for (let guard = 0; ; guard++) {
    if (ids.length > 0 && left.length === 0) return played;
    const open = outstanding(played.state);
    const id = left.shift();
    const effect = id === undefined ? open[0] : open.find((one) => one.id === id);
    if (!effect && id !== undefined)
      throw new Error(`${id} is not outstanding: ${open.map((one) => one.id).join(' ')}`);
    if (!effect) return played;
    if (guard > 1000) throw new Error('the run does not end');
    const answer = answers[effect.id] ?? endsWell(effect);
    const outcome =
      typeof answer === 'function' ? answer(effect, played.state) : 'took' in answer ? answer.outcome : answer;
    played.at += 1000;
    played.tell({ type: 'settle', effect: effect.id, outcome });
  }
}

/** Every agent has a conversation named after the step and attempt that began it, or goes on with the one it was given. */
export function endsWell(effect: Effect): Outcome {
  switch (effect.type) {
    case 'open-worktree':
      return { kind: 'worktree-opened', path: '/worktree', branch: 'pawl/r1/main' };
    case 'run-agent': {
      const id =
        effect.start.kind === 'resume' ? effect.start.session.id : `session of ${effect.step}#${effect.attempt}`;
      const json = {
        changes: undefined,
        tasks: { tasks: [{ name: 'one', description: 'First.' }] },
        verdict: { pass: true },
        artifact: undefined,
      };
      const output = json[effect.expect];
      return turn({ session: id, ...(output !== undefined && { json: output }) });
    }
    case 'checkpoint':
      return { kind: 'checkpoint-made', checkpoint: checkpoint(effect.baseline ? [] : ['src/a.ts'], `${effect.id}!`) };
    case 'reset':
      return { kind: 'worktree-reset' };
    case 'run-gate':
      return passes;
    case 'advance':
      return { kind: 'branch-advanced', commit: `commit of ${effect.step}` };
    case 'merge':
      return { kind: 'merged', commit: `merge of ${effect.from}` };
    case 'stage-conflict':
      return { kind: 'conflict-staged', commit: `${effect.id}!`, files: ['a.ts'] };
    case 'close-worktree':
      return { kind: 'worktree-closed' };
    case 'ask':
      return { kind: 'answered', answer: { choice: 'continue' } };
    case 'await-provider':
      return { kind: 'provider-awaited' };
  }
}

export const sessionIn = (state: StepState): string | undefined => state.session?.ref.id;
export { session };
