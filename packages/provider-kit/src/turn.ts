import type {
  AgentEvent,
  Child,
  Exit,
  Host,
  OutputLine,
  SerializedProviderError,
  Turn,
  TurnEnd,
  TurnInput,
  TurnOutcome,
} from '@pawl/provider';
import { Answered } from './answered.ts';
import type { CliProviderDefinition, Clock, Launch, Translator, Verdict } from './definition.ts';
import { Dialogue } from './dialogue.ts';
import { caught, failure, notHeard, notStarted } from './failure.ts';
import { Frame } from './frame.ts';
import { guarded } from './guarded.ts';
import { EventQueue } from './queue.ts';
import { turnEnd } from './turn-end.ts';
import { Watch, within } from './watch.ts';

interface Context {
  readonly host: Host;
  readonly requestEnv: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Conversations with a turn under way, over all sessions of this provider. */
  readonly busy: Set<string>;
  /** Called before anyone can see the last event. */
  readonly onEnd: (end: TurnEnd) => void;
}

/** Output may end before the process does: so long it may tidy up. */
const tidyMs = 5_000;
/** So long the output of a stopped process may take to end, and the process to be gone. */
const stopMs = 30_000;
const noExit: Exit = { code: undefined, signal: undefined, stderrTail: '' };

export class RunningTurn<Options> implements Turn {
  readonly settled: Promise<TurnEnd>;
  readonly #definition: CliProviderDefinition<Options>;
  readonly #launch: Launch<Options>;
  readonly #input: TurnInput;
  readonly #context: Context;
  readonly #queue = new EventQueue({ events: 4_096, characters: 16 * 1_048_576 });
  readonly #frame = new Frame();
  #answered: Answered<Options>;
  readonly #watch: Watch;
  readonly #startedAt: number;
  #settle: (end: TurnEnd) => void = () => {};
  #child: Child | undefined;
  /** Why the turn is being stopped; the first reason stays. */
  #stop: TurnOutcome | undefined;
  #stopped: Promise<void> | undefined;
  #dialogue: Dialogue | undefined;
  #offTidy: (() => void) | undefined;
  #over = false;
  readonly #held: string[] = [];
  #wakeStop: () => void = () => {};
  readonly #stopAsked = new Promise<void>((resolve) => (this.#wakeStop = resolve));

  constructor(definition: CliProviderDefinition<Options>, launch: Launch<Options>, input: TurnInput, context: Context) {
    this.#definition = definition;
    this.#launch = launch;
    this.#input = input;
    this.#context = context;
    this.#answered = new Answered(definition, launch);
    this.#watch = new Watch(context.clock);
    this.#startedAt = context.clock.now();
    this.settled = new Promise((resolve) => (this.#settle = resolve));
  }

  get ended(): Promise<TurnEnd> {
    this.#queue.unattended();
    return this.settled;
  }

  [Symbol.asyncIterator](): AsyncIterator<AgentEvent> {
    return this.#queue[Symbol.asyncIterator]();
  }

  cancel(): void {
    this.#stopWith({ kind: 'cancelled' });
  }

  begin(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    const { signal } = this.#input;
    const abort = () => this.cancel();
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    this.#queue.push({ type: 'turn-start' });
    let verdict: Verdict;
    try {
      verdict = await this.#perform();
    } catch (error) {
      verdict = this.#failed(caught(error, `${this.#definition.title} could not be run`));
    }
    signal?.removeEventListener('abort', abort);
    this.#watch.off();
    this.#offTidy?.();
    this.#dialogue?.close();
    this.#finish(verdict);
  }

  async #perform(): Promise<Verdict> {
    const { prepare, command, translate, title, install } = this.#definition;
    const { host, requestEnv } = this.#context;
    const { start } = this.#launch;
    if (this.#stop) return this.#unstarted(this.#stop);
    if (start.kind === 'resume' && !this.#hold(start.ref.id)) {
      const message = `Another turn of session ${start.ref.id} is running; wait for its end.`;
      return this.#failed(failure('unsupported', message, { retryable: true }));
    }
    const prepared = await prepare?.(this.#launch, host);
    const launch = prepared ? { ...this.#launch, prepared } : this.#launch;
    this.#answered = new Answered(this.#definition, launch);
    const asked = command(launch);
    const translator = guarded(translate(launch, host), title);
    if (this.#stop) return this.#unstarted(this.#stop);
    const child = host.spawn({ ...asked, env: { ...requestEnv, ...asked.env } });
    this.#child = child;
    const unheard = () => this.#stopWith({ kind: 'failed', error: notHeard(title) });
    this.#dialogue = new Dialogue(child, translator, this.#context.clock, unheard);
    this.#dialogue.speak();
    await this.#output(child, translator);
    const exit = await this.#exit(child);
    const hint = typeof install === 'string' ? install : install(launch.options);
    if (exit.error) return this.#failed(notStarted(exit, asked.file, title, hint));
    const verdict = translator.end(exit);
    const stop = this.#stop ?? this.#answered.compare(verdict.session, verdict.model);
    return stop ? { ...verdict, outcome: stop } : verdict;
  }

  /** Ends with the output, or a while after a stop: a process that cannot be killed must not hold the turn. */
  async #output(child: Child, translator: Translator): Promise<void> {
    const { clock, host } = this.#context;
    const reading = this.#read(child, translator).catch((error: unknown) =>
      host.log('warn', `output: ${String(error)}`),
    );
    const stopped = this.#stopAsked.then(() => within(clock, stopMs, reading, undefined));
    await Promise.race([reading, stopped]);
  }

  async #read(child: Child, translator: Translator): Promise<void> {
    const { firstEventMs, idleMs } = this.#input;
    this.#arm(firstEventMs ?? idleMs, 'said nothing');
    for await (const line of child.lines) {
      if (this.#over) return;
      this.#watch.off();
      this.#take(line, translator);
      await this.#queue.room();
      if (!translator.over) this.#arm(idleMs, 'said nothing more');
    }
    this.#watch.off();
  }

  #take(native: OutputLine, translator: Translator): void {
    let weight = native.text.length;
    for (const event of translator.line(native)) {
      for (const framed of this.#queue.discarding ? [] : this.#frame.accept(event)) {
        this.#queue.push({ line: native.line, ...framed }, weight);
        weight = 0;
      }
      if (event.type !== 'session-ready') continue;
      const wrong = this.#answered.compare(event.session, event.model);
      if (wrong) this.#stopWith(wrong);
      else this.#hold(event.session.id);
    }
    this.#dialogue?.speak();
    if (translator.over) this.#conclude();
  }

  /** Two processes on one conversation lose the words of one of them. False: another turn has it. */
  #hold(id: string): boolean {
    if (this.#held.includes(id)) return true;
    const { busy } = this.#context;
    if (busy.has(id)) return false;
    busy.add(id);
    this.#held.push(id);
    return true;
  }

  async #exit(child: Child): Promise<Exit> {
    const { clock } = this.#context;
    const tidy = await within(clock, this.#stop ? 0 : tidyMs, child.exit, undefined);
    if (tidy) return tidy;
    this.#halt();
    return await within(clock, stopMs, child.exit, noExit);
  }

  #arm(ms: number | undefined, what: string): void {
    if (this.#stop) return;
    this.#watch.set(ms, () => {
      const message = `${this.#definition.title} ${what} for ${(ms ?? 0) / 1000} s and was stopped.`;
      this.#stopWith({ kind: 'failed', error: failure('timeout', message, { retryable: true }) });
    });
  }

  #stopWith(outcome: TurnOutcome): void {
    if (this.#stop) return;
    this.#stop = outcome;
    this.#watch.off();
    this.#queue.hurry();
    this.#halt();
    this.#wakeStop();
  }

  #halt(): void {
    const child = this.#child;
    if (!child) return;
    this.#stopped ??= (this.#dialogue?.leave() ?? Promise.resolve())
      .then(() => child.stop())
      .catch((error: unknown) => this.#context.host.log('warn', `stop: ${String(error)}`));
  }

  /** All has been said: the process may tidy up, then it is stopped, and the verdict stays. */
  #conclude(): void {
    if (this.#offTidy) return;
    this.#dialogue?.close();
    this.#offTidy = this.#context.clock.after(tidyMs, () => this.#halt());
  }

  #failed(error: SerializedProviderError): Verdict {
    return this.#unstarted({ kind: 'failed', error });
  }

  #unstarted(outcome: TurnOutcome): Verdict {
    return { outcome, usage: {}, session: undefined };
  }

  #finish(verdict: Verdict): void {
    // Neither may be gone on with: an ephemeral session has an id too, under which nothing is kept.
    const lost = this.#answered.wrongSession || this.#launch.start.kind === 'ephemeral';
    const ms = this.#context.clock.now() - this.#startedAt;
    const end = turnEnd(verdict, { lost, ms, unknownLines: this.#frame.unknownLines });
    this.#over = true;
    for (const id of this.#held) this.#context.busy.delete(id);
    this.#context.onEnd(end);
    for (const event of this.#frame.close({ completed: verdict.outcome.kind === 'completed' })) this.#queue.push(event);
    this.#queue.push(end);
    this.#queue.close();
    this.#settle(end);
  }
}
