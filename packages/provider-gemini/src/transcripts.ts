import type { Host, JsonObject } from '@pawl/provider';
import { asArray, asObject, asString, readObject } from '@pawl/provider-kit';
import { chatFolders, trimmed } from './folders.ts';

type Environment = Readonly<Record<string, string>>;

export interface Transcript {
  readonly id: string;
  readonly path: string;
  readonly title: string | undefined;
  readonly updatedAt: number;
  /** Of one that is too large to be read whole, whose last change is not known. */
  readonly begunAt?: number;
}

/** The word that keeps an empty file from being deleted: it makes no conversation of it. */
export const keptWord = 'kept-by-pawl';

/** Sessions of a folder that can be gone on with, newest first. */
export async function transcripts(cwd: string, env: Environment, host: Host): Promise<readonly Transcript[]> {
  const folder = (await chatFolders(env, host)).get(trimmed(cwd));
  const found = new Map<string, Transcript>();
  for (const one of folder === undefined ? [] : await inFolder(folder, host)) {
    // A session that was resumed in a later minute has a second file, with nothing in it.
    const known = found.get(one.id);
    if (!known || known.updatedAt < one.updatedAt) found.set(one.id, one);
  }
  return [...found.values()].sort((left, right) => right.updatedAt - left.updatedAt);
}

/** A session's transcript, wherever it was started; the folder it says first. */
export async function findTranscript(
  id: string,
  cwd: string,
  env: Environment,
  host: Host,
): Promise<Transcript | undefined> {
  const folders = await chatFolders(env, host);
  const own = folders.get(trimmed(cwd));
  const others = [...folders.values()].filter((folder) => folder !== own);
  for (const folder of own === undefined ? others : [own, ...others]) {
    const found = await inFolder(folder, host, id.slice(0, 8));
    const [newest] = found.filter((one) => one.id === id).sort((left, right) => right.updatedAt - left.updatedAt);
    if (newest) return newest;
  }
  return undefined;
}

/** A session that has a second file with nothing in it, from going on in a later minute. */
export interface BesideEmpty {
  readonly session: Transcript;
  readonly empty: string;
}

/** Gemini CLI deletes an empty file at its next start, and with it all that end in the same eight characters. */
export async function besideEmpty(cwd: string, env: Environment, host: Host): Promise<readonly BesideEmpty[]> {
  const folder = (await chatFolders(env, host)).get(trimmed(cwd));
  if (folder === undefined) return [];
  const pairs: BesideEmpty[] = [];
  const endings = Map.groupBy(await transcriptNames(cwd, env, host), (name) => name.slice(name.lastIndexOf('-')));
  for (const [ending, names] of endings) {
    // Most have one file, which need not be read.
    if (names.length < 2) continue;
    const found = await inFolder(folder, host, ending.slice(0, -'.jsonl'.length));
    const [session] = [...found].sort((left, right) => right.updatedAt - left.updatedAt);
    if (!session) continue;
    const said = new Set(found.map(({ path }) => path));
    for (const path of names.map((name) => `${folder}/${name}`)) {
      const text = said.has(path) ? keptWord : await host.readFile(path).catch(() => '');
      if (!text.includes(keptWord)) pairs.push({ session, empty: path });
    }
  }
  return pairs;
}

/** The names of transcripts end in the first 8 characters of the session's id. */
export async function transcriptNames(cwd: string, env: Environment, host: Host): Promise<readonly string[]> {
  const folder = (await chatFolders(env, host)).get(trimmed(cwd));
  return folder === undefined ? [] : (await host.listFolder(folder)).filter(isTranscript);
}

async function inFolder(folder: string, host: Host, short = ''): Promise<readonly Transcript[]> {
  const found: Transcript[] = [];
  for (const name of await host.listFolder(folder)) {
    if (!isTranscript(name) || !name.endsWith(`${short}.jsonl`)) continue;
    const path = `${folder}/${name}`;
    const text = await host.readFile(path).catch(() => undefined);
    const read = text === undefined ? await readHeader(path, host) : readTranscript(text, path);
    if (read) found.push(read);
  }
  return found;
}

/** Of one that is too large to be read whole. */
async function readHeader(path: string, host: Host): Promise<Transcript | undefined> {
  const head = await host.readHead?.(path, 64 * 1024).catch(() => undefined);
  const header = readObject({ line: 1, text: head?.split('\n', 1)[0] ?? '' });
  const id = asString(header?.sessionId);
  const begunAt = Date.parse(asString(header?.lastUpdated) ?? '');
  if (id === undefined) host.log('warn', `a session of Gemini CLI cannot be read: ${path}`);
  if (id === undefined) return undefined;
  return { id, path, title: undefined, updatedAt: 0, ...(begunAt > 0 ? { begunAt } : {}) };
}

function isTranscript(name: string): boolean {
  return name.startsWith('session-') && name.endsWith('.jsonl');
}

/** Undefined for one that the CLI would not resume: a sub-agent's, or one in which nobody was answered. */
function readTranscript(text: string, path: string): Transcript | undefined {
  let id: string | undefined;
  let title: string | undefined;
  let updatedAt = 0;
  let kind: string | undefined;
  let messages = new Map<string, JsonObject>();
  for (const [index, raw] of text.split('\n').entries()) {
    const entry = readObject({ line: index + 1, text: raw });
    if (!entry) continue;
    const set = asObject(entry.$set);
    const about = set ?? entry;
    id = asString(about.sessionId) ?? id;
    kind = asString(about.kind) ?? kind;
    title = asString(about.summary) ?? title;
    updatedAt = Date.parse(asString(about.lastUpdated) ?? '') || updatedAt;
    const rewind = asString(entry.$rewindTo);
    if (rewind !== undefined) messages = before(messages, rewind);
    if (Array.isArray(set?.messages)) messages = byId(asArray(set.messages));
    else for (const [key, message] of byId([entry])) messages.set(key, message);
  }
  messages.delete(keptWord);
  const said = [...messages.values()].flatMap((message) => promptOf(message) ?? []);
  if (id === undefined || kind === 'subagent' || said.length === 0) return undefined;
  return { id, path, title: title ?? said[0], updatedAt };
}

function byId(entries: readonly unknown[]): Map<string, JsonObject> {
  const messages = entries.flatMap((entry) => {
    const message = asObject(entry as JsonObject);
    const id = asString(message?.id);
    return message && id !== undefined && message.type !== undefined ? [[id, message] as const] : [];
  });
  return new Map(messages);
}

function before(messages: ReadonlyMap<string, JsonObject>, id: string): Map<string, JsonObject> {
  const ids = [...messages.keys()];
  return new Map([...messages].slice(0, Math.max(0, ids.indexOf(id))));
}

/** What a person said, without what the CLI puts before it. */
function promptOf(message: JsonObject): string | undefined {
  if (message.type !== 'user') return undefined;
  const whole = asString(message.content);
  const parts = whole === undefined ? asArray(message.content).map((part) => asString(asObject(part)?.text)) : [whole];
  return parts.find((text) => text !== undefined && text.trim() !== '' && !isContext(text));
}

/** The CLI says it, not a person. */
export const isContext = (text: string): boolean => /^\s*<(session|hook)_context>/.test(text);
