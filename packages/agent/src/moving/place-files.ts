import { randomUUID } from 'node:crypto';
import { link, lstat, mkdir, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PlacedFile } from '@pawl/provider';
import { AgentError } from '../errors.ts';
import { bytesOf, linesOf } from './lines.ts';

export type ReadPart = (part: string) => AsyncIterable<Uint8Array>;

/** All files or none, and none over another. The first one, by which the agent finds the session, comes last. */
export async function placeFiles(files: readonly PlacedFile[], read: ReadPart): Promise<() => Promise<void>> {
  const wanted: PlacedFile[] = [];
  for (const file of files) {
    if (!(await isThere(file.path))) wanted.push(file);
    else if (!('text' in file || file.shared)) throw alreadyThere(file.path);
  }
  const written: { readonly from: string; readonly to: string }[] = [];
  const linked: string[] = [];
  const takeBack = async () => {
    for (const path of linked) await rm(path, { force: true });
  };
  try {
    for (const file of wanted) written.push({ from: await writeBeside(file, read), to: file.path });
    for (const { from, to } of written.toReversed()) {
      await link(from, to).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'EEXIST' ? alreadyThere(to) : error;
      });
      linked.push(to);
    }
    return takeBack;
  } catch (error) {
    await takeBack();
    throw error;
  } finally {
    for (const { from } of written) await rm(from, { force: true });
  }
}

async function writeBeside(file: PlacedFile, read: ReadPart): Promise<string> {
  await mkdir(dirname(file.path), { recursive: true, mode: 0o700 });
  const path = join(dirname(file.path), `.${basename(file.path)}.${randomUUID()}`);
  const handle = await open(path, 'wx', 0o600);
  try {
    if ('text' in file) await handle.writeFile(file.text);
    else {
      const content = read(file.part);
      for await (const chunk of file.lines ? bytesOf(file.lines(linesOf(content))) : content) await handle.write(chunk);
    }
    await handle.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return path;
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function alreadyThere(path: string): AgentError {
  return new AgentError(
    'session-exists',
    `The agent has a file of this session already, and nothing was written over it: ${path}. Go on with that one, or fork it.`,
  );
}
