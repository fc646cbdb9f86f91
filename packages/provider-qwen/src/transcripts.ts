import type { Host } from '@pawl/provider';
import { asArray, asObject, asString, readObject } from '@pawl/provider-kit';
import { chatsFolder, trimmed } from './folders.ts';

type Environment = Readonly<Record<string, string>>;

export interface Transcript {
  readonly id: string;
  readonly path: string;
  readonly title: string | undefined;
  readonly updatedAt: number;
}

/** Sessions of a folder, newest first. One that is too large to read comes last, bare. */
export async function transcripts(cwd: string, env: Environment, host: Host): Promise<readonly Transcript[]> {
  const folder = chatsFolder(cwd, env);
  const found: Transcript[] = [];
  for (const name of folder === undefined ? [] : await host.listFolder(folder)) {
    if (!name.endsWith('.jsonl')) continue;
    const id = name.slice(0, -'.jsonl'.length);
    const path = `${folder}/${name}`;
    // One at a time: each may be some megabytes.
    const text = await host.readFile(path).catch(() => undefined);
    const read = text === undefined ? { title: undefined, updatedAt: 0 } : readTranscript(text, trimmed(cwd));
    if (read) found.push({ id, path, ...read });
  }
  return found.sort((left, right) => right.updatedAt - left.updatedAt);
}

export function transcriptPath(id: string, cwd: string, env: Environment): string | undefined {
  const folder = chatsFolder(cwd, env);
  return folder === undefined || !/^[\w-]+$/.test(id) ? undefined : `${folder}/${id}.jsonl`;
}

/** Undefined for one of another folder that is spelt the same, and for one in which nobody said anything. */
function readTranscript(text: string, cwd: string): Pick<Transcript, 'title' | 'updatedAt'> | undefined {
  let chosen: string | undefined;
  let first: string | undefined;
  let updatedAt = 0;
  for (const [index, raw] of text.split('\n').entries()) {
    const entry = readObject({ line: index + 1, text: raw });
    if (!entry) continue;
    const where = asString(entry.cwd);
    if (where !== undefined && trimmed(where) !== cwd) return undefined;
    if (entry.subtype === 'custom_title') chosen = asString(asObject(entry.systemPayload)?.customTitle) ?? chosen;
    if (entry.type === 'user' && entry.provenance !== 'system') first ??= promptOf(asObject(entry.message)?.parts);
    updatedAt = Math.max(updatedAt, Date.parse(asString(entry.timestamp) ?? '') || 0);
  }
  return first === undefined ? undefined : { title: chosen ?? first, updatedAt };
}

function promptOf(parts: Parameters<typeof asArray>[0]): string | undefined {
  const texts = asArray(parts).map((part) => asString(asObject(part)?.text));
  return texts.find((text) => text !== undefined && text.trim() !== '' && !text.startsWith('<system-reminder>'));
}
