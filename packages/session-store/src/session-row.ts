import type { JsonObject } from '@pawl/provider';
import type { Row } from './row.ts';
import type { SessionCost, SessionRecord } from './session-contract.ts';

/** A row of the table `sessions`, with `parent_id` and `tags` (as JSON). */
export function toSessionRecord(row: Row): SessionRecord {
  const token = row.token === null ? {} : { token: JSON.parse(String(row.token)) as JsonObject };
  const provider = String(row.provider);
  return {
    id: String(row.id),
    ref: { provider, id: String(row.native_id), cwd: String(row.cwd), ...token },
    ...texts(row, { agent: 'agent', model: 'model', title: 'title', owner: 'owner', repository: 'repository' }),
    tags: JSON.parse(String(row.tags)) as readonly string[],
    ...(row.parent_native_id === null
      ? {}
      : {
          parent: {
            provider,
            nativeId: String(row.parent_native_id),
            ...texts(row, { id: 'parent_id', at: 'parent_at' }),
          },
        }),
    ...texts(row, { run: 'run', step: 'step', messageId: 'message_id', transcript: 'transcript', origin: 'origin' }),
    archived: Number(row.archived) === 1,
    createdAt: Number(row.created_at),
    lastUsedAt: Number(row.last_used_at),
    turns: Number(row.turns),
    messages: Number(row.messages),
    ...numbers(row, { maxMessages: 'max_messages' }),
    ...numbers(row, { inputTokens: 'input_tokens', outputTokens: 'output_tokens' }),
    cost: toCost(row),
  };
}

function toCost(row: Row): SessionCost {
  const usd = row.cost_usd === null ? undefined : Number(row.cost_usd);
  const unpricedTurns = Number(row.unpriced_turns);
  if (unpricedTurns === 0 && usd !== undefined) return { state: 'measured', usd };
  return { state: 'unknown', unpricedTurns, ...(usd === undefined ? {} : { measuredUsd: usd }) };
}

/** Those of the columns that are not NULL, under the names of the record. */
function texts<Name extends string>(row: Row, names: Readonly<Record<Name, string>>): { [K in Name]?: string } {
  return present(row, names, String);
}
function numbers<Name extends string>(row: Row, names: Readonly<Record<Name, string>>): { [K in Name]?: number } {
  return present(row, names, Number);
}
function present<Name extends string, T>(
  row: Row,
  names: Readonly<Record<Name, string>>,
  as: (value: unknown) => T,
): { [K in Name]?: T } {
  const found: { [K in Name]?: T } = {};
  for (const name in names) if (row[names[name]] !== null) found[name] = as(row[names[name]]);
  return found;
}
