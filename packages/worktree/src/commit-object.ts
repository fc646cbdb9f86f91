import { createHash, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import type { Repository } from './repository.ts';
import type { Person } from './settings.ts';

export interface NewCommit {
  readonly tree: string;
  readonly parent: string;
  readonly author: Person;
  readonly message: string;
}

/**
 * Writes a commit as a loose object, as `git commit-tree` would, without a process. Returns its id. Nothing refers to
 * it yet; `git update-ref` afterwards checks that it is there and is a commit.
 */
export async function writeCommit(repository: Repository, commit: NewCommit, now: Date): Promise<string> {
  const who = `${commit.author.name} <${commit.author.email}> ${seconds(now)} ${zone(now)}`;
  const head = [`tree ${commit.tree}`, `parent ${commit.parent}`, `author ${who}`, `committer ${who}`];
  const body = Buffer.from(`${head.join('\n')}\n\n${commit.message.replaceAll('\0', '')}`);
  return writeCommitBody(repository.objectFormat, join(repository.commonDir, 'objects'), body);
}

/** `body`: what `git cat-file commit` prints. */
export async function writeCommitBody(
  format: 'sha1' | 'sha256',
  objects: string,
  body: Uint8Array,
  how: 'for good' | 'for now' = 'for good',
): Promise<string> {
  const object = Buffer.concat([Buffer.from(`commit ${body.length}\0`), body]);
  const id = createHash(format).update(object).digest('hex');
  await writeLoose(objects, id, object, how === 'for good');
  return id;
}

async function writeLoose(objects: string, id: string, object: Uint8Array, durable: boolean): Promise<void> {
  const folder = join(objects, id.slice(0, 2));
  const place = join(folder, id.slice(2));
  if (await stat(place).catch(() => undefined)) return;
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `tmp_obj_${randomUUID()}`);
  const file = await open(temporary, 'wx', 0o444);
  try {
    await file.writeFile(await promisify(deflate)(object));
    if (durable) await file.sync();
    await file.close();
    // Whatever the umask says: others of a shared repository must be able to read it.
    await chmod(temporary, 0o444);
    await link(temporary, place).catch(ignoreExisting);
  } finally {
    await file.close().catch(() => undefined);
    await rm(temporary, { force: true });
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

function seconds(now: Date): number {
  return Math.floor(now.getTime() / 1000);
}

function zone(now: Date): string {
  const minutes = -now.getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}${String(rest).padStart(2, '0')}`;
}

/** Subject, body and trailers as git writes them. */
export function commitMessage(parts: {
  readonly subject: string;
  readonly body?: string;
  readonly trailers?: Readonly<Record<string, string>>;
}): string {
  const trailers = Object.entries(parts.trailers ?? {}).map(
    ([key, value]) => `${key.replace(/[^A-Za-z0-9-]+/g, '-')}: ${oneLine(value)}`,
  );
  const blocks = [oneLine(parts.subject) || 'no subject', parts.body?.trim(), trailers.join('\n')];
  return `${blocks.filter(Boolean).join('\n\n')}\n`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\s\0]+/g, ' ').trim();
}
