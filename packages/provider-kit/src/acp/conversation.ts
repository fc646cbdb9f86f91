import type { Exit, Host, JsonObject, OutputLine, SerializedProviderError, TurnOutcome } from '@pawl/provider';
import type { BodyEvent, Clock, Launch, Translator, Verdict } from '../definition.ts';
import { crashed, failure } from '../failure.ts';
import { asObject, asString, readObject } from '../json.ts';
import { agentOf, wrongVersion } from './agent.ts';
import { rpcFailure } from './failure.ts';
import { filesOf } from './files.ts';
import {
  effortRequest,
  listedSessions,
  modelRequest,
  modeRequest,
  openingRequest,
  refTo,
  type Settings,
  settingsOf,
  withoutEffort,
  withoutMode,
} from './opening.ts';
import { outcomeOf } from './outcome.ts';
import type { AcpAgent, AcpProfile } from './profile.ts';
import { initialize, notification, request, requestNamed } from './protocol.ts';
import { AcpTurn } from './turn.ts';
import { AcpMeter } from './usage.ts';

export interface ConversationSetup<Options> {
  readonly provider: string;
  readonly profile: AcpProfile;
  readonly launch: Launch<Options>;
  readonly host: Host;
  readonly clock: Clock;
}

/** One turn with an agent that speaks ACP: what it says as events, and what it is to be told next. */
export class AcpConversation<Options> implements Translator {
  readonly #setup: ConversationSetup<Options>;
  readonly #said: AcpTurn;
  readonly #meter: AcpMeter;
  #out: (string | Promise<string>)[] = [];
  #agent: AcpAgent = { version: undefined, load: false, sessions: {} };
  #start: Launch<Options>['start'];
  #session: string | undefined;
  #settings: Settings = settingsOf({});
  #model: string | undefined;
  #prompted = false;
  #ended = false;
  #outcome: TurnOutcome | undefined;

  constructor(setup: ConversationSetup<Options>) {
    const { launch, profile, host } = setup;
    this.#setup = setup;
    this.#start = launch.start;
    const files = filesOf([launch.cwd, ...(profile.directories ?? [])], host);
    this.#meter = new AcpMeter(launch.start, profile.usage);
    this.#said = new AcpTurn(profile, launch.access, files, this.#meter);
    this.#out.push(initialize(files !== undefined && profile.files !== false));
  }

  get over(): boolean {
    return this.#outcome !== undefined;
  }

  outgoing(): readonly (string | Promise<string>)[] {
    return this.#out.splice(0);
  }

  cancel(): void {
    if (this.#session !== undefined && this.#prompted) {
      this.#out.push(notification('session/cancel', { sessionId: this.#session }));
    }
  }

  *line(native: OutputLine): Generator<BodyEvent> {
    const message = readObject(native);
    if (!message)
      return yield { type: 'native', name: native.truncatedBytes === undefined ? 'no JSON' : 'line too long' };
    const method = asString(message.method);
    if (method !== undefined) {
      if (message.id === undefined) yield* this.#notified(method, asObject(message.params) ?? {});
      else this.#out.push(yield* this.#said.asked(message, this.over));
      return;
    }
    const name = requestNamed(message.id);
    if (name === undefined) return yield { type: 'native', name: 'no message of ACP' };
    if (this.over) return;
    const error = asObject(message.error);
    if (error && name === 'prompt') yield* this.#said.close();
    if (error) {
      const known = name === 'session' && this.#start.kind !== 'new';
      this.#fail(rpcFailure(this.#setup.profile.title, known ? 'known-session' : name, error));
    } else yield* this.#answered(name, asObject(message.result) ?? {});
  }

  end(exit: Exit): Verdict {
    this.#ended = true;
    const { provider, launch, profile } = this.#setup;
    const usage = this.#meter.usage;
    // Before the prompt none has answered.
    const model = this.#prompted ? (this.#meter.model ?? this.#model) : undefined;
    const { messageId } = this.#said;
    return {
      outcome: this.#outcome ?? { kind: 'failed', error: crashed(profile.title, exit) },
      usage,
      session: this.#session === undefined ? undefined : refTo(provider, this.#session, launch.cwd, this.#meter.total),
      ...(model === undefined ? {} : { model }),
      ...(messageId === undefined ? {} : { messageId }),
    };
  }

  *#answered(name: ReturnType<typeof requestNamed>, result: JsonObject): Generator<BodyEvent> {
    const { profile, launch } = this.#setup;
    switch (name) {
      case 'initialize': {
        const wrong = wrongVersion(profile.title, result);
        if (wrong) return this.#fail(wrong);
        this.#agent = agentOf(result);
        if (profile.authenticate === undefined) return this.#open();
        this.#out.push(request('authenticate', 'authenticate', { methodId: profile.authenticate }));
        return;
      }
      case 'authenticate':
        return this.#open();
      case 'list': {
        const newest = listedSessions(result, launch.cwd)[0];
        const message = `${profile.title} has no session in ${launch.cwd} to continue.`;
        if (!newest) return this.#fail(failure('session-not-found', message));
        this.#start = { kind: 'resume', ref: refTo(this.#setup.provider, newest.id, launch.cwd, undefined) };
        return this.#open();
      }
      case 'session':
        return yield* this.#opened(result);
      case 'model':
        this.#model = launch.model;
        // What it can be set to may be another thing for another model.
        if (result.configOptions) this.#settings = settingsOf(result);
        return yield* this.#setEffort();
      case 'effort':
        return yield* this.#setMode();
      case 'mode':
        return yield* this.#prompt();
      case 'prompt':
        this.#meter.result(result, launch.model);
        yield* this.#said.close();
        return this.#concluded(result);
    }
  }

  #concluded(result: JsonObject): void {
    const { title } = this.#setup.profile;
    const { failure: why, text } = this.#said;
    if (why === undefined || result.stopReason !== 'end_turn') this.#outcome = outcomeOf(title, result, text);
    else this.#fail(rpcFailure(title, 'prompt', { message: why }));
  }

  #open(): void {
    const { profile, launch, host, clock } = this.#setup;
    const { mcpServers = [], directories = [], directoryFlag, asksElsewhere = false } = profile;
    const asked = directories.length > 0 && directoryFlag === undefined && !asksElsewhere;
    const opening = openingRequest(this.#start, this.#agent, {
      ...{ cwd: launch.cwd, mcpServers },
      ...(asked && { additionalDirectories: directories }),
    });
    if ('missing' in opening) {
      this.#fail(failure('unsupported', `This ${profile.title} cannot ${opening.missing}.`));
      return;
    }
    const { settle } = profile;
    const start = this.#start;
    if (!settle || !('ref' in start)) return void this.#out.push(opening.text);
    const settled = async () => {
      for (;;) {
        const ms = await settle(start.ref, host, launch.env).catch(() => 0);
        if (ms <= 0 || this.over || this.#ended) return opening.text;
        await new Promise<void>((resolve) => clock.after(Math.min(ms, 250), resolve));
      }
    };
    this.#out.push(settled());
  }

  *#opened(result: JsonObject): Generator<BodyEvent> {
    const { profile, launch } = this.#setup;
    const start = this.#start;
    // Only a new one is named in the answer.
    this.#session = asString(result.sessionId) ?? (start.kind === 'resume' ? start.ref.id : undefined);
    if (this.#session === undefined) {
      return this.#fail(failure('protocol', `${profile.title} opened a session and did not name it.`));
    }
    this.#settings = settingsOf(result);
    const { model } = this.#settings;
    this.#model = model === undefined ? undefined : (profile.modelName?.(model) ?? model);
    if (launch.model === undefined || profile.modelFlag !== undefined || launch.model === this.#model)
      return yield* this.#setEffort();
    this.#out.push(modelRequest(this.#session, this.#settings, launch.model));
  }

  *#setEffort(): Generator<BodyEvent> {
    const { effort, title } = this.#setup.profile;
    if (effort === undefined) return yield* this.#setMode();
    if (!this.#settings.efforts.includes(effort)) return this.#fail(withoutEffort(title, effort, this.#settings));
    this.#out.push(effortRequest(this.#session ?? '', this.#settings, effort));
  }

  *#setMode(): Generator<BodyEvent> {
    const { profile, launch } = this.#setup;
    const mode = profile.access[launch.access]?.mode;
    if (mode === undefined) return yield* this.#prompt();
    const { modes } = this.#settings;
    if (!modes.includes(mode))
      return this.#fail(failure('unsupported', withoutMode(profile.title, launch.access, mode, modes)));
    this.#out.push(modeRequest(this.#session ?? '', this.#settings, mode));
  }

  *#prompt(): Generator<BodyEvent> {
    const { provider, launch } = this.#setup;
    const sessionId = this.#session ?? '';
    const { version } = this.#agent;
    yield {
      type: 'session-ready',
      session: refTo(provider, sessionId, launch.cwd, undefined),
      ...(this.#model === undefined ? {} : { model: this.#model }),
      ...(version === undefined ? {} : { cliVersion: version }),
    };
    this.#prompted = true;
    // It would be taken for a command of the agent, also behind white space.
    const text = /^\s*[/$][A-Za-z]/.test(launch.prompt) ? `Prompt:\n${launch.prompt}` : launch.prompt;
    this.#out.push(request('prompt', 'session/prompt', { sessionId, prompt: [{ type: 'text', text }] }));
  }

  *#notified(method: string, params: JsonObject): Generator<BodyEvent> {
    if (method !== 'session/update') {
      yield* this.#said.unknown(method);
      return;
    }
    const prompted = this.#prompted && !this.over;
    // The past of a session that is loaded, or what another one says, is not this turn's.
    yield* this.#said.update(asObject(params.update) ?? {}, prompted && params.sessionId === this.#session);
  }

  #fail(error: SerializedProviderError): void {
    this.#outcome = { kind: 'failed', error };
  }
}
