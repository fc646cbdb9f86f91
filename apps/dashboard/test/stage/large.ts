import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '@pawl/core';
import { turnFolder } from '@pawl/runner';
import { openStore, type SessionStore } from '@pawl/session-store';
import type { House } from '../../server/house.ts';
import type { Answer } from '../../server/http.ts';
import { openHouse } from '../../server/open-house.ts';
import { answerOf } from '../../server/respond.ts';
import { routes } from '../../server/routes.ts';
import { code, planOf, plans, split, story } from './story.ts';

/** What a request has cost the store and the disk, and how much was answered. */
export interface Asked {
  readonly events: number;
  readonly messages: number;
  readonly fileBytes: number;
  readonly bytes: number;
  json<T>(): T;
}

export interface Large {
  readonly house: House;
  readonly home: string;
  readonly run: string;
  /** So many it has. */
  readonly events: number;
  /** A step that has a turn. */
  readonly step: string;
  /** The conversation of the same length in the catalogue. */
  readonly session: string;
  /** What was said in both, each with what a tool printed. */
  readonly said: number;
  /** As a page asks, without the network. */
  ask(path: string): Promise<Asked>;
  /** One more event of the run. */
  goOn(): Promise<void>;
  close(): Promise<void>;
}

export interface LargeOptions {
  readonly tasks: number;
  /** Of the turn of that step. */
  readonly transcriptBytes: number;
}

/** A run that is large in each way, on a real store whose reads are counted. It still goes on. */
export async function openLarge({ tasks, transcriptBytes }: LargeOptions): Promise<Large> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-large-')));
  const store = openStore({ file: join(home, 'pawl.db') });
  const run = '000000-large';
  const each = [code('build/impl', ['npm test']), code('build/review', [])];
  const plan = planOf({ name: 'large', repository: home, steps: [split('build', each), code('check', [])] });
  const planned = plans(tasks);
  const told = story({
    run,
    plan,
    now: () => 1_790_000_000_000 + 1000 * seq,
    outcome: ({ id }) => (id === 'build#1/run-agent' ? planned : undefined),
  });
  let seq = 0;
  const left: (readonly RunEvent[])[] = [];
  for (const events of told) {
    if (left.length > 0) left.push(events);
    else if (events.some((event) => event.type === 'step-started' && event.step === 'check')) left.push(events);
    else seq = await store.runs.append(run, seq, events);
  }
  const step = 'build/task-0/impl';
  const { session, said } = await writeTranscript(home, store, run, `${step}#1/run-agent`, transcriptBytes);
  const counts = { events: 0, messages: 0, fileBytes: 0 };
  const opened = openHouse({
    env: { PAWL_HOME: home },
    cwd: home,
    pawl: ['false'],
    readOnly: true,
    secure: false,
    names: [],
    store: counted(store, counts),
    log: () => {},
  });
  const house: House = {
    ...opened,
    files: {
      ...opened.files,
      async piece(...args) {
        const piece = await opened.files.piece(...args);
        counts.fileBytes += piece?.bytes.length ?? 0;
        return piece;
      },
    },
  };
  return {
    house,
    home,
    run,
    step,
    session,
    said,
    get events() {
      return seq;
    },
    async ask(path) {
      const before = { ...counts };
      const text = await (await answerOf(await answer(house, path))).text();
      return {
        events: counts.events - before.events,
        messages: counts.messages - before.messages,
        fileBytes: counts.fileBytes - before.fileBytes,
        bytes: Buffer.byteLength(text),
        json: () => JSON.parse(text),
      };
    },
    async goOn() {
      const events = left.shift();
      if (events) seq = await store.runs.append(run, seq, events);
    },
    async close() {
      await store.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

async function answer(house: House, path: string): Promise<Answer> {
  const { pathname, searchParams } = new URL(path, 'http://127.0.0.1');
  for (const route of routes) {
    const match = new RegExp(`^${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`).exec(pathname);
    if (!match || route.method !== 'GET') continue;
    return route.handle(house, {
      params: { ...match.groups },
      query: searchParams,
      body: undefined,
      user: { name: 'ada', role: 'viewer' },
      lastEventId: undefined,
      signal: new AbortController().signal,
    });
  }
  throw new Error(`nothing answers ${path}`);
}

function counted(store: SessionStore, counts: { events: number; messages: number }): SessionStore {
  return {
    ...store,
    runs: {
      ...store.runs,
      async read(...args) {
        const events = await store.runs.read(...args);
        counts.events += events.length;
        return events;
      },
    },
    sessions: {
      ...store.sessions,
      async *messages(...args) {
        for await (const message of store.sessions.messages(...args)) {
          counts.messages += 1;
          yield message;
        }
      },
    },
  };
}

/** Says the same in the events of a turn and in the catalogue: talk and tools, as long as asked for. */
async function writeTranscript(
  home: string,
  store: SessionStore,
  run: string,
  effect: string,
  most: number,
): Promise<{ readonly session: string; readonly said: number }> {
  const folder = join(home, 'runs', run, turnFolder(effect));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'prompt.md'), 'Build a till that sells.\n');
  const ref = { provider: 'script', id: 'long', cwd: home };
  const { id } = await store.sessions.begin({ ref, at: 0, title: 'A long conversation' });
  const output = 'a line that some tool has printed, like many others\n'.repeat(160);
  let said = 0;
  for (let bytes = 0; bytes < most; ) {
    const lines: string[] = [];
    const messages = [];
    for (let count = 0; count < 100; count += 1) {
      said += 1;
      const [index, call] = [said, `call-${said}`];
      lines.push(
        JSON.stringify({ type: 'text-start', id: `text-${index}` }),
        JSON.stringify({ type: 'text-delta', id: `text-${index}`, delta: `Step ${index}: I look at what is there.` }),
        JSON.stringify({ type: 'text-end', id: `text-${index}` }),
        JSON.stringify({ type: 'tool-call', id: call, kind: 'execute', name: 'shell', input: { command: 'ls' } }),
        JSON.stringify({ type: 'tool-result', id: call, status: 'ok', output }),
      );
      messages.push(
        { role: 'assistant', type: 'text', text: `Step ${index}: I look at what is there.`, at: index },
        { role: 'tool', type: 'tool-result', call, status: 'ok', output, at: index },
      );
    }
    const text = `${lines.join('\n')}\n`;
    appendFileSync(join(folder, 'events.ndjson'), text);
    appendFileSync(join(folder, 'native.log'), text);
    await store.sessions.append(id, messages as Parameters<typeof store.sessions.append>[1]);
    bytes += text.length;
  }
  return { session: id, said };
}
