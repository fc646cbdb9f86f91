import type { SerializedProviderError, SessionRef, TurnOutcome } from '@pawl/provider';
import type { CliProviderDefinition, Launch } from './definition.ts';
import { failure } from './failure.ts';

/** Compares who answered with who was asked: a CLI that goes on with something else must not pass for the right one. */
export class Answered<Options> {
  readonly #definition: CliProviderDefinition<Options>;
  readonly #launch: Launch<Options>;
  #wrongSession = false;

  /** With `launch` as the command line was made from it. */
  constructor(definition: CliProviderDefinition<Options>, launch: Launch<Options>) {
    this.#definition = definition;
    this.#launch = launch;
  }

  /** True once another session answered: it must not be taken for the one to go on with. */
  get wrongSession(): boolean {
    return this.#wrongSession;
  }

  compare(session: SessionRef | undefined, model: string | undefined): TurnOutcome | undefined {
    const { checkSession, sameModel = (asked, answered) => asked === answered, title } = this.#definition;
    const error = session && (this.#session(session.id) ?? checkSession?.(this.#launch, session));
    if (error) {
      this.#wrongSession = true;
      return { kind: 'failed', error };
    }
    const asked = this.#launch.model;
    if (asked === undefined || model === undefined || sameModel(asked, model, this.#launch)) return undefined;
    const message = `${title} answered with model ${model} where ${asked} was asked for.`;
    return { kind: 'failed', error: failure('wrong-model', message) };
  }

  #session(answered: string): SerializedProviderError | undefined {
    const { start } = this.#launch;
    const { title } = this.#definition;
    if (start.kind === 'resume' && answered !== start.ref.id) {
      return failure(
        'wrong-session',
        `${title} answered in session ${answered} where ${start.ref.id} was to be resumed.`,
      );
    }
    if (start.kind === 'fork' && answered === start.ref.id) {
      return failure('wrong-session', `${title} went on in session ${answered} where a fork of it was asked for.`);
    }
    if (start.kind === 'new' && start.id !== undefined && answered !== start.id) {
      return failure('wrong-session', `${title} started session ${answered} where ${start.id} was chosen.`);
    }
    return undefined;
  }
}
