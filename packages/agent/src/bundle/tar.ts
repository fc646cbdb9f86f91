import { AgentError } from '../errors.ts';

/** A part of a bundle: a plain file. */
export interface TarEntry {
  readonly name: string;
  readonly bytes: number;
}

export const blockBytes = 512;
/** What eleven octal figures can say. */
export const largestEntry = 8 ** 11 - 1;

/** The header of a plain file, as `tar` reads it (POSIX ustar). */
export function encodeHeader({ name, bytes }: TarEntry): Buffer {
  const block = Buffer.alloc(blockBytes);
  const put = (text: string, at: number) => block.write(text, at, 'latin1');
  if (name.length > 100 || bytes > largestEntry)
    throw new AgentError('bad-bundle', `${name} with its ${bytes} bytes is too large for a bundle.`);
  put(name, 0);
  put('0000600\0', 100);
  put('0000000\0', 108);
  put('0000000\0', 116);
  put(`${bytes.toString(8).padStart(11, '0')}\0`, 124);
  // No time: the same session is the same bundle.
  put('00000000000\0', 136);
  put('        ', 148);
  put('0', 156);
  put('ustar\x0000', 257);
  put(`${sumOf(block).toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** Undefined: the end. Throws `bad-bundle` for anything but a plain file of a plain name: links, folders, other paths. */
export function decodeHeader(block: Buffer): TarEntry | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  const text = (from: number, to: number) => block.toString('latin1', from, to).split('\0', 1)[0] ?? '';
  const sum = Number.parseInt(text(148, 156).trim(), 8);
  const without = Buffer.from(block);
  without.write('        ', 148, 'latin1');
  if (sum !== sumOf(without)) throw new AgentError('bad-bundle', 'This is no bundle of a session, or it is damaged.');
  const name = text(0, 100);
  const kind = text(156, 157);
  const shown = JSON.stringify(name.slice(0, 100));
  if (kind !== '0' && kind !== '')
    throw new AgentError(
      'bad-bundle',
      `${shown} in the bundle is no plain file but a link, a folder or something else.`,
    );
  if (text(345, 500) !== '' || !/^[A-Za-z0-9][\w.-]*(?:\/[A-Za-z0-9][\w.-]*)?$/.test(name))
    throw new AgentError('bad-bundle', `${shown} is no name that a bundle of a session may hold.`);
  const size = text(124, 136).trim();
  if (!/^[0-7]{1,11}$/.test(size)) throw new AgentError('bad-bundle', `${shown} in the bundle has no size.`);
  return { name, bytes: Number.parseInt(size, 8) };
}

/** What fills up the last block of an entry. */
export function paddingOf(bytes: number): number {
  return (blockBytes - (bytes % blockBytes)) % blockBytes;
}

function sumOf(block: Buffer): number {
  return block.reduce((sum, byte) => sum + byte, 0);
}
