import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AgentError } from '../errors.ts';
import { type BundleEntry, type BundleManifest, largestManifest, manifestName, readManifest } from './manifest.ts';
import { blockBytes, decodeHeader, paddingOf, type TarEntry } from './tar.ts';
import { digestOf } from './write.ts';

export interface ReadBundle {
  readonly manifest: BundleManifest;
  readonly digest: string;
  /** Where an entry lies now. */
  fileOf(name: string): string;
}

/**
 * Takes a bundle apart into a folder of the caller's, which is empty. Every name, size and checksum is right when it
 * resolves; else it rejects with an `AgentError`: `bad-bundle`, `newer-bundle` or `no-bundle`.
 */
export async function readBundle(file: string, folder: string): Promise<ReadBundle> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new AgentError('no-bundle', `The bundle ${file} cannot be read: ${error.message}.`);
  });
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new AgentError('no-bundle', `${file} is no file.`);
    const reader = new Reader(handle, stat.size);
    const head = await reader.entry();
    if (head?.name !== manifestName || head.bytes > largestManifest)
      throw new AgentError('bad-bundle', `${file} is no bundle of a session: it does not begin with a manifest.`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of reader.content(head)) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    const manifest = readManifest(text);
    const fileOf = (name: string) => join(folder, ...name.split('/'));
    for (const entry of manifest.entries) await takeOut(reader, entry, fileOf(entry.name));
    if (await reader.entry()) throw new AgentError('bad-bundle', 'The bundle holds more than its manifest names.');
    return { manifest, digest: digestOf(text), fileOf };
  } finally {
    await handle.close();
  }
}

async function takeOut(reader: Reader, wanted: BundleEntry, place: string): Promise<void> {
  const entry = await reader.entry();
  if (!entry || entry.name !== wanted.name || entry.bytes !== wanted.bytes)
    throw new AgentError(
      'bad-bundle',
      `The bundle does not hold ${wanted.name} as its manifest says: it was changed or cut.`,
    );
  await mkdir(dirname(place), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  const out = await open(place, 'wx', 0o600);
  try {
    for await (const chunk of reader.content(entry)) {
      hash.update(chunk);
      await out.write(chunk);
    }
  } finally {
    await out.close();
  }
  if (hash.digest('hex') !== wanted.sha256)
    throw new AgentError(
      'bad-bundle',
      `${wanted.name} in the bundle was changed: its checksum is another. Nothing was taken.`,
    );
}

/** One entry after the other, never more in memory than a piece of it. */
class Reader {
  readonly #handle: FileHandle;
  readonly #size: number;
  #at = 0;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  async entry(): Promise<TarEntry | undefined> {
    const entry = decodeHeader(await this.#read(blockBytes));
    if (entry && entry.bytes > this.#size - this.#at) throw cut();
    return entry;
  }

  async *content({ bytes }: TarEntry): AsyncGenerator<Uint8Array> {
    for (let left = bytes; left > 0; ) {
      const chunk = await this.#read(Math.min(left, 256 * 1024));
      left -= chunk.length;
      yield chunk;
    }
    await this.#read(paddingOf(bytes));
  }

  async #read(bytes: number): Promise<Buffer> {
    const buffer = Buffer.alloc(bytes);
    for (let have = 0; have < bytes; ) {
      const { bytesRead } = await this.#handle.read(buffer, have, bytes - have, this.#at);
      if (bytesRead === 0) throw cut();
      have += bytesRead;
      this.#at += bytesRead;
    }
    return buffer;
  }
}

function cut(): AgentError {
  return new AgentError('bad-bundle', 'The bundle is cut off: copy it anew. Nothing was taken.');
}
