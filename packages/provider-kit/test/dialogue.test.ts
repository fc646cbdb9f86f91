import type { Child, Command } from '@pawl/provider';
import { type BodyEvent, crashed, type Translator } from '@pawl/provider-kit';
import { complaints } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';
import { HandChild, HandClock, HandHost, request, settle, toy } from './toy.ts';

/** Takes what is written to it, as fast as it is told to. */
class Listener extends HandChild {
  readonly heard: string[] = [];
  closed = 0;
  deaf = false;

  write(text: string): Promise<boolean> {
    if (this.deaf) return new Promise(() => {});
    this.heard.push(text);
    return Promise.resolve(true);
  }

  endInput(): void {
    this.closed += 1;
  }
}

class TalkHost extends HandHost {
  readonly listeners: Listener[] = [];
  override spawn(command: Command): Child {
    const child = new Listener(command);
    this.listeners.push(child);
    return child;
  }
}

/** Each line is said back, `late …` after a while; `bye` is the result. */
class Echo implements Translator {
  #out: (string | Promise<string>)[] = ['hello\n'];
  #over = false;
  readonly #farewell: string | undefined;

  constructor(farewell?: string) {
    this.#farewell = farewell;
  }

  get over(): boolean {
    return this.#over;
  }

  outgoing(): readonly (string | Promise<string>)[] {
    return this.#out.splice(0);
  }

  cancel(): void {
    if (this.#farewell !== undefined) this.#out.push(this.#farewell);
  }

  *line({ text }: { readonly text: string }): Generator<BodyEvent> {
    if (text === 'bye') this.#over = true;
    else this.#out.push(text.startsWith('late') ? settle().then(() => text) : text);
    yield { type: 'text-delta', id: 't', delta: text };
  }

  end(exit: Parameters<Translator['end']>[0]) {
    const outcome = this.#over
      ? ({ kind: 'completed', text: 'bye' } as const)
      : ({ kind: 'failed', error: crashed('Echo', exit) } as const);
    return { outcome, usage: {}, session: undefined };
  }
}

async function started(translator = new Echo(), input: object = {}) {
  const clock = new HandClock();
  const host = new TalkHost();
  const provider = toy({ translate: () => translator }, { clock, newId: () => 'fresh' });
  const session = await provider.open(request, host);
  const turn = session.turn({ prompt: 'go', ...input });
  await settle();
  const child = host.listeners[0];
  if (!child) throw new Error('nothing was started');
  return { clock, turn, child };
}

describe('an agent that is talked to', () => {
  test('is told what there is to say, at the start and after each line, in order', async () => {
    const { child, turn } = await started();
    expect(child.heard).toEqual(['hello\n']);
    child.say('late one', 'two', 'three');
    await settle();
    await settle();
    expect(child.heard).toEqual(['hello\n', 'late one', 'two', 'three']);
    child.end({ code: 0 });
    await turn.ended;
  });

  test('has its input closed when all is said; what it says after that does not matter', async () => {
    const { child, turn, clock } = await started(new Echo(), { idleMs: 1_000 });
    child.say('bye');
    await settle();
    expect(child.closed).toBeGreaterThan(0);
    // No deadline for one that only has to end.
    await clock.pass(4_999);
    expect(child.stops).toBe(0);
    await clock.pass(1);
    expect(child.stops).toBe(1);
    expect((await turn.ended).outcome).toEqual({ kind: 'completed', text: 'bye' });
    expect(clock.alarms).toBe(0);
  });

  test('that ends by itself is not stopped', async () => {
    const { child, turn, clock } = await started();
    child.say('bye');
    await settle();
    child.end({ code: 0 });
    expect((await turn.ended).outcome.kind).toBe('completed');
    expect(child.stops).toBe(0);
    expect(clock.alarms).toBe(0);
  });

  test('and does not listen, but goes on asking, is stopped', async () => {
    const { child, turn } = await started();
    child.deaf = true;
    const events = (async () => {
      for await (const event of turn) void event;
    })();
    child.say(...Array.from({ length: 5_000 }, (_, index) => `line ${index}`));
    const { outcome } = await turn.ended;
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'protocol', retryable: true } });
    expect(child.stops).toBe(1);
    await events;
  });
});

describe('a stop', () => {
  test('is asked for; the answer to that ends it at once', async () => {
    const stop = new AbortController();
    const { child, turn, clock } = await started(new Echo('please stop\n'), { signal: stop.signal });
    stop.abort();
    await settle();
    expect(child.heard).toEqual(['hello\n', 'please stop\n']);
    expect(child.stops).toBe(0);
    child.say('bye');
    await settle();
    expect(child.stops).toBe(1);
    expect((await turn.ended).outcome).toEqual({ kind: 'cancelled' });
    expect(clock.alarms).toBe(0);
  });

  test('that is not answered comes by force two seconds later', async () => {
    const stop = new AbortController();
    const { child, turn, clock } = await started(new Echo('please stop\n'), { signal: stop.signal });
    stop.abort();
    await clock.pass(1_999);
    expect(child.stops).toBe(0);
    await clock.pass(1);
    expect(child.stops).toBe(1);
    expect((await turn.ended).outcome).toEqual({ kind: 'cancelled' });
  });

  test('of an agent that cannot be asked comes at once, and so does that of one that has said all', async () => {
    for (const said of [[], ['bye']]) {
      const stop = new AbortController();
      const { child, turn } = await started(new Echo(said.length > 0 ? 'please' : undefined), { signal: stop.signal });
      child.say(...said);
      await settle();
      stop.abort();
      await settle();
      expect(child.stops).toBe(1);
      expect(child.heard).not.toContain('please');
      await turn.ended;
    }
  });

  test('leaves a well-formed turn', async () => {
    const stop = new AbortController();
    const { child, turn } = await started(new Echo('please'), { signal: stop.signal });
    child.say('one');
    const events: Parameters<typeof complaints>[0][number][] = [];
    for await (const event of turn) {
      events.push(event);
      if (event.type === 'text-delta' && event.delta === 'one') {
        stop.abort();
        child.say('bye');
      }
    }
    expect(complaints(events)).toEqual([]);
  });
});
