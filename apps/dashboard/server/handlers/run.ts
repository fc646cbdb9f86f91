import { badRequest } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { follow } from '../live/follow.ts';
import { beatMs } from '../respond.ts';
import { runPageOf, stepListOf } from '../runs/run-page.ts';

/** Ids are of letters, digits and dashes; what is none is not looked for. */
export function runId(id: string | null | undefined): string {
  if (id !== null && id !== undefined && /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(id)) return id;
  throw badRequest('this cannot be the id of a run');
}

export function whole(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null || text === '') return otherwise;
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  throw badRequest(`${name} is a whole number`);
}

export async function readRun(house: House, { params, query }: Request): Promise<Answer> {
  const run = await house.runs.open(runId(params.run));
  return ok(runPageOf(run, whole(query, 'since', 0), house.now()));
}

export async function readSteps(house: House, { params, query }: Request): Promise<Answer> {
  const run = await house.runs.open(runId(params.run));
  return ok(stepListOf(run, Math.max(0, whole(query, 'from', 0))));
}

export async function live(house: House, { query, lastEventId, signal }: Request): Promise<Answer> {
  const run = query.get('run');
  // Refused before the stream begins: nobody asks for it again.
  if (run !== null) await house.runs.open(runId(run));
  return {
    status: 200,
    events: follow({
      hub: house.hub,
      ...(run !== null && { run: { id: runId(run), seq: whole(query, 'since', 0) } }),
      last: lastEventId ?? query.get('last') ?? undefined,
      signal,
      pageOf: async (id, since) => runPageOf(await house.runs.open(id), since, house.now()),
      beatMs,
    }),
  };
}
