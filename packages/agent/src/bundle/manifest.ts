import type { JsonObject } from '@pawl/provider';
import { AgentError } from '../errors.ts';

export const manifestName = 'manifest.json';
export const bundleVersion = 1;
export const largestManifest = 1024 * 1024;

/** What a bundle says of itself; the first thing in it. */
export interface BundleManifest {
  readonly format: 'pawl-session';
  readonly version: number;
  readonly session: BundledSession;
  /** The agent's own files, by their names for it; the transcript first. */
  readonly parts: readonly string[];
  /** Lines of them from which secrets were taken. */
  readonly redactedLines: number;
  readonly checkpoint?: { readonly tree: string; readonly base?: string; readonly messageId?: string };
  /** Everything behind this, in its order. */
  readonly entries: readonly BundleEntry[];
}

export interface BundledSession {
  readonly provider: string;
  readonly id: string;
  readonly cwd: string;
  readonly token?: JsonObject;
  readonly title?: string;
  readonly tags: readonly string[];
  readonly agent?: string;
  readonly model?: string;
  readonly owner?: string;
  readonly messageId?: string;
  readonly parent?: { readonly id: string; readonly at?: string };
  readonly createdAt: number;
  readonly lastUsedAt: number;
}

export interface BundleEntry {
  readonly name: string;
  readonly bytes: number;
  /** Of its content, in hexadecimal. */
  readonly sha256: string;
}

/** Throws `bad-bundle` or `newer-bundle`. */
export function readManifest(text: string): BundleManifest {
  let json: Record<string, unknown> | null;
  try {
    json = JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    throw bad('its manifest is no JSON');
  }
  if (typeof json !== 'object' || json?.format !== 'pawl-session') throw bad('its manifest is none of pawl');
  if (typeof json.version === 'number' && json.version > bundleVersion)
    throw new AgentError(
      'newer-bundle',
      `The bundle has format ${json.version}; this pawl reads ${bundleVersion}. Nothing was changed. Upgrade pawl.`,
    );
  const manifest = json as unknown as BundleManifest;
  const { version, session, parts, redactedLines, checkpoint, entries } = manifest;
  const right =
    version === bundleVersion &&
    isSession(session) &&
    isList(parts, (part) => typeof part === 'string' && /^[A-Za-z0-9][\w.-]{0,90}$/.test(part)) &&
    parts.length > 0 &&
    Number.isSafeInteger(redactedLines) &&
    (checkpoint === undefined || isCheckpoint(checkpoint)) &&
    isList(entries, isEntry);
  if (!right) throw bad('its manifest does not say what it must');
  const names = entries.map(({ name }) => name);
  const expected = [
    'messages.jsonl',
    ...parts.map((part) => `native/${part}`),
    ...(checkpoint ? ['checkpoint.bundle'] : []),
  ];
  if (new Set(names).size !== names.length) throw bad('it names an entry twice');
  if (names.join() !== expected.join()) throw bad('it does not hold what its manifest names');
  return manifest;
}

function isSession(session: Partial<BundledSession> | undefined): boolean {
  const texts = [session?.provider, session?.id, session?.cwd];
  const optional = [session?.title, session?.agent, session?.model, session?.owner, session?.messageId];
  return (
    texts.every((text) => typeof text === 'string' && text !== '' && text.length <= 4096) &&
    optional.every((text) => text === undefined || typeof text === 'string') &&
    (session?.token === undefined || (typeof session.token === 'object' && session.token !== null)) &&
    isList(session?.tags, (tag) => typeof tag === 'string') &&
    Number.isFinite(session?.createdAt) &&
    Number.isFinite(session?.lastUsedAt)
  );
}

function isCheckpoint({ tree, base, messageId }: Partial<NonNullable<BundleManifest['checkpoint']>>): boolean {
  const id = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
  return (
    typeof tree === 'string' &&
    id.test(tree) &&
    (base === undefined || (typeof base === 'string' && id.test(base))) &&
    (messageId === undefined || typeof messageId === 'string')
  );
}

function isEntry(entry: unknown): boolean {
  const { name, bytes, sha256 } = (entry ?? {}) as Partial<BundleEntry>;
  return (
    typeof name === 'string' &&
    Number.isSafeInteger(bytes) &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}

function isList(list: unknown, fits: (item: unknown) => boolean): list is readonly unknown[] {
  return Array.isArray(list) && list.length <= 10_000 && list.every(fits);
}

function bad(why: string): AgentError {
  return new AgentError(
    'bad-bundle',
    `The bundle cannot be used: ${why}. Nothing was changed. Export the session again.`,
  );
}
