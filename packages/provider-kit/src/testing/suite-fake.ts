import type { AgentEvent, OpenRequest, TurnInput } from '@pawl/provider';
import { expect, test } from 'vitest';
import { complaints } from './complaints.ts';
import { type Behaviour, FakeProgram, stands } from './fake-program.ts';
import { inFolder, processHost } from './process-host.ts';
import { readRecordings } from './recordings.ts';
import { collect, replay } from './replay.ts';
import type { FakeSetup, ProviderTests } from './setup.ts';
import { endOf, shape } from './suite-recorded.ts';

const patience = 120_000;

export function testFake({ provider, recordings, options }: ProviderTests, fake: FakeSetup): void {
  const found = readRecordings(recordings).find(({ name }) => name === fake.recording);
  if (!found) throw new Error(`there is no recording ${fake.recording}`);
  const lines = found.stdout.split('\n').filter((line) => line !== '');
  const recorded = () => replay(provider, found, options === undefined ? {} : { options });

  async function open(folder: string, behaviour: Behaviour, more: Partial<OpenRequest> = {}) {
    const program = new FakeProgram(folder);
    const host = processHost();
    const request: OpenRequest = {
      cwd: folder,
      access: provider.capabilities.access.includes('edit') ? 'edit' : (provider.capabilities.access[0] ?? 'edit'),
      start: { kind: 'new' },
      options: fake.options(program.file),
      env: program.behave(behaviour),
      ...more,
    };
    const session = await provider.open(request, host);
    return {
      program,
      host,
      session,
      turn: (input: Partial<TurnInput> = {}) => session.turn({ prompt: 'go', ...input }),
    };
  }

  /** Aborts at the first event that `when` picks. */
  async function abortAt(behaviour: Behaviour, when: (event: AgentEvent) => boolean): Promise<void> {
    await inFolder(async (folder) => {
      const { program, turn } = await open(folder, behaviour);
      const stop = new AbortController();
      const events: AgentEvent[] = [];
      for await (const event of turn({ signal: stop.signal })) {
        events.push(event);
        if (when(event)) stop.abort();
      }
      expect(complaints(events)).toEqual([]);
      expect(endOf(events).outcome).toEqual({ kind: 'cancelled' });
      await program.gone();
    });
  }

  /** The recorded lines up to the one that gives such an event. */
  async function upTo(when: (event: AgentEvent) => boolean): Promise<readonly string[]> {
    const event = (await recorded()).find(when);
    if (!event?.line) throw new Error('the recording has no such event');
    return lines.slice(0, event.line);
  }

  test('gives the recorded turn, also to one who reads late and slowly', { timeout: patience }, async () => {
    await inFolder(async (folder) => {
      const { program, session, turn } = await open(folder, { lines, last: { do: 'exit', code: 0 } });
      const running = turn();
      await program.gone();
      const events: AgentEvent[] = [];
      for await (const event of running) {
        events.push(event);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(complaints(events)).toEqual([]);
      const types = (all: readonly AgentEvent[]) => all.map(({ type }) => type);
      expect(types(events)).toEqual(types(await recorded()));
      expect(session.ref).toEqual(endOf(events).session);
    });
  });

  test('`ended` settles without a reader, with the same last event', { timeout: patience }, async () => {
    await inFolder(async (folder) => {
      const { turn } = await open(folder, { lines, last: { do: 'flood', lines: 20_000 } });
      expect(shape((await turn().ended).outcome)).toEqual(shape(endOf(await recorded()).outcome));
    });
  });

  test('a reader that pauses holds the program back, and loses nothing', { timeout: patience }, async () => {
    const flood = 60_000;
    await inFolder(async (folder) => {
      const { program, turn } = await open(folder, { lines: [], last: { do: 'flood', lines: flood } });
      const events = turn()[Symbol.asyncIterator]();
      await events.next();
      await stands(() => program.sent(), 500);
      expect(program.sent()).toBeLessThan(flood);
      let last: AgentEvent | undefined;
      for (let next = await events.next(); !next.done; next = await events.next()) last = next.value;
      expect(program.sent()).toBe(flood);
      expect(last?.type).toBe('turn-end');
    });
  });

  test('a line of 100 MB in its turn: still its turn, in bounded memory', { timeout: patience }, async () => {
    await inFolder(async (folder) => {
      const { program, turn } = await open(folder, { lines, last: { do: 'long-line', megabytes: 100 } });
      const before = process.memoryUsage().rss;
      const events = await collect(turn());
      expect(complaints(events)).toEqual([]);
      expect(shape(endOf(events).outcome)).toEqual(shape(endOf(await recorded()).outcome));
      expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1_048_576);
      await program.gone();
    });
  });

  test('a program that fails before its first line: failed, with what it said', { timeout: patience }, async () => {
    await inFolder(async (folder) => {
      const { turn } = await open(folder, { lines: [], last: { do: 'exit', code: 3, stderr: 'pawl-boom\n' } });
      const { outcome } = await turn().ended;
      expect(outcome).toMatchObject({ kind: 'failed', error: { exitCode: 3 } });
      expect(JSON.stringify(outcome)).toContain('pawl-boom');
    });
  });

  test('a program that is not there: not-installed, with a hint', { timeout: patience }, async () => {
    await inFolder(async (folder) => {
      const { turn } = await open(
        folder,
        { lines: [], last: { do: 'exit', code: 0 } },
        { options: fake.options(`${folder}/none`) },
      );
      const { outcome } = await turn().ended;
      expect(shape(outcome)).toEqual({ kind: 'failed', code: 'not-installed', retryable: false });
    });
  });

  test('aborted before it starts: cancelled, and nothing is started', { timeout: patience }, async () => {
    await inFolder(async (folder) => {
      const { host, turn } = await open(folder, { lines, last: { do: 'hang' } });
      const events = await collect(turn({ signal: AbortSignal.abort() }));
      expect(events.map(({ type }) => type)).toEqual(['turn-start', 'turn-end']);
      expect(endOf(events).outcome).toEqual({ kind: 'cancelled' });
      expect(host.commands).toEqual([]);
    });
  });

  test('aborted in the middle of a text', { timeout: patience }, async () => {
    const text = (event: AgentEvent) => event.type === 'text-delta';
    await abortAt({ lines: await upTo(text), last: { do: 'hang' } }, text);
  });

  test('aborted in the middle of a tool call', { timeout: patience }, async () => {
    const call = (event: AgentEvent) => event.type === 'tool-call';
    await abortAt({ lines: await upTo(call), last: { do: 'hang' } }, call);
  });

  test('aborted while the program ignores SIGTERM', { timeout: patience }, async () => {
    const text = (event: AgentEvent) => event.type === 'text-delta';
    await abortAt({ lines: await upTo(text), last: { do: 'hang', ignoreSigterm: true } }, text);
  });

  test('aborted in a flood', { timeout: patience }, async () => {
    await abortAt({ lines: [], last: { do: 'flood', lines: 100_000_000 } }, (event) => (event.line ?? 0) >= 5_000);
  });

  test('silent from the start, or after a while: timeout, and it is stopped', { timeout: patience }, async () => {
    for (const { said, input } of [
      { said: [], input: { firstEventMs: 3_000 } },
      { said: lines.slice(0, 1), input: { idleMs: 3_000 } },
    ]) {
      await inFolder(async (folder) => {
        const { program, turn } = await open(folder, { lines: said, last: { do: 'hang' } });
        const { outcome } = await turn(input).ended;
        expect(shape(outcome)).toEqual({ kind: 'failed', code: 'timeout', retryable: true });
        await program.gone();
      });
    }
  });

  test('one turn at a time; close stops it and may be called twice', { timeout: patience }, async () => {
    await inFolder(async (folder) => {
      const said = await upTo((event) => event.line !== undefined);
      const { program, session, turn } = await open(folder, { lines: said, last: { do: 'hang' } });
      const running = turn();
      for await (const { line } of running) if (line !== undefined) break;
      expect(() => turn()).toThrow(/running/);
      await Promise.all([session.close(), session.close()]);
      await session.close();
      expect((await running.ended).outcome).toEqual({ kind: 'cancelled' });
      await program.gone();
      expect(() => turn()).toThrow(/closed/);
    });
  });

  test('a program that closes its output and stays ends all the same', { timeout: patience }, async () => {
    await inFolder(async (folder) => {
      const { program, turn } = await open(folder, { lines, last: { do: 'close-stdout' } });
      expect(complaints(await collect(turn()))).toEqual([]);
      await program.gone();
    });
  });

  test('a child of the program that holds its output does not hold the turn', { timeout: patience }, async () => {
    await inFolder(async (folder) => {
      const { program, turn } = await open(folder, { lines, last: { do: 'leave-grandchild' } });
      const events = await collect(turn());
      expect(complaints(events)).toEqual([]);
      expect(endOf(events).outcome).toEqual(endOf(await recorded()).outcome);
      await program.gone();
    });
  });
}
