import { z } from 'zod';
import { answer, count, moment } from './common.ts';
import { agentEvent } from './events.ts';

const ref = z.strictObject({ provider: z.string(), id: z.string(), cwd: z.string() });
const cost = z.union([
  z.strictObject({ state: z.literal('measured'), usd: z.number() }),
  z.strictObject({ state: z.literal('unknown'), unpricedTurns: count, measuredUsd: z.number().optional() }),
]);
const shape = {
  short: z.string(),
  id: z.string(),
  ref,
  agent: z.string().optional(),
  model: z.string().optional(),
  title: z.string().optional(),
  tags: z.array(z.string()),
  owner: z.string().optional(),
  repository: z.string().optional(),
  parent: z
    .strictObject({
      provider: z.string(),
      nativeId: z.string(),
      id: z.string().optional(),
      at: z.string().optional(),
    })
    .optional(),
  run: z.string().optional(),
  step: z.string().optional(),
  messageId: z.string().optional(),
  transcript: z.string().optional(),
  origin: z.string().optional(),
  archived: z.boolean(),
  createdAt: moment,
  lastUsedAt: moment,
  turns: count,
  messages: count,
  maxMessages: count.optional(),
  inputTokens: count.optional(),
  outputTokens: count.optional(),
  cost,
};
const session = z.strictObject(shape);
/** One that its agent has and that pawl did not make. */
const outside = z.strictObject({
  outside: z.literal(true),
  short: z.string(),
  ref,
  title: z.string().optional(),
  lastUsedAt: moment.optional(),
});

/** With `--all` also what the agents have, and which of them could not be asked. */
export const sessions = answer({
  sessions: z.array(session),
  outside: z.array(outside).optional(),
  silent: z.array(z.strictObject({ provider: z.string(), message: z.string() })).optional(),
  next: z.string().optional(),
});

/** Of commands that change conversations: each as it is now, and whether its agent's own record was changed too. */
export const sessionChanges = answer({
  sessions: z.array(
    z.strictObject({
      ...shape,
      agentStore: z
        .union([
          z.strictObject({ state: z.enum(['changed', 'none']) }),
          z.strictObject({ state: z.literal('failed'), message: z.string() }),
        ])
        .optional(),
    }),
  ),
});

const tree = z.strictObject({
  session,
  get forks() {
    return z.array(tree);
  },
  more: z.literal(true).optional(),
});
export const sessionShown = answer({
  session,
  forks: tree,
  deletedAt: moment.optional(),
  holder: z.strictObject({ pid: z.int(), started: z.string(), host: z.string() }).optional(),
});
export const sessionFork = answer({ session, worktree: z.string(), branch: z.string() });
/** `setAside`: the id of the session that has what was said since; `before`: the commit that has its files. */
export const sessionRewind = answer({ session, setAside: z.string(), before: z.string() });
export const sessionImport = answer({ session, alreadyImported: z.boolean(), digest: z.string() });
export const sessionExport = answer({
  file: z.string(),
  digest: z.string(),
  halfLines: count,
  manifest: z.strictObject({
    session: z.strictObject({
      provider: z.string(),
      id: z.string(),
      cwd: z.string(),
      token: z.looseObject({}).optional(),
      title: z.string().optional(),
      tags: z.array(z.string()),
      agent: z.string().optional(),
      model: z.string().optional(),
      owner: z.string().optional(),
      messageId: z.string().optional(),
      parent: z.strictObject({ id: z.string(), at: z.string().optional() }).optional(),
      createdAt: moment,
      lastUsedAt: moment,
    }),
    parts: z.array(z.string()),
    redactedLines: count,
    checkpoint: z.strictObject({ tree: z.string(), base: z.string() }).optional(),
    entries: z.array(z.strictObject({ name: z.string(), bytes: count, sha256: z.string() })),
  }),
});
export const sessionSearch = answer({
  hits: z.array(
    z.strictObject({
      session,
      message: z.strictObject({ seq: count, at: moment, role: z.string() }).optional(),
      excerpt: z.string(),
    }),
  ),
  next: z.string().optional(),
});
/** The command that opens it in the agent's own interface. */
export const sessionOpen = answer({
  session: z.string(),
  cwd: z.string(),
  words: z.array(z.string()),
  line: z.string(),
});
/** A line of a turn: what the agent does, as it comes. */
export const sessionTurn = agentEvent;

const kept = { seq: count, at: moment, id: z.string().optional(), leftOut: count.optional() };
const said = z.string();
/** A line of `sessions messages --json`. */
export const sessionMessage = z.union([
  z.strictObject({
    ...kept,
    role: z.enum(['user', 'assistant', 'system']),
    type: z.literal('text'),
    text: said,
  }),
  z.strictObject({ ...kept, role: z.literal('assistant'), type: z.literal('reasoning'), text: said }),
  z.strictObject({
    ...kept,
    role: z.literal('assistant'),
    type: z.literal('tool-call'),
    call: z.string(),
    kind: z.string(),
    name: z.string(),
    title: z.string().optional(),
    input: z.unknown(),
    parent: z.string().optional(),
  }),
  z.strictObject({
    ...kept,
    role: z.literal('tool'),
    type: z.literal('tool-result'),
    call: z.string(),
    status: z.enum(['ok', 'error', 'denied']),
    output: z.unknown(),
  }),
  z.strictObject({
    ...kept,
    role: z.literal('system'),
    type: z.literal('compaction'),
    trigger: z.enum(['auto', 'manual']),
    tokensBefore: count.optional(),
  }),
  z.strictObject({
    ...kept,
    role: z.literal('system'),
    type: z.literal('outcome'),
    outcome: z.enum(['limited', 'refused', 'cancelled', 'failed']),
    text: said,
  }),
]);
