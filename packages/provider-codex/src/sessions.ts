import { type Host, ProviderError, type SessionRef, type SessionSummary } from '@pawl/provider';
import { asFigure, failure, readObject, transcriptLines } from '@pawl/provider-kit';
import { type Environment, findRollout, rollouts } from './folders.ts';
import { type History, readHistory } from './history.ts';

/** Rollouts are in folders by day and not by project: each must be opened to know where it worked. */
const newest = 2_000;

export interface Known {
  readonly id: string;
  readonly history: History;
}

/** Sessions whose last turn worked in a folder, the one with the newest turn first. Those of sub-agents are left out. */
export async function sessionsOf(cwd: string, env: Environment, host: Host): Promise<readonly Known[]> {
  const found: Known[] = [];
  let looked = 0;
  for await (const { id, path } of rollouts(env, host)) {
    looked += 1;
    if (looked > newest) break;
    const text = await host.readFile(path).catch(() => undefined);
    if (text === undefined) continue;
    const history = readHistory(text);
    if (history.cwd === cwd && !history.inner) found.push({ id, history });
  }
  return found.sort((left, right) => (right.history.updatedAt ?? 0) - (left.history.updatedAt ?? 0));
}

export async function listSessions(
  { cwd, limit }: { readonly cwd: string; readonly limit?: number },
  host: Host,
): Promise<readonly SessionSummary[]> {
  const found = await sessionsOf(cwd, host.env, host);
  return found.slice(0, limit).map(({ id, history: { title, updatedAt } }) => ({
    ref: { provider: 'codex', id, cwd },
    ...(title === undefined ? {} : { title }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
  }));
}

/** The rollout; that of a fork holds nothing of what was before, so the lines of its source come first. */
export async function* exportSession(ref: SessionRef, host: Host): AsyncGenerator<string> {
  const parts: { readonly id: string; readonly path: string; readonly end: number }[] = [];
  let next: { readonly id: string; readonly end: number } | undefined = { id: ref.id, end: Infinity };
  while (next && !parts.some(({ id }) => id === next?.id)) {
    const path = await rolloutOf(next.id, host);
    parts.unshift({ ...next, path });
    next = await baseOf(next.id, path, host);
  }
  for (const { id, path, end } of parts) {
    let index = 0;
    for await (const line of transcriptLines({ id }, path, host)) {
      if (ordinal(line, index) < end) yield line;
      index += 1;
    }
  }
}

async function rolloutOf(id: string, host: Host): Promise<string> {
  const rollout = await findRollout(id, host.env, host);
  if (rollout) return rollout.path;
  throw new ProviderError(failure('session-not-found', `Codex has no transcript of session ${id}.`));
}

/** What a fork begins with stands in its first line. */
async function baseOf(id: string, path: string, host: Host): Promise<History['base']> {
  for await (const line of transcriptLines({ id }, path, host)) return readHistory(`${line}\n`).base;
  return undefined;
}

function ordinal(line: string, index: number): number {
  const written = /"ordinal":(\d+)/.exec(line.slice(0, 100))?.[1];
  return written === undefined ? (asFigure(readObject({ line: 1, text: line })?.ordinal) ?? index) : Number(written);
}
