import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const newline = 0x0a;

/** One write, so that it is whole also where another process adds lines of its own. The file must be there. */
export async function appendLine(path: string, line: string): Promise<void> {
  const handle = await open(path, constants.O_RDWR | constants.O_APPEND | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error(`${path} is not a file.`);
    const last = Buffer.alloc(1);
    if (stat.size > 0) await handle.read(last, 0, 1, stat.size - 1);
    // What was cut off in the middle of a line stays a line of its own.
    const start = stat.size > 0 && last[0] !== newline ? '\n' : '';
    await handle.write(`${start}${line}\n`);
  } finally {
    await handle.close();
  }
}
