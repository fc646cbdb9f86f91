import { type Host, ProviderError, type SessionRef, type SessionSummary } from '@pawl/provider';
import { asFigure, failure, readObject } from '@pawl/provider-kit';
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
  const parts: string[][] = [];
  const seen = new Set<string>();
  let next: { readonly id: string; readonly end: number } | undefined = { id: ref.id, end: Infinity };
  while (next && !seen.has(next.id)) {
    seen.add(next.id);
    const { id, end } = next;
    const text = await transcript(id, host);
    parts.unshift(text.split('\n').filter((line, index) => line !== '' && ordinal(line, index) < end));
    next = readHistory(text).base;
  }
  for (const part of parts) yield* part;
}

async function transcript(id: string, host: Host): Promise<string> {
  const rollout = await findRollout(id, host.env, host);
  if (!rollout) throw new ProviderError(failure('session-not-found', `Codex has no transcript of session ${id}.`));
  try {
    return await host.readFile(rollout.path);
  } catch (cause) {
    const message = `The transcript of session ${id} could not be read; it is in ${rollout.path}.`;
    throw new ProviderError(failure('internal', message), { cause });
  }
}

function ordinal(line: string, index: number): number {
  const written = /"ordinal":(\d+)/.exec(line.slice(0, 100))?.[1];
  return written === undefined ? (asFigure(readObject({ line: 1, text: line })?.ordinal) ?? index) : Number(written);
}
