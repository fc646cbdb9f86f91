import type { Host, OpenRequest, Session, SessionRef, SessionStart, Turn, TurnInput } from '@pawl/provider';
import { checkVerb } from './checks.ts';
import type { CliProviderDefinition, Launch, Surroundings } from './definition.ts';
import { refuse } from './failure.ts';
import { RunningTurn } from './turn.ts';

/** A conversation with a CLI that runs once per turn: the first turn starts it, each later one resumes it. */
export class CliSession<Options> implements Session {
  readonly #definition: CliProviderDefinition<Options>;
  readonly #request: OpenRequest<Options>;
  readonly #host: Host;
  readonly #surroundings: Surroundings;
  readonly #busy: Set<string>;
  readonly #freshId: string;
  #ref: SessionRef | undefined;
  /** The agent has answered in this conversation, so that it can be resumed. */
  #told = false;
  #running: RunningTurn<Options> | undefined;
  #begun = false;
  #closed = false;

  constructor(
    definition: CliProviderDefinition<Options>,
    request: OpenRequest<Options>,
    host: Host,
    surroundings: Surroundings,
    busy: Set<string>,
  ) {
    this.#definition = definition;
    this.#request = request;
    this.#host = host;
    this.#surroundings = surroundings;
    this.#busy = busy;
    this.#freshId = surroundings.newId();
    const { start, cwd } = request;
    if (start.kind === 'resume') this.#ref = start.ref;
    if (start.kind === 'new' && start.id !== undefined) this.#ref = { provider: definition.id, id: start.id, cwd };
  }

  get ref(): SessionRef | undefined {
    return this.#ref;
  }

  /** Throws a `ProviderError` while another turn runs, after `close`, and where there is nothing to go on with. */
  turn(input: TurnInput): Turn {
    const { title } = this.#definition;
    if (this.#closed) throw refuse('unsupported', `This session of ${title} is closed; open it again to go on.`);
    if (this.#running)
      throw refuse('unsupported', `A turn of ${title} is running; wait for its end, then start the next.`);
    const launch = this.launch(input);
    const turn = new RunningTurn(this.#definition, launch, input, {
      host: this.#host,
      requestEnv: this.#request.env ?? {},
      clock: this.#surroundings.clock,
      busy: this.#busy,
      onEnd: ({ session }) => {
        this.#running = undefined;
        if (!session) return;
        this.#ref = session;
        this.#told = true;
      },
    });
    this.#running = turn;
    this.#begun = true;
    turn.begin();
    return turn;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const running = this.#running;
    running?.cancel();
    await running?.settled;
  }

  launch(input: TurnInput): Launch<Options> {
    const { cwd, options, model, access, env } = this.#request;
    const { limits, output } = this.#definition.capabilities;
    const asked = input.limits ?? {};
    return {
      cwd,
      options,
      access,
      ...(model === undefined ? {} : { model }),
      start: this.#nextStart(),
      prompt: input.prompt,
      limits: {
        ...(asked.turns !== undefined && limits.includes('turns') ? { turns: asked.turns } : {}),
        ...(asked.costUsd !== undefined && limits.includes('costUsd') ? { costUsd: asked.costUsd } : {}),
      },
      ...(input.outputSchema && output.includes('json-schema') ? { outputSchema: input.outputSchema } : {}),
      env: { ...this.#host.env, ...env },
      freshId: this.#freshId,
    };
  }

  #nextStart(): SessionStart {
    const { start } = this.#request;
    if (start.kind === 'ephemeral' && this.#begun) {
      throw refuse(
        'unsupported',
        `An ephemeral session of ${this.#definition.title} has one turn; nothing of it was kept.`,
      );
    }
    if (!this.#told || !this.#ref) return start;
    checkVerb(this.#definition, 'resume');
    return { kind: 'resume', ref: this.#ref };
  }
}
