import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { BlobRef } from '@pawl/core';
import { notFound } from '../errors.ts';

/** Files of runs, by names that are in the log. */
export interface RunFolder {
  /** Undefined where there is none. `back`: the piece that ends before `at`. Negative `at` counts from the end. */
  piece(run: string, name: string, at: number, bytes: number): Promise<Piece | undefined>;
  text(run: string, name: string, mostBytes: number): Promise<string | undefined>;
  blob(run: string, ref: BlobRef): Promise<string>;
}
export interface Piece {
  readonly bytes: Buffer;
  readonly from: number;
  readonly size: number;
}

const mostBlobBytes = 8 * 1024 * 1024;

export function openRunFolder(home: string): RunFolder {
  const piece = async (run: string, name: string, at: number, bytes: number): Promise<Piece | undefined> => {
    const file = await open(join(home, 'runs', checked(run), checked(name)), 'r').catch(() => undefined);
    if (!file) return undefined;
    try {
      const { size } = await file.stat();
      const from = Math.min(size, at < 0 ? Math.max(0, size + at) : at);
      const buffer = Buffer.alloc(Math.max(0, Math.min(bytes, size - from)));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
      return { bytes: buffer.subarray(0, bytesRead), from, size };
    } finally {
      await file.close();
    }
  };
  const text = async (run: string, name: string, mostBytes: number): Promise<string | undefined> =>
    (await piece(run, name, 0, mostBytes))?.bytes.toString('utf8');
  return {
    piece,
    text,
    async blob(run, { blob }) {
      const found = /^[0-9a-f]{64}$/.test(blob) ? await text(run, `blobs/${blob}`, mostBlobBytes) : undefined;
      if (found === undefined) throw notFound('text of that name: it is gone from the run’s folder');
      return found;
    },
  };
}

/** Names come from the log, and none leads out of the run's folder. */
function checked(name: string): string {
  if (name.split('/').every((segment) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(segment))) return name;
  throw notFound('file of that name');
}
