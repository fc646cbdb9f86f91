import { z } from 'zod';
import {
  accessWords,
  count,
  duration,
  flag,
  givenNameRule,
  inputNameRule,
  inputTypes,
  looseFlag,
  money,
  nameRule,
  pauseWords,
  percent,
  stepNameRule,
  stepTypes,
  workflowNameRule,
  worktreeModes,
} from './scalars.ts';

// The shape as users write it. Its keys are the known words of each mapping; the JSON Schema for editors comes from it.
// Positions and nearest words need the tree, so check/ reads the mappings and takes only scalars from here.

const text = z.string().min(1);
const name = z.string().regex(nameRule);
const stepName = z.string().regex(stepNameRule);
const workflowName = z.string().regex(workflowNameRule);
const value = z.union([z.string(), z.number(), z.boolean()]);
const values = z.record(z.string().regex(givenNameRule), value);
const condition = z.union([text, z.boolean()]);

export const promptFileShape = z.strictObject({ file: text });
const prompt = z.union([text, promptFileShape]);

export const contextShape = z.strictObject({ file: text.optional(), bash: text.optional() });

export const sessionShape = z.strictObject({ from: text.optional(), fork: text.optional() });
const session = z.union([z.literal('new'), z.string().regex(/^(from|fork):/), sessionShape]);

export const guardShape = z.strictObject({
  max_turns: count.optional(),
  max_budget: money.optional(),
  max_tokens: count.optional(),
  max_time: duration.optional(),
  timeout: duration.optional(),
  no_write: flag.optional(),
});

export const gateWords = ['compile', 'test', 'lint', 'schema', 'tests_found'] as const;
export const gateShape = z.strictObject({
  touched: text.optional(),
  untouched: text.optional(),
  bash: text.optional(),
  schema: z.enum(['plan', 'review']).optional(),
  coverage: percent.optional(),
});
/** What stands beside `validate` is an input of that workflow. */
const validateGateShape = z.object({ validate: workflowName }).catchall(value);
const gateText = z.string().regex(/^(touched|untouched|bash|schema|coverage|validate):/);
const gate = z.union([z.enum(gateWords), gateText, gateShape, validateGateShape]);

export const retryShape = z.strictObject({
  attempt: z.int().min(2).optional(),
  not: z
    .string()
    .regex(/^gate\./)
    .optional(),
  validate: workflowName.optional(),
  with: values.optional(),
  exit: count.optional(),
  agent: text.optional(),
  session: session.optional(),
  worktree: z.literal('reset').optional(),
  prompt: prompt.optional(),
});

export const getShape = z.strictObject({
  prompt: prompt.optional(),
  context: z.array(contextShape).optional(),
  worktree: z.enum(worktreeModes).optional(),
  session: session.optional(),
});
/** Every other key of a `get` that calls a workflow is an input of it. */
const getCallShape = z.object({ ...getShape.shape, workflow: workflowName }).catchall(value);

export const runShape = z.strictObject({
  agent: text.optional(),
  guard: guardShape.optional(),
  access: z.enum(accessWords).optional(),
  hitl: z.union([z.boolean(), z.enum(pauseWords)]).optional(),
});

export const loopShape = z.strictObject({ until: text, max: count });

/** An agent that resolves a conflict of lanes that run side by side, at most so often; `stop` ends the step. */
export const onConflictShape = z.strictObject({
  agent: text,
  prompt: prompt.optional(),
  guard: guardShape.optional(),
  attempts: count.optional(),
});
const onConflict = z.union([z.literal('stop'), onConflictShape]);

export const stepShape = z.strictObject({
  name: stepName,
  type: z.enum(stepTypes).optional(),
  when: condition.optional(),
  get: z.union([getShape, getCallShape]).optional(),
  run: runShape.optional(),
  ...getShape.shape,
  ...runShape.shape,
  output: z.record(z.string(), z.json()).optional(),
  workflow: workflowName.optional(),
  with: values.optional(),
  gate: z.array(gate).min(1).optional(),
  retry: z.array(retryShape).min(1).optional(),
  parallel: looseFlag.optional(),
  max_parallel: count.optional(),
  on_conflict: onConflict.optional(),
  loop: loopShape.optional(),
  get steps(): z.ZodOptional<z.ZodArray<z.ZodType>> {
    return z.array(stepShape).min(1).optional();
  },
  get each(): z.ZodOptional<z.ZodArray<z.ZodType>> {
    return z.array(stepShape).min(1).optional();
  },
});

export const agentShape = z.strictObject({
  provider: text,
  model: text.optional(),
  options: z.record(z.string(), z.json()).optional(),
});

export const inputShape = z.strictObject({
  type: z.enum(inputTypes).optional(),
  values: z.array(value).min(1).optional(),
  default: value.optional(),
  description: z.string().optional(),
});
const input = z.union([z.enum(['string', 'number', 'boolean']), inputShape]);

export const workflowShape = z.strictObject({
  name: text,
  description: z.string().optional(),
  max_budget: money.optional(),
  max_timeout: duration.optional(),
  max_tokens: count.optional(),
  max_parallel: count.optional(),
  on_conflict: onConflict.optional(),
  inputs: z.record(z.string().regex(givenNameRule), input).optional(),
  outputs: z.record(z.string().regex(inputNameRule), value).optional(),
  agents: z.record(name, agentShape).optional(),
  steps: z.array(stepShape).min(1),
});
