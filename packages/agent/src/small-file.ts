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
