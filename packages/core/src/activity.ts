import type { ToolKind } from '@pawl/provider';

/**
 * What an agent did in a turn: counted from its events while they passed by, never a text of it. What an agent does not
 * tell is not counted. Logs of turns that were not watched have none.
 */
export interface Activity {
  /** Answers of the model, by the most telling thing each of them did. */
  readonly answers: Readonly<Partial<Record<AnswerClass, number>>>;
  /** Calls of tools, by kind; those of sub-agents among them. */
  readonly calls: Readonly<Partial<Record<ToolKind, number>>>;
  readonly failedCalls: number;
  readonly deniedCalls: number;
  /** A call failed and a later one of the same tool on the same target succeeded: once for each row of failures. */
  readonly corrections: number;
  /** The same call failed three times in a row or more, and never succeeded after that. */
  readonly stuck: number;
  /** The very same call succeeded three times or more with no other call between. */
  readonly repeats: number;
  /** Silences of a minute or more while no tool ran, and their time. */
  readonly stalls: number;
  readonly stalledMs: number;
  /** How often the agent asked its model again after an error, and shortened its conversation. */
  readonly modelRetries: number;
  readonly compactions: number;
  /** From the start of the turn to the first edit that succeeded. */
  readonly firstEditMs?: number;
  /** At its fullest. */
  readonly context?: ContextUse;
}

/**
 * In the order of what tells most: an answer that edits and runs a command is `coding`. `talking`: text alone;
 * `thinking`: reasoning alone.
 */
export type AnswerClass = 'coding' | 'running' | 'exploring' | 'delegating' | 'other' | 'talking' | 'thinking';

/** Of a model's context window. `told`: the agent said so; otherwise it is what one answer's tokens come to. */
export interface ContextUse {
  readonly tokens: number;
  readonly window?: number;
  readonly told: boolean;
}
