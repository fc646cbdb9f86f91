import { z } from 'zod';
import { count, duration } from './common.ts';

/** What is long stands outside the log, named by the SHA-256 of its bytes. */
export const text = z.union([z.string(), z.strictObject({ blob: z.string(), bytes: count })]);
/** Without what is the adapter's own: `token` is for it alone. */
export const sessionRef = z.strictObject({
  provider: z.string(),
  id: z.string(),
  cwd: z.string(),
  token: z.looseObject({}).optional(),
});
/** A figure that is absent was not reported, which is not zero. */
export const usage = z.strictObject({
  inputTokens: z.number().optional(),
  cachedInputTokens: z.number().optional(),
  cacheWriteTokens: z.number().optional(),
  outputTokens: z.number().optional(),
  reasoningTokens: z.number().optional(),
  costUsd: z.number().optional(),
  turns: z.number().optional(),
});
export const cost = z.union([
  z.strictObject({ state: z.enum(['measured', 'estimated']), usd: z.number() }),
  z.strictObject({ state: z.literal('unknown') }),
]);
export const answerGiven = z.strictObject({
  choice: z.enum(['continue', 'retry', 'abort']),
  tree: z.string().optional(),
  comment: z.string().optional(),
  by: z.string().optional(),
});
export const failure = z.strictObject({
  reason: z.string(),
  message: z.string(),
  text: z.string(),
  guard: z.string().optional(),
  step: z.string().optional(),
  gates: z.array(z.string()).optional(),
  final: z.boolean(),
});
export const gateReport = z.strictObject({
  pass: z.boolean(),
  skipped: z.string().optional(),
  failure: z.string().optional(),
  comments: z.string().optional(),
  command: z.string().optional(),
  exitCode: z.int().optional(),
  durationMs: duration,
  log: z.string().optional(),
});
const candidate = z.union([
  z.strictObject({ source: z.string(), json: z.unknown() }),
  z.strictObject({ source: z.string(), text }),
  z.strictObject({ source: z.string(), error: z.string() }),
]);
export const providerError = z.strictObject({
  code: z.string(),
  message: z.string(),
  retryable: z.boolean(),
  retryAfterMs: duration.optional(),
  exitCode: z.int().optional(),
  stderrTail: z.string().optional(),
});
export const agentEnd = z.union([
  z.strictObject({ kind: z.literal('completed'), text, outputs: z.array(candidate) }),
  z.strictObject({
    kind: z.literal('limited'),
    limit: z.string(),
    by: z.enum(['step', 'run', 'agent']),
    message: z.string(),
  }),
  z.strictObject({ kind: z.literal('refused'), reason: z.string() }),
  z.strictObject({ kind: z.literal('cancelled'), reason: z.string().optional() }),
  z.strictObject({ kind: z.literal('failed'), error: providerError }),
]);
