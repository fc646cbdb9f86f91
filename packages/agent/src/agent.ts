import { resolve } from 'node:path';
import type { AgentEvent, Host, Provider, SessionRef, SessionStart } from '@pawl/provider';
import type { Agent, AgentOptions, RunOptions, RunResult, RunStream } from './agent-contract.ts';
import { findSession, foreignSession } from './catalogue.ts';
import { AgentError } from './errors.ts';
import { EventStream } from './event-stream.ts';
import { createHost } from './host.ts';
import { KeptTurn } from './kept-turn.ts';
import { toResult } from './result.ts';
import { runTurn } from './run-turn.ts';
import { checkpointTurn } from './turn-checkpoint.ts';

/** A conversation with the provider's agent. Nothing is started before its first run. */
export function createAgent(provider: Provider, options: AgentOptions = {}): Agent {
  return new Conversation(provider, options, { kind: 'new' });
}

/** `sessionDir`: see {@link Agent.withSessionDir}. */
type ConversationOptions = AgentOptions & { readonly sessionDir?: string };

/** How a conversation begins, as the caller named it. */
type Beginning =
  | { readonly kind: 'new' | 'continue' | 'ephemeral' }
  | { readonly kind: 'resume'; readonly session: SessionRef | string }
  | { readonly kind: 'fork'; readonly session: SessionRef | string; readonly at?: string; readonly title?: string };

class Conversation implements Agent {
  readonly #provider: Provider;
  readonly #options: ConversationOptions;
  #beginning: Beginning;
  #session: SessionRef | undefined;
  #running: { readonly controller: AbortController; readonly ended: Promise<unknown> } | undefined;

  constructor(provider: Provider, options: ConversationOptions, beginning: Beginning) {
    this.#provider = provider;
    this.#options = options;
    this.#beginning = beginning;
    if (beginning.kind === 'resume' && typeof beginning.session !== 'string') this.#session = beginning.session;
  }

  get session(): SessionRef | undefined {
    return this.#session;
  }

  async run(prompt: string, options: RunOptions = {}): Promise<RunResult> {
    return this.#begin(prompt, options).result;
  }

  stream(prompt: string, options: RunOptions = {}): RunStream {
    const events = new EventStream();
    const { result, signal } = this.#begin(prompt, {
      ...options,
      onEvent: async (event) => {
        await options.onEvent?.(event);
        await events.push(event);
      },
    });
    signal.addEventListener('abort', () => events.letGo(), { once: true });
    const over = result.finally(() => events.end());
    // Told to whoever asks for `result`.
    over.catch(() => undefined);
    return {
      [Symbol.asyncIterator]: () => events[Symbol.asyncIterator](),
      get result() {
        events.wantResult();
        return over;
      },
    };
  }

  continueLatest(): Agent {
    return this.#another({ kind: 'continue' });
  }

  resume(session: SessionRef | string, { at }: { readonly at?: string } = {}): Agent {
    return this.#another(at === undefined ? { kind: 'resume', session } : { kind: 'fork', session, at });
  }

  fork(
    session: SessionRef | string | undefined = this.#session,
    options: { readonly at?: string; readonly title?: string } = {},
  ): Agent {
    if (session === undefined)
      throw new AgentError('no-session', 'There is no session to fork yet. Run a prompt first, or name a session.');
    return this.#another({ kind: 'fork', session, ...options });
  }

  ephemeral(): Agent {
    return this.#another({ kind: 'ephemeral' });
  }

  withSessionDir(folder: string): Agent {
    const options = { ...this.#options, sessionDir: resolve(folder) };
    const session = this.#session;
    return new Conversation(this.#provider, options, session ? { kind: 'resume', session } : this.#beginning);
  }

  async abort(): Promise<void> {
    this.#running?.controller.abort();
    await this.#running?.ended;
  }

  async close(): Promise<void> {
    await this.abort();
    this.#session = undefined;
    this.#beginning = { kind: 'new' };
  }

  #another(beginning: Beginning): Agent {
    if ('session' in beginning && typeof beginning.session !== 'string')
      if (beginning.session.provider !== this.#provider.id) throw foreignSession(beginning.session, this.#provider);
    return new Conversation(this.#provider, this.#options, beginning);
  }

  #begin(prompt: string, options: RunOptions): { readonly result: Promise<RunResult>; readonly signal: AbortSignal } {
    const controller = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal;
    if (this.#running) {
      const message = 'A run of this agent is not over. Await it, abort() it, or fork() the agent.';
      return { signal, result: Promise.reject(new AgentError('busy', message)) };
    }
    const result = this.#turn(prompt, { ...options, signal }).finally(() => {
      this.#running = undefined;
    });
    this.#running = { controller, ended: result.catch(() => undefined) };
    return { result, signal };
  }

  async #turn(prompt: string, options: RunOptions): Promise<RunResult> {
    const start = await this.#start();
    const kept = this.#kept(prompt, start);
    try {
      await kept?.begin(start);
      const report = await runTurn({
        ...this.#request(start),
        ...options,
        prompt,
        limits: { ...this.#limits(), ...options.limits },
        onEvent: async (event) => {
          const told = this.#told(event, start);
          await kept?.see(told);
          await options.onEvent?.(told);
        },
      });
      const result = toResult(report, start.kind !== 'ephemeral');
      this.#session = result.session ?? this.#session;
      await kept?.record(result);
      const notRecorded = await kept?.also(() => this.#checkpoint(kept.id));
      return notRecorded ? { ...result, notRecorded } : result;
    } finally {
      await kept?.end();
    }
  }

  /** What is the same for all runs. */
  #request(start: SessionStart) {
    const { model, access = 'edit', env, firstEventMs, idleMs, sessionDir, options } = this.#options;
    return {
      provider: this.#provider,
      host: this.#host(),
      cwd: this.#folder(start),
      options,
      access,
      start,
      ...(model === undefined ? {} : { model }),
      ...(env === undefined ? {} : { env }),
      ...(firstEventMs === undefined ? {} : { firstEventMs }),
      ...(idleMs === undefined ? {} : { idleMs }),
      ...(sessionDir === undefined ? {} : { sessionDir }),
    };
  }

  #limits(): RunOptions['limits'] & object {
    const { timeoutMs, limits } = this.#options;
    return { ...(timeoutMs === undefined ? {} : { wallMs: timeoutMs }), ...limits };
  }

  #kept(prompt: string, start: SessionStart): KeptTurn | undefined {
    const { store, owner, repository, model, title } = this.#options;
    const beginning = this.#beginning;
    if (!store || start.kind === 'ephemeral') return undefined;
    return new KeptTurn(store.sessions, prompt, {
      title: (beginning.kind === 'fork' ? beginning.title : undefined) ?? title,
      model,
      owner,
      repository,
      parent: start.kind === 'fork' ? start : undefined,
    });
  }

  async #checkpoint(id: string | undefined): Promise<void> {
    const { store, checkpoint } = this.#options;
    if (!store || !checkpoint || id === undefined) return;
    const host = this.#host();
    // The agent's transcript is where its own environment says.
    const asked = { ...host, env: { ...host.env, ...this.#options.env } };
    await checkpointTurn(store, id, checkpoint, { provider: this.#provider, host: asked });
  }

  #host(): Host {
    return this.#options.host ?? createHost({ env: process.env, allow: this.#provider.environment });
  }

  /** What the agent was asked for stands beside what it tells. */
  #told(event: AgentEvent, start: SessionStart): AgentEvent {
    if (event.type !== 'session-ready') return event;
    return { cwd: this.#folder(start), access: this.#options.access ?? 'edit', ...event };
  }

  async #start(): Promise<SessionStart> {
    const beginning = this.#beginning;
    if (this.#session) return { kind: 'resume', ref: this.#session };
    if (!('session' in beginning)) return { kind: beginning.kind };
    const { cwd = process.cwd(), store } = this.#options;
    const ref = await findSession(beginning.session, this.#provider, resolve(cwd), store);
    if (beginning.kind === 'resume') return { kind: 'resume', ref };
    return { kind: 'fork', ref, ...(beginning.at === undefined ? {} : { at: beginning.at }) };
  }

  /** Some agents look for a session only in the folder it was made in. */
  #folder(start: SessionStart): string {
    const own = 'ref' in start ? start.ref.cwd : process.cwd();
    return resolve(this.#options.cwd ?? own);
  }
}
