import type { Host } from '@pawl/provider';
import { configFolder, isProject } from './folders.ts';

type Environment = Readonly<Record<string, string>>;

export interface Transcript {
  readonly id: string;
  readonly path: string;
}

/** Ids of the sessions that were started in a folder. */
export async function transcriptNames(cwd: string, env: Environment, host: Host): Promise<readonly string[]> {
  return (await transcripts(cwd, env, host)).map(({ id }) => id);
}

/** Transcripts of a folder's sessions, in no order. */
export async function transcripts(cwd: string, env: Environment, host: Host): Promise<readonly Transcript[]> {
  const projects = await projectFolders(env, host);
  return await inFolders(
    projects.filter(({ name }) => isProject(name, cwd)),
    host,
  );
}

/** A session's transcript, wherever it was started: resuming from another folder leaves it where it is. */
export async function findTranscript(id: string, env: Environment, host: Host): Promise<Transcript | undefined> {
  const all = await inFolders(await projectFolders(env, host), host);
  return all.find((transcript) => transcript.id === id);
}

async function projectFolders(env: Environment, host: Host) {
  const config = configFolder(env);
  if (config === undefined) return [];
  const names = await host.listFolder(`${config}/projects`);
  return names.map((name) => ({ name, path: `${config}/projects/${name}` }));
}

async function inFolders(folders: readonly { readonly path: string }[], host: Host): Promise<readonly Transcript[]> {
  const found: Transcript[] = [];
  for (const { path } of folders) {
    for (const name of await host.listFolder(path)) {
      if (name.endsWith('.jsonl')) found.push({ id: name.slice(0, -'.jsonl'.length), path: `${path}/${name}` });
    }
  }
  return found;
}
