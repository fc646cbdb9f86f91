import type { Child, Command, Exit, Host, Json, Provider, StandardSchema } from '@pawl/provider';
import {
  asString,
  type BodyEvent,
  type CliProviderDefinition,
  type Clock,
  crashed,
  defineCliProvider,
  readObject,
} from '@pawl/provider-kit';

export interface ToyOptions {
  readonly file?: string;
}

const options: StandardSchema<ToyOptions> = {
  '~standard': {
    version: 1,
    vendor: 'toy',
    validate: (value) => {
      const bad = Object.keys(Object(value)).filter((key) => key !== 'file');
      if (bad.length === 0) return { value: value as ToyOptions };
      return { issues: bad.map((key) => ({ message: `unknown key ${key}`, path: [{ key }] })) };
    },
  },
};

/** An agent whose lines are the body events themselves; `{"done":"text"}` is its result. */
export const toyDefinition: CliProviderDefinition<ToyOptions> = {
  id: 'toy',
  title: 'Toy',
  install: 'Build it.',
  options,
  models: {},
  environment: [],
  capabilities: {
    sessions: ['resume', 'fork', 'ephemeral', 'choose-id'],
    access: ['read-only', 'edit'],
    limits: ['turns'],
    reports: ['text-delta'],
    output: [],
  },
  probe: async () => ({ found: false, hint: 'it is a toy' }),
  command: (launch) => ({
    file: launch.options.file ?? 'toy',
    args: [launch.start.kind, JSON.stringify(launch.limits), launch.outputSchema ? 'schema' : 'plain'],
    cwd: launch.cwd,
    stdin: launch.prompt,
    env: { TOY: 'own', TOY_ID: launch.freshId },
  }),
  translate: () => {
    let text: string | undefined;
    let session: string | undefined;
    return {
      *line(native): Generator<BodyEvent> {
        const object = readObject(native);
        if (!object) return yield { type: 'native', name: 'not-json' };
        if (object.throw) throw new Error('translator');
        if (object.done !== undefined) {
          text = asString(object.done) ?? '';
          return;
        }
        const event = object as Json as unknown as BodyEvent;
        if (event.type === 'session-ready') session = event.session.id;
        yield event;
      },
      end: (exit) => ({
        outcome: text === undefined ? { kind: 'failed', error: crashed('Toy', exit) } : { kind: 'completed', text },
        usage: { inputTokens: 3, outputTokens: Number.NaN, costUsd: -1 },
        session: session === undefined ? undefined : { provider: 'toy', id: session, cwd: '/work' },
      }),
    };
  },
};

export const ready = (id: string, model?: string) =>
  JSON.stringify({
    type: 'session-ready',
    session: { provider: 'toy', id, cwd: '/work' },
    ...(model === undefined ? {} : { model }),
  });
export const done = (text: string) => JSON.stringify({ done: text });
export const event = (body: BodyEvent) => JSON.stringify(body);

export function toy(
  over: Partial<CliProviderDefinition<ToyOptions>> = {},
  surroundings?: Parameters<typeof defineCliProvider>[1],
): Provider<ToyOptions> {
  return defineCliProvider({ ...toyDefinition, ...over }, surroundings);
}

export const request = { cwd: '/work', access: 'edit', options: {}, start: { kind: 'new' } } as const;

/** A clock that only moves by hand. */
export class HandClock implements Clock {
  #now = 0;
  readonly #alarms = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): () => void {
    const alarm = { at: this.#now + ms, run };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  get alarms(): number {
    return this.#alarms.size;
  }

  /** Also lets everything that is ready run, before and after. */
  async pass(ms: number): Promise<void> {
    await settle();
    this.#now += ms;
    for (const alarm of [...this.#alarms]) {
      if (alarm.at > this.#now || !this.#alarms.delete(alarm)) continue;
      alarm.run();
    }
    await settle();
  }
}

/** Lets everything that is ready run. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 5; round++) await new Promise((resolve) => setImmediate(resolve));
}

/** A program that is driven by hand. */
export class HandChild implements Child {
  readonly command: Command;
  readonly exit: Promise<Exit>;
  stops = 0;
  /** What a stop does; undefined: nothing at all. */
  onStop: (() => void) | undefined = () => this.end({ signal: 'SIGTERM' });
  #waiting: string[] = [];
  #taken = 0;
  #ended = false;
  #wake: (() => void) | undefined;
  #settle: (exit: Exit) => void = () => {};

  constructor(command: Command) {
    this.command = command;
    this.exit = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Lines that were taken. */
  get taken(): number {
    return this.#taken;
  }

  get lines(): Child['lines'] {
    return this.#lines();
  }

  say(...lines: readonly string[]): void {
    this.#waiting.push(...lines);
    this.#wake?.();
  }

  closeOutput(): void {
    this.#ended = true;
    this.#wake?.();
  }

  end(exit: Partial<Exit>): void {
    this.closeOutput();
    this.#settle({ code: undefined, signal: undefined, stderrTail: '', ...exit });
  }

  async stop(): Promise<void> {
    this.stops += 1;
    this.onStop?.();
  }

  async *#lines(): AsyncGenerator<{ line: number; text: string }> {
    for (;;) {
      const text = this.#waiting.shift();
      if (text !== undefined) yield { line: ++this.#taken, text };
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** A host whose programs are driven by hand. */
export class HandHost implements Host {
  readonly children: HandChild[] = [];
  readonly env = { HOME: '/home/me' };
  readonly logs: string[] = [];

  /** The one that was started last. */
  get child(): HandChild {
    const child = this.children.at(-1);
    if (!child) throw new Error('nothing was started');
    return child;
  }

  spawn(command: Command): Child {
    const child = new HandChild(command);
    this.children.push(child);
    return child;
  }

  readFile(path: string): Promise<string> {
    return Promise.reject(new Error(path));
  }

  async listFolder(): Promise<readonly string[]> {
    return [];
  }

  log(level: string, message: string): void {
    this.logs.push(`${level} ${message}`);
  }
}
