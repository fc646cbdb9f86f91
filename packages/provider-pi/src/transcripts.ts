import type { Host, JsonObject } from '@pawl/provider';
import { asString, readObject } from '@pawl/provider-kit';
import { agentFolder, folderName, sharedFolder } from './folders.ts';

type Environment = Readonly<Record<string, string>>;

export interface Transcript {
  readonly id: string;
  readonly path: string;
}

/** Transcripts of the sessions that were started in a folder, the newest beginning last. */
export async function transcripts(cwd: string, env: Environment, host: Host): Promise<readonly Transcript[]> {
  const shared = await sharedFolder(cwd, env, host);
  if (shared !== undefined) {
    const all = await inFolder(shared, host);
    const own = await Promise.all(all.map(async ({ path }) => (await header(path, host))?.cwd === cwd));
    return all.filter((_, index) => own[index]);
  }
  const agent = agentFolder(env);
  return agent === undefined ? [] : await inFolder(`${agent}/sessions/${folderName(cwd)}`, host);
}

/** A session's transcript, wherever it was started. */
export async function findTranscript(
  id: string,
  cwd: string,
  env: Environment,
  host: Host,
): Promise<Transcript | undefined> {
  const named = (found: readonly Transcript[]) => found.find((transcript) => transcript.id === id);
  const here = named(await transcripts(cwd, env, host));
  const agent = agentFolder(env);
  if (here || agent === undefined) return here;
  for (const name of await host.listFolder(`${agent}/sessions`)) {
    const there = named(await inFolder(`${agent}/sessions/${name}`, host));
    if (there) return there;
  }
  return undefined;
}

/** The entries of a transcript, without its header; lines that are none are left out. */
export function entries(text: string): readonly JsonObject[] {
  return text.split('\n').flatMap((raw, index) => {
    const entry = readObject({ line: index + 1, text: raw });
    return entry && entry.type !== 'session' ? [entry] : [];
  });
}

export async function header(path: string, host: Host): Promise<JsonObject | undefined> {
  // The whole may be too large to be read at once.
  const text = await (host.readHead?.(path, 64 * 1024) ?? host.readFile(path)).catch(() => undefined);
  return text === undefined ? undefined : readObject({ line: 1, text: text.split('\n', 1)[0] ?? '' });
}

/** `<time>_<id>.jsonl`; an id may hold underscores, the time holds none. */
async function inFolder(folder: string, host: Host): Promise<readonly Transcript[]> {
  const names = await host.listFolder(folder);
  return [...names].sort().flatMap((name) => {
    const id = asString(/^[^_]+_(.+)\.jsonl$/.exec(name)?.[1]);
    return id === undefined ? [] : [{ id, path: `${folder}/${name}` }];
  });
}
