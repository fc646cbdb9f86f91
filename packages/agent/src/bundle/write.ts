import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AgentError } from '../errors.ts';
import { type BundleEntry, type BundleManifest, bundleVersion, manifestName } from './manifest.ts';
import { blockBytes, encodeHeader, paddingOf } from './tar.ts';

/** Something staged: its name in the bundle and the file it lies in now. */
export interface Staged {
  readonly name: string;
  readonly file: string;
}

/** Writes content to a file while it is counted and hashed. */
export async function stage(name: string, content: AsyncIterable<Uint8Array>, file: string): Promise<BundleEntry> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(
    content,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
      }
    },
    createWriteStream(file, { flags: 'wx', mode: 0o600 }),
  );
  return { name, bytes, sha256: hash.digest('hex') };
}

/**
 * Writes the bundle, a tar file, whole or not at all, and over nothing. Resolves to its digest, by which it is known
 * again.
 */
export async function writeBundle(
  file: string,
  about: Omit<BundleManifest, 'format' | 'version'>,
  staged: readonly Staged[],
): Promise<string> {
  const manifest = `${JSON.stringify({ format: 'pawl-session', version: bundleVersion, ...about }, null, 2)}\n`;
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  const places = new Map(staged.map(({ name, file: place }) => [name, place]));
  async function* all(): AsyncGenerator<Uint8Array> {
    const head = Buffer.from(manifest);
    yield* entryOf({ name: manifestName, bytes: head.length }, [head]);
    for (const { name, bytes } of about.entries) {
      const place = places.get(name);
      if (place === undefined) throw new Error(`nothing is staged for ${name}`);
      yield* entryOf({ name, bytes }, createReadStream(place, { highWaterMark: 256 * 1024 }));
    }
    yield Buffer.alloc(2 * blockBytes);
  }
  try {
    await pipeline(all, (await open(temporary, 'wx', 0o600)).createWriteStream());
    await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
      throw new AgentError(
        'file-exists',
        `There is a file ${file} already, and it was not written over. Name another one.`,
      );
    });
  } finally {
    await rm(temporary, { force: true });
  }
  return digestOf(manifest);
}

export function digestOf(manifest: string): string {
  return `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
}

async function* entryOf(
  entry: { readonly name: string; readonly bytes: number },
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield encodeHeader(entry);
  yield* content;
  yield Buffer.alloc(paddingOf(entry.bytes));
}
