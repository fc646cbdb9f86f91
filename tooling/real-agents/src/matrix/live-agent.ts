import type { Agent, AgentOptions } from '@pawl/agent';
import type { RecordedRequest } from '@pawl/fake-models';
import type { Access, Json, Provider } from '@pawl/provider';
import type { WorkingProcess } from '../processes-in.ts';

/** A real CLI in front of a scripted model, whichever API that speaks. */
export interface LiveStage<Turn> extends AsyncDisposable {
  readonly model: {
    readonly requests: readonly RecordedRequest<unknown>[];
    push(...turns: readonly Turn[]): void;
    waitForTurns(count: number, deadlineMs: number): Promise<void>;
  };
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  agent(options?: AgentOptions): Agent;
  processes(): readonly Pick<WorkingProcess, 'pid'>[];
}

export interface LiveScript<Turn> {
  /** What the model answers when nothing else was pushed. */
  readonly fallback?: Turn | ((request: unknown) => Turn);
  /** The CLI's own tries: by default as few and as soon as its settings can have them. */
  readonly retries?: 'many';
}

export type RefusedStatus = 401 | 429 | 503;

/** One row of the matrix: an agent, and how its model is made to do what is needed here. */
export interface LiveAgent<Turn = unknown> {
  readonly name: string;
  readonly provider: Provider;
  readonly options?: Readonly<Record<string, Json>>;
  readonly model?: string;
  /** Two that set up the store of a new home at once are in each other's way. */
  readonly setsUpAlone?: true;
  /** Which lets it call tools of servers. Default: `edit`. */
  readonly serverAccess?: Access;
  /** Its first word names its tools and servers. */
  readonly namesServers?: true;
  open(script?: LiveScript<Turn>): Promise<LiveStage<Turn>>;
  say(text: string): Turn;
  /** Begins to answer and never ends. */
  hang(): Turn;
  /** Begins to answer, and the connection is gone. */
  cut(): Turn;
  /** An error of the API, which is to be tried again at once if at all. */
  refuse(status: RefusedStatus): Turn;
  /** An error after which the CLI waits as long as it likes before it tries again. */
  fail(): Turn;
  /** Has the agent write a file of one line with its own tool. */
  write(path: string, line: string): Turn;
  /** Has the agent run a command. */
  command(line: string): Turn;
  /** Has the agent call a tool of a server without arguments. */
  served(server: string, tool: string): Turn;
  /** What is asked for by a schema; the turns that it takes. */
  structured(value: Json): readonly Turn[];
}
