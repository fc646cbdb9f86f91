import { createHash } from 'node:crypto';
import type { TurnSessions } from '@pawl/agent';
import type { RunEvent } from '@pawl/core';
import type { CommandEnd, Ports } from '../src/ports.ts';
import { type Asked, type Script, scripted } from './fake-agent.ts';
import { type FakeLane, FakeRepository } from './fake-lanes.ts';

type RunCommand = Parameters<Ports['commands']['run']>[0];
export type FakeCommand = (
  files: Map<string, string>,
  call: RunCommand,
) => Partial<CommandEnd> | Promise<Partial<CommandEnd>>;

export interface WorldSpec {
  readonly files?: Readonly<Record<string, string>>;
  readonly script?: Script;
  readonly commands?: Readonly<Record<string, FakeCommand>>;
}

/** What outlives a process: the log, the repository, the files of runs, the catalogue. Ports reach into it. */
export class World {
  readonly repository: FakeRepository;
  readonly events = new Map<string, RunEvent[]>();
  readonly appends: { readonly expected: number; readonly events: readonly RunEvent[] }[] = [];
  readonly runFiles = new Map<string, string>();
  readonly recorded: Parameters<TurnSessions['record']>[0][] = [];
  readonly said: { readonly session: string; readonly message: NewMessage }[] = [];
  readonly asked: Asked[] = [];
  readonly ran: string[] = [];
  readonly swept: string[] = [];
  readonly openSinks = new Set<string>();
  readonly #commands: Readonly<Record<string, FakeCommand>>;
  readonly #script: Script;
  #now = 1000;

  constructor({ files = {}, script = () => ({}), commands = {} }: WorldSpec = {}) {
    this.repository = new FakeRepository(files);
    this.#script = script;
    this.#commands = commands;
  }

  get lane(): FakeLane {
    return [...this.repository.lanes.values()][0]!;
  }

  log(run = 'r1'): readonly RunEvent[] {
    return this.events.get(run) ?? [];
  }

  filesAt(cwd: string): Map<string, string> {
    return this.repository.filesAt(cwd) ?? new Map();
  }

  /** The ports of one process. */
  ports(change: Partial<Ports> = {}): Ports {
    const provider = scripted(this.#script, this);
    return {
      now: () => (this.#now += 1),
      log: {
        read: async (run) => structuredClone(this.log(run)),
        append: async (run, expected, events) => this.append(run, expected, events),
      },
      worktrees: this.repository.worktrees,
      worktreeFiles: this.repository.worktreeFiles,
      agents: {
        provider: async (id) => (id === 'script' ? provider : undefined),
        host: () => ({
          env: {},
          spawn: () => {
            throw new Error('nothing is spawned here');
          },
          readFile: async () => '',
          listFolder: async () => [],
          log: () => {},
        }),
      },
      commands: { run: (call) => this.#run(call) },
      files: this.#files,
      sessions: this.#sessions,
      scratch: async ({ run, step }) => {
        const path = `/scratch/${run}/${step}`;
        this.repository.scratches.set(path, new Map());
        return { path, remove: async () => void this.repository.scratches.delete(path) };
      },
      sweep: async (marker) => this.swept.push(marker),
      ...change,
    };
  }

  append(run: string, expected: number, events: readonly RunEvent[]): number {
    const log = this.events.get(run) ?? [];
    if (log.length !== expected)
      throw Object.assign(new Error(`at ${log.length}, not at ${expected}`), { code: 'stale-sequence' });
    // As a store would: what is read back is JSON.
    this.events.set(run, [...log, ...(JSON.parse(JSON.stringify(events)) as RunEvent[])]);
    this.appends.push({ expected, events });
    return log.length + events.length;
  }

  async #run(call: RunCommand): Promise<CommandEnd> {
    this.ran.push(call.command);
    const began: CommandEnd = {
      ...{ code: 0, signal: undefined, timedOut: false, cancelled: false, stdout: '', output: '', durationMs: 3 },
    };
    if (call.signal.aborted) return { ...began, code: undefined, cancelled: true };
    const { promise: stopped, resolve } = Promise.withResolvers<Partial<CommandEnd>>();
    const stop = () => resolve({ code: undefined, cancelled: true });
    call.signal.addEventListener('abort', stop);
    const command = this.#commands[call.command];
    const end = await Promise.race([command?.(this.filesAt(call.cwd), call) ?? {}, stopped]);
    call.signal.removeEventListener('abort', stop);
    if (end.output) call.onOutput?.(new TextEncoder().encode(end.output));
    return { ...began, ...end };
  }

  readonly #sessions: TurnSessions = {
    begin: async ({ ref }) => recordOf(ref),
    append: async (session, messages) => {
      for (const message of messages) this.said.push({ session, message });
      return this.said.length;
    },
    record: async (turn) => {
      this.recorded.push(turn);
      return recordOf(turn.ref);
    },
    acquire: async (session) => ({ session, release: async () => {} }),
  };

  readonly #files: Ports['files'] = {
    write: async (run, name, text) => void this.runFiles.set(`${run}/${name}`, text),
    read: async (run, name) => this.runFiles.get(`${run}/${name}`),
    open: async (run, name) => {
      const key = `${run}/${name}`;
      const decoder = new TextDecoder();
      this.openSinks.add(key);
      this.runFiles.set(key, '');
      return {
        write: (chunk) => void this.runFiles.set(key, `${this.runFiles.get(key)}${decoder.decode(chunk)}`),
        close: async () => void this.openSinks.delete(key),
      };
    },
    keep: async (run, text) => {
      if (text.length <= 4096) return text;
      const blob = createHash('sha256').update(text).digest('hex');
      this.runFiles.set(`${run}/blobs/${blob}`, text);
      return { blob, bytes: Buffer.byteLength(text) };
    },
    blob: async (run, { blob }) => this.runFiles.get(`${run}/blobs/${blob}`) ?? Promise.reject(new Error('no blob')),
  };
}

type SessionRecord = Awaited<ReturnType<TurnSessions['begin']>>;
type NewMessage = Parameters<TurnSessions['append']>[1][number];

function recordOf(ref: SessionRecord['ref']): SessionRecord {
  const figures = { turns: 0, messages: 0, cost: { state: 'unknown', unpricedTurns: 0 } } as const;
  return { id: `of ${ref.id}`, ref, tags: [], archived: false, createdAt: 0, lastUsedAt: 0, ...figures };
}
