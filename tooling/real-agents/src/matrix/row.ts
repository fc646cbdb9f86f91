import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Capabilities } from '@pawl/provider';

export const verbs = [
  ...(['new', 'resume', 'continue', 'fork', 'fork at a message', 'ephemeral', 'list', 'export'] as const),
  ...(['stop', 'limits', 'structured output', 'cost'] as const),
] as const;
export type Verb = (typeof verbs)[number];

/** What happens around a turn. */
export const situationNames = [
  ...(['writes a file', 'wrong session id', 'HTTP 401', 'HTTP 429', 'HTTP 5xx', 'cut stream'] as const),
  ...(['stop during a tool', 'stop during a retry', 'two at once'] as const),
  ...(['MCP server', 'extra directories', 'effort'] as const),
] as const;
export type Situation = (typeof situationNames)[number];

export const columns = [...verbs, ...situationNames] as const;
export type Column = (typeof columns)[number];

/** What a live run showed; anything else fails the run. */
export type Cell = 'works' | 'refused by name';

export interface Row {
  readonly agent: string;
  readonly title: string;
  readonly cells: Readonly<Record<Column, Cell>>;
  /** As the probe of the installed version tells them. */
  readonly capabilities: Capabilities;
}

const folder = join(import.meta.dirname, '..', '..', 'golden');
/** `acp-qwen` of `acp (qwen)`: of its files. */
export const rowName = (agent: string): string => agent.replace(/[ ()]+/g, '-').replace(/-$/, '');
const fileOf = (agent: string): string => join(folder, `${rowName(agent)}.json`);

/** As the last accepted run left it. */
export function readRow(agent: string): Row | undefined {
  const file = fileOf(agent);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Row) : undefined;
}

export function writeRow(row: Row): void {
  writeFileSync(fileOf(row.agent), `${JSON.stringify(row, undefined, 2)}\n`);
}

export function readRows(): readonly Row[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Row);
}
