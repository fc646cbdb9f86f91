import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { withTemporaryFolder } from '@pawl/process';
import { writeCommitBody } from './commit-object.ts';
import { WorktreeError } from './errors.ts';
import { git, runGit } from './git.ts';
import type { Repository } from './repository.ts';
import { withShadow } from './shadow.ts';

const branch = 'refs/heads/checkpoint';
/** Always the same commit for the same files. */
const who = 'pawl <pawl@localhost> 0 +0000';
const largestHeader = 4096;

/** Writes a git bundle of one commit without a past that holds these files. Any git can read it. */
export async function writeTreeBundle(repository: Repository, tree: string, file: string): Promise<string> {
  return withShadow(repository, async (shadow) => {
    const objects = { folder: join(shadow.folder, 'own-objects'), write: true };
    await mkdir(objects.folder, { recursive: true });
    const body = Buffer.from(`tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nfiles of a session\n`);
    const commit = await writeCommitBody(repository.objectFormat, objects.folder, body, 'for now');
    await mkdir(join(shadow.folder, 'refs', 'heads'), { recursive: true });
    await writeFile(join(shadow.folder, branch), `${commit}\n`);
    await git(repository.context, shadow.call(['bundle', 'create', '--quiet', file, branch], { objects }));
    return commit;
  });
}

/**
 * Takes the files of such a bundle into the repository's objects, and resolves to their tree. Nothing of the bundle is
 * trusted: one commit, no past, objects that git itself would refuse are refused, and no ref and no file is touched.
 */
export async function readTreeBundle(repository: Repository, file: string): Promise<string> {
  const { commit, format, begin } = await headerOf(file);
  if (format !== repository.objectFormat) {
    const message = `The files in the bundle are named by ${format}, this repository by ${repository.objectFormat}: take them into a repository of the same kind.`;
    throw new WorktreeError('bad-bundle', message);
  }
  return withTemporaryFolder('git', async (folder) => {
    const [pack, index] = [join(folder, 'a.pack'), join(folder, 'a.idx')];
    await pipeline(createReadStream(file, { start: begin }), (await open(pack, 'wx', 0o600)).createWriteStream());
    const { context, commonDir } = repository;
    const variables = { GIT_DIR: commonDir };
    const args = ['index-pack', '--strict', '-o', index, pack];
    const result = await runGit(context, { cwd: folder, args, variables });
    const name = /([0-9a-f]{40,64})\s*$/.exec(result.stdout)?.[1];
    if (result.code !== 0 || name === undefined)
      throw new WorktreeError(
        'bad-bundle',
        `The files in the bundle are damaged, nothing was taken: ${result.stderr.trim()}`,
      );
    const place = join(commonDir, 'objects', 'pack');
    await mkdir(place, { recursive: true });
    // Git looks for the index: it comes last.
    await placed(pack, join(place, `pack-${name}.pack`));
    await placed(index, join(place, `pack-${name}.idx`));
    const stdin = `${commit}^{tree}\n`;
    const asked = { cwd: commonDir, args: ['cat-file', '--batch-check=%(objectname) %(objecttype)'], variables, stdin };
    const [tree = '', type] = (await git(context, asked)).stdout.trim().split(' ');
    if (type === 'tree') return tree;
    throw new WorktreeError('bad-bundle', `The bundle does not hold the commit ${commit} that it names.`);
  });
}

/** `# v2 git bundle`, one ref, an empty line, then a pack. */
async function headerOf(file: string) {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(largestHeader);
    const { bytesRead } = await handle.read(buffer, 0, largestHeader, 0);
    const text = buffer.toString('latin1', 0, bytesRead);
    const form =
      /^# v(?:2|3) git bundle\n(?:@object-format=(sha1|sha256)\n)?([0-9a-f]{40}(?:[0-9a-f]{24})?) refs\/heads\/checkpoint\n\n(?=PACK)/;
    const [header = '', format = 'sha1', commit = ''] = form.exec(text) ?? [];
    if (header !== '' && (commit.length === 40) === (format === 'sha1'))
      return { commit, format, begin: Buffer.byteLength(header, 'latin1') };
    throw new WorktreeError(
      'bad-bundle',
      'The files in the bundle are no git bundle of one checkpoint, nothing was taken.',
    );
  } finally {
    await handle.close();
  }
}

async function placed(from: string, to: string): Promise<void> {
  const temporary = `${to}.${process.pid}.tmp`;
  await copyFile(from, temporary);
  await link(temporary, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(temporary, { force: true });
}
