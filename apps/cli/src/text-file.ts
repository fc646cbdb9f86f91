import { open } from 'node:fs/promises';

export type TextFile =
  | { readonly found: 'text'; readonly text: string; readonly bytes: number }
  | { readonly found: 'absent' | 'folder' | 'not-text' | 'too-large' }
  | { readonly found: 'unreadable'; readonly reason: string };

/** A file of a user's as text, without a byte order mark. Reads no more than asked for, whatever it is (`/dev/zero`). */
export async function readTextFile(path: string, maxBytes: number): Promise<TextFile> {
  let bytes: Uint8Array;
  try {
    const file = await open(path, 'r');
    try {
      const room = new Uint8Array(maxBytes + 1);
      let length = 0;
      while (length < room.length) {
        const { bytesRead } = await file.read(room, length, room.length - length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      bytes = room.subarray(0, length);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { found: 'absent' };
    if (code === 'EISDIR') return { found: 'folder' };
    return { found: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
  if (bytes.length > maxBytes) return { found: 'too-large' };
  if (bytes.includes(0)) return { found: 'not-text' };
  try {
    return { found: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), bytes: bytes.length };
  } catch {
    return { found: 'not-text' };
  }
}

/** Why a file gave no text, to go behind its name. */
export function whyNot(file: Exclude<TextFile, { found: 'text' }>, most: string): string {
  switch (file.found) {
    case 'absent':
      return 'there is no such file';
    case 'folder':
      return 'it is a folder';
    case 'not-text':
      return 'it is not a text in UTF-8';
    case 'too-large':
      return `it is larger than ${most}`;
    case 'unreadable':
      return file.reason;
  }
}
