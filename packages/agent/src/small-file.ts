import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const largestFile = 8 * 1024 * 1024;

/** Not to be hung by a pipe, nor filled by a file that grows. */
export async function readSmallFile(path: string, more = 0): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | more | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${path} is not a file.`);
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false, end: largestFile })) {
      chunks.push(chunk);
      size += chunk.length;
    }
    if (size > largestFile) throw new Error(`${path} is larger than ${largestFile} bytes.`);
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    await handle.close();
  }
}

/** The beginning of a file, whatever its size. */
export async function readHead(path: string, bytes: number): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${path} is not a file.`);
    const buffer = Buffer.alloc(Math.min(bytes, largestFile));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
