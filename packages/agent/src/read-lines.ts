import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const longestLine = 64 * 1024 * 1024;
const newline = 0x0a;

/** No more of the file is in memory than one line and a piece; rejects for a line that is larger than 64 MB. */
export async function* readLines(path: string): AsyncGenerator<string> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${path} is not a file.`);
    let open: Buffer[] = [];
    let size = 0;
    for await (const chunk of handle.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
        yield Buffer.concat([...open, chunk.subarray(from, end)]).toString('utf8');
        [open, size, from] = [[], 0, end + 1];
      }
      open.push(chunk.subarray(from));
      size += chunk.length - from;
      if (size > longestLine) throw new Error(`${path} has a line of more than ${longestLine} bytes.`);
    }
    if (size > 0) yield Buffer.concat(open).toString('utf8');
  } finally {
    await handle.close();
  }
}
