/** The three are never one figure; `text` says it as the command line does: `$0.42 + 3 unpriced`. */
export interface Money {
  readonly measuredUsd: number;
  readonly estimatedUsd: number;
  readonly unpriced: number;
  readonly text: string;
}
/** `input` holds `cached`. `unreported`: turns that told none; `text` says so. */
export interface Tokens {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
  readonly unreported: number;
  readonly text: string;
}
export interface Figures {
  readonly cost: Money;
  readonly tokens: Tokens;
  readonly turns: number;
  readonly turnsUnreported: number;
  readonly attempts: number;
  readonly retries: number;
  readonly escalations: number;
  readonly guards: number;
  readonly time: {
    readonly agentMs: number;
    readonly gatesMs: number;
    readonly gitMs: number;
    readonly waitingMs: number;
  };
}
