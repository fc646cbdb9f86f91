import type {
  AgentEvent,
  Host,
  OpenRequest,
  Provider,
  SessionRef,
  TurnEnd,
  TurnInput,
  TurnOutcome,
  Usage,
} from '@pawl/provider';

/** What a scripted turn sees. */
export interface Asked {
  readonly agent: string;
  readonly step: string;
  readonly attempt: number;
  readonly open: OpenRequest;
  readonly input: TurnInput;
  readonly session: SessionRef;
  readonly files: Map<string, string>;
  readonly host: Host;
  /** Passes an event on and waits until it has been seen. */
  tell(event: AgentEvent): Promise<void>;
  /** Resolves when the turn is told to stop. */
  stopped(): Promise<void>;
}
export interface Answer {
  readonly text?: string;
  readonly json?: Extract<TurnOutcome, { kind: 'completed' }>['json'];
  readonly outcome?: TurnOutcome;
  readonly usage?: Usage;
  readonly session?: SessionRef | undefined;
  readonly messageId?: string;
}
export type Script = (asked: Asked) => Answer | Promise<Answer>;

/** An adapter whose turns are functions. `asked` lists every turn that was begun. */
export function scripted(
  script: Script,
  world: { readonly asked: Asked[]; filesAt(cwd: string): Map<string, string> },
  change: Partial<Provider> = {},
): Provider {
  let count = 0;
  return {
    spec: 'v1',
    id: 'script',
    title: 'The script',
    options: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
    models: {},
    environment: [],
    capabilities: {
      sessions: ['resume', 'fork'],
      access: ['read-only', 'edit', 'full'],
      limits: [],
      reports: [],
      output: [],
    },
    probe: async () => ({ found: false, hint: '' }),
    open: async (open, host) => {
      count += 1;
      const id = open.start.kind === 'resume' ? open.start.ref.id : `session-${world.asked.length + count}`;
      const session: SessionRef = { provider: 'script', id, cwd: open.cwd };
      return {
        ref: session,
        close: async () => {},
        turn: (input) => turnOf(script, open, input, session, host, world),
      };
    },
    ...change,
  };
}

function turnOf(
  script: Script,
  open: OpenRequest,
  input: TurnInput,
  session: SessionRef,
  host: Host,
  world: { readonly asked: Asked[]; filesAt(cwd: string): Map<string, string> },
) {
  const ended = Promise.withResolvers<TurnEnd>();
  const iterate = async function* (): AsyncGenerator<AgentEvent> {
    yield { type: 'turn-start' };
    yield { type: 'session-ready', session };
    const waiting: { event: AgentEvent; seen: () => void }[] = [];
    let news = Promise.withResolvers<void>();
    const asked: Asked = {
      agent: String((open.options as { name?: string }).name),
      step: open.env?.PAWL_STEP ?? '',
      attempt: Number(open.env?.PAWL_ATTEMPT),
      open,
      input,
      session,
      files: world.filesAt(open.cwd),
      host,
      tell(event) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push({ event, seen: resolve });
        news.resolve();
        return promise;
      },
      stopped: () =>
        new Promise((resolve) => {
          if (input.signal?.aborted) resolve();
          else input.signal?.addEventListener('abort', () => resolve());
        }),
    };
    world.asked.push(asked);
    let answer: Answer | undefined;
    const answered = Promise.resolve(script(asked)).then((found) => {
      answer = found;
      news.resolve();
    });
    while (!answer || waiting.length > 0) {
      news = Promise.withResolvers();
      const next = waiting.shift();
      if (next) {
        yield next.event;
        next.seen();
      } else if (!answer) await Promise.race([news.promise, answered]);
    }
    const end = endOf(answer, session, input.signal?.aborted ?? false);
    ended.resolve(end);
    yield end;
  };
  return { [Symbol.asyncIterator]: iterate, ended: ended.promise };
}

function endOf(answer: Answer, session: SessionRef, aborted: boolean): TurnEnd {
  const { text = 'done', json, usage = { costUsd: 0.01, inputTokens: 10, outputTokens: 5 } } = answer;
  const completed: TurnOutcome = { kind: 'completed', text, ...(json !== undefined && { json }) };
  return {
    type: 'turn-end',
    outcome: aborted ? { kind: 'cancelled' } : (answer.outcome ?? completed),
    usage,
    session: 'session' in answer ? answer.session : session,
    ...(answer.messageId !== undefined && { messageId: answer.messageId }),
    durationMs: 5,
    unknownLines: 0,
  };
}
