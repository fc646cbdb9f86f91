import { formatMoney, formatTokens, type Figures as ReportFigures, type Money as ReportMoney } from '@pawl/report';
import type { Figures, Money, Tokens } from '../../wire.ts';

export const moneyOf = (money: ReportMoney): Money => ({ ...money, text: formatMoney(money) });

/** Input and output together; `+`: some turn told none; `?`: none did. */
export function tokensOf(tokens: ReportFigures['tokens']): Tokens {
  const sum = tokens.input + tokens.output;
  const text = tokens.unreported === 0 ? formatTokens(sum) : sum === 0 ? '?' : `${formatTokens(sum)}+`;
  return { ...tokens, text };
}

export function figuresOf(figures: Omit<ReportFigures, 'agentRuns'>): Figures {
  const { cost, tokens, turns, turnsUnreported, attempts, retries, escalations, guards, time } = figures;
  const { agentMs, gatesMs, gitMs, waitingMs } = time;
  return {
    cost: moneyOf(cost),
    tokens: tokensOf(tokens),
    turns,
    turnsUnreported,
    attempts,
    retries,
    escalations,
    guards,
    time: { agentMs, gatesMs, gitMs, waitingMs },
  };
}
