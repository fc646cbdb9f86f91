import { type Decision, decide, evolve, type Input, initial, type RunEvent, type RunState } from '@pawl/core';
import { RunnerError } from './errors.ts';
import type { Observe } from './notice.ts';
import type { Ports } from './ports.ts';

type Refusal = Decision & { readonly ok: false };
type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;

/** The run's events and the state they fold to: one writer, each append at the expected sequence number. */
export class Log {
  state: RunState = initial;
  readonly run: string;
  #sequence = 0;
  readonly #ports: Pick<Ports, 'log' | 'now'>;
  readonly #observe: Observe | undefined;

  constructor(run: string, ports: Pick<Ports, 'log' | 'now'>, observe: Observe | undefined) {
    this.run = run;
    this.#ports = ports;
    this.#observe = observe;
  }

  async load(): Promise<readonly RunEvent[]> {
    const events = await this.#ports.log.read(this.run);
    this.state = events.reduce(evolve, initial);
    this.#sequence = events.length;
    return events;
  }

  /** Asks the core, and stores what it answers in one append. */
  async tell(input: WithoutTime<Input>): Promise<void> {
    const refused = await this.ask(input);
    if (refused)
      throw new RunnerError('decision-refused', `run ${this.run} was stopped: ${refused.message} (${refused.code})`);
  }

  /** The same, where a refusal is one of the answers. */
  async ask(input: WithoutTime<Input>): Promise<Refusal | undefined> {
    const decision = decide(this.state, { ...input, at: this.#ports.now() } as Input);
    if (!decision.ok) return decision;
    await this.add(decision.events);
    return undefined;
  }

  async add(events: readonly RunEvent[]): Promise<void> {
    if (events.length === 0) return;
    const first = this.#sequence + 1;
    this.#sequence = await this.#ports.log.append(this.run, this.#sequence, events);
    this.state = events.reduce(evolve, this.state);
    for (const [index, event] of events.entries()) this.#observe?.({ type: 'event', sequence: first + index, event });
  }
}
