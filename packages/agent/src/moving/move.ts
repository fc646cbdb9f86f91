import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import {
  type Host,
  type PlaceRequest,
  type Provider,
  ProviderError,
  type SessionPart,
  type SessionRef,
} from '@pawl/provider';
import { placeFiles, type ReadPart } from './place-files.ts';

/** What the agent keeps of a conversation and needs to go on with it. Rejects with a `ProviderError`. */
export async function packSession(provider: Provider, ref: SessionRef, host: Host): Promise<readonly SessionPart[]> {
  if (!provider.packSession) throw cannotMove(provider);
  return provider.packSession(ref, host);
}

export function readPart({ source }: SessionPart): AsyncIterable<Uint8Array> {
  if ('path' in source) return createReadStream(source.path, { highWaterMark: 256 * 1024 });
  return (async function* () {
    yield Buffer.from(source.text);
  })();
}

/**
 * Puts a conversation where the agent looks for it: whole or not at all, and over nothing. Rejects with an `AgentError`
 * `session-exists` or a `ProviderError`.
 */
export async function placeSession(
  provider: Provider,
  request: PlaceRequest,
  host: Host,
  read: ReadPart,
): Promise<SessionRef> {
  if (!provider.placeSession) throw cannotMove(provider);
  const cwd = await realpath(request.cwd);
  const placement = await provider.placeSession({ ...request, cwd }, host);
  const takeBack = await placeFiles(placement.files, read);
  try {
    await placement.finish?.((part) => textOf(read(part)));
  } catch (error) {
    await takeBack();
    throw error;
  }
  return placement.ref;
}

/** Another conversation with the same past, up to message `at` if given, in a folder that may be another one. */
export async function copySession(
  provider: Provider,
  {
    ref,
    ...request
  }: { readonly ref: SessionRef } & Required<Pick<PlaceRequest, 'cwd' | 'copy'>> & Pick<PlaceRequest, 'at'>,
  host: Host,
): Promise<SessionRef> {
  const parts = await packSession(provider, ref, host);
  const byName = new Map(parts.map((part) => [part.name, part]));
  return placeSession(provider, { from: ref, parts: [...byName.keys()], ...request }, host, (name) => {
    const part = byName.get(name);
    if (!part) throw new Error(`there is no part ${name}`);
    return readPart(part);
  });
}

function cannotMove({ title }: Provider): ProviderError {
  const message = `${title} keeps its sessions where they cannot be taken from or put: start a new one there.`;
  return new ProviderError({ code: 'unsupported', message, retryable: false });
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
