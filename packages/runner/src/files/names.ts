import { createHash } from 'node:crypto';

/** A file or folder name for any id: readable, and never the same for two ids (`a/b-c` and `a-b/c`). */
export function slug(id: string): string {
  const readable = id
    .replaceAll('/', '.')
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, 80);
  // Not of the UTF-8 bytes: those of all lone surrogates are the same.
  const digest = createHash('sha256').update(Buffer.from(id, 'utf16le')).digest('hex');
  return `${readable || 'run'}-${digest.slice(0, 16)}`;
}

/** Where a turn's prompt, native stream and events lie, below the run's folder. */
export const turnFolder = (effectId: string): string => `turns/${slug(effectId)}`;

/** Where the output of an effect's command lies, below the run's folder. */
export const fileName = (effectId: string, extension: string): string => `gates/${slug(effectId)}.${extension}`;

/** What the processes of an effect carry in their environment. */
export const markerOf = (run: string, effectId: string): string => `${run}:${effectId}`;
