import type { Host } from '@pawl/provider';

export type Environment = Readonly<Record<string, string>>;

/** Where Codex keeps its things; undefined where there is no home. */
export function codexFolder(env: Environment): string | undefined {
  const home = env.HOME ?? env.USERPROFILE;
  return env.CODEX_HOME ?? (home === undefined ? undefined : `${home}/.codex`);
}

/** The file of one session. */
export interface Rollout {
  readonly id: string;
  readonly path: string;
}

const fileName = /^rollout-.*-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\.jsonl$/;

/** Rollouts by the day their session began, newest day first, within a day newest first. */
export async function* rollouts(env: Environment, host: Host): AsyncGenerator<Rollout> {
  const folder = codexFolder(env);
  if (folder === undefined) return;
  const root = `${folder}/sessions`;
  for (const year of await descending(root, host)) {
    for (const month of await descending(`${root}/${year}`, host)) {
      for (const day of await descending(`${root}/${year}/${month}`, host)) {
        yield* inFolder(`${root}/${year}/${month}/${day}`, host);
      }
    }
  }
}

/** A session's file, the archived ones among them. */
export async function findRollout(id: string, env: Environment, host: Host): Promise<Rollout | undefined> {
  const near = await nearRollout(id, env, host);
  if (near) return near;
  for await (const found of rollouts(env, host)) if (found.id === id) return found;
  const folder = codexFolder(env);
  if (folder === undefined) return undefined;
  for await (const found of inFolder(`${folder}/archived_sessions`, host)) if (found.id === id) return found;
  return undefined;
}

/** Looks only where the id says that it is. */
export async function nearRollout(id: string, env: Environment, host: Host): Promise<Rollout | undefined> {
  const folder = codexFolder(env);
  if (folder === undefined) return undefined;
  for (const day of daysAround(id)) {
    for await (const found of inFolder(`${folder}/sessions/${day}`, host)) if (found.id === id) return found;
  }
  return undefined;
}

async function* inFolder(folder: string, host: Host): AsyncGenerator<Rollout> {
  for (const name of await descending(folder, host)) {
    const id = fileName.exec(name)?.[1];
    if (id !== undefined) yield { id, path: `${folder}/${name}` };
  }
}

async function descending(folder: string, host: Host): Promise<readonly string[]> {
  const names = await host.listFolder(folder).catch(() => []);
  return [...names].sort().reverse();
}

/** An id is a UUIDv7, which begins with its milliseconds; the folder is the day by the local clock, wherever that is. */
function daysAround(id: string): readonly string[] {
  const at = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  const days = [0, -1, 1].map((offset) => new Date(at + offset * 86_400_000));
  return days.flatMap((day) =>
    Number.isNaN(day.getTime()) ? [] : [day.toISOString().slice(0, 10).replaceAll('-', '/')],
  );
}
