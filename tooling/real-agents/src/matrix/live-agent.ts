import type { Agent, AgentOptions } from '@pawl/agent';
import type { RecordedRequest } from '@pawl/fake-models';
import type { Json, Provider } from '@pawl/provider';

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
  processes(): readonly object[];
}

/** One row of the matrix: an agent, and how its model is made to do what is needed here. */
export interface LiveAgent<Turn = unknown> {
  readonly name: string;
  readonly provider: Provider;
  readonly options?: Readonly<Record<string, Json>>;
  readonly model?: string;
  open(): Promise<LiveStage<Turn>>;
  say(text: string): Turn;
  /** Begins to answer and never ends. */
  hang(): Turn;
  /** Has the agent run a command. */
  command(line: string): Turn;
  /** What is asked for by a schema; the turns that it takes. */
  structured(value: Json): readonly Turn[];
}
