import type { AgentReport } from '@pawl/core';
import { type ActivityTotals, activityOf, addActivity, noActivity } from './activity.ts';
import { addMoney, type Money, moneyOf, noMoney, unpricedOnce } from './money.ts';

/** `input` holds `cached`, `output` may hold `reasoning`. */
export interface Tokens {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
  /** Runs of an agent that told no tokens: the true figures are higher. */
  readonly unreported: number;
}

/** Milliseconds. Lanes side by side add up. */
export interface TimeByKind {
  readonly agentMs: number;
  readonly gatesMs: number;
  readonly gitMs: number;
  /** For people, and for room at a provider. */
  readonly waitingMs: number;
}

/** Sums over attempts; of a step with tasks, its tasks included. */
export interface Figures {
  readonly cost: Money;
  readonly tokens: Tokens;
  /** Answers of models, as the agents count them. */
  readonly turns: number;
  /** Runs of an agent that told no turns. */
  readonly turnsUnreported: number;
  /** How often an agent was run. */
  readonly agentRuns: number;
  readonly attempts: number;
  /** Attempts after a step's first. */
  readonly retries: number;
  /** Attempts by another agent than the attempt before. */
  readonly escalations: number;
  /** Attempts that a guard ended. */
  readonly guards: number;
  readonly time: TimeByKind;
  readonly activity: ActivityTotals;
}

export const noTokens: Tokens = { input: 0, cached: 0, output: 0, reasoning: 0, unreported: 0 };
export const noTime: TimeByKind = { agentMs: 0, gatesMs: 0, gitMs: 0, waitingMs: 0 };
export const noFigures: Figures = {
  cost: noMoney,
  tokens: noTokens,
  turns: 0,
  turnsUnreported: 0,
  agentRuns: 0,
  attempts: 0,
  retries: 0,
  escalations: 0,
  guards: 0,
  time: noTime,
  activity: noActivity,
};

export function addTokens(one: Tokens, other: Tokens): Tokens {
  return {
    input: one.input + other.input,
    cached: one.cached + other.cached,
    output: one.output + other.output,
    reasoning: one.reasoning + other.reasoning,
    unreported: one.unreported + other.unreported,
  };
}

export function addTime(one: TimeByKind, other: Partial<TimeByKind>): TimeByKind {
  return {
    agentMs: one.agentMs + (other.agentMs ?? 0),
    gatesMs: one.gatesMs + (other.gatesMs ?? 0),
    gitMs: one.gitMs + (other.gitMs ?? 0),
    waitingMs: one.waitingMs + (other.waitingMs ?? 0),
  };
}

export function addFigures(one: Figures, other: Partial<Figures>): Figures {
  return {
    cost: other.cost ? addMoney(one.cost, other.cost) : one.cost,
    tokens: other.tokens ? addTokens(one.tokens, other.tokens) : one.tokens,
    turns: one.turns + (other.turns ?? 0),
    turnsUnreported: one.turnsUnreported + (other.turnsUnreported ?? 0),
    agentRuns: one.agentRuns + (other.agentRuns ?? 0),
    attempts: one.attempts + (other.attempts ?? 0),
    retries: one.retries + (other.retries ?? 0),
    escalations: one.escalations + (other.escalations ?? 0),
    guards: one.guards + (other.guards ?? 0),
    time: other.time ? addTime(one.time, other.time) : one.time,
    activity: other.activity ? addActivity(one.activity, other.activity) : one.activity,
  };
}

export type AgentFigures = Pick<
  Figures,
  'cost' | 'tokens' | 'turns' | 'turnsUnreported' | 'agentRuns' | 'time' | 'activity'
>;

/** What one run of an agent adds. */
export function figuresOf(report: AgentReport): AgentFigures {
  return {
    ...figuresOfUsage(report.usage),
    cost: moneyOf(report.cost),
    time: { ...noTime, agentMs: report.durationMs },
    activity: activityOf(report.activity),
  };
}

/** The same of a run that still goes on: no time, and the cost as the agent tells it. */
export function figuresOfUsage(usage: AgentReport['usage']): AgentFigures {
  const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens, costUsd, turns } = usage;
  return {
    cost: moneyOf(costUsd === undefined ? { state: 'unknown' } : { state: 'measured', usd: costUsd }),
    tokens: {
      input: inputTokens ?? 0,
      cached: cachedInputTokens ?? 0,
      output: outputTokens ?? 0,
      reasoning: reasoningTokens ?? 0,
      unreported: inputTokens === undefined && outputTokens === undefined ? 1 : 0,
    },
    turns: turns ?? 0,
    turnsUnreported: turns === undefined ? 1 : 0,
    agentRuns: 1,
    time: noTime,
    activity: noActivity,
  };
}

/** Of a run that was cut off before it could tell anything: it spent something, and nobody knows how much. */
export const untoldFigures: AgentFigures = {
  cost: unpricedOnce,
  tokens: { ...noTokens, unreported: 1 },
  turns: 0,
  turnsUnreported: 1,
  agentRuns: 1,
  time: noTime,
  activity: activityOf(undefined),
};
