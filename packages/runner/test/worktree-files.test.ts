import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clearOutputs, findOutputs } from '../src/agent/outputs.ts';
import { localWorktreeFiles as files } from '../src/index.ts';
import type { Lane } from '../src/ports.ts';

let folder: string;
let tree: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pawl-worktree-files-'));
  tree = join(folder, 'tree');
  await mkdir(join(tree, 'sub'), { recursive: true });
  await mkdir(join(folder, 'treehouse'));
  await writeFile(join(folder, 'secret'), 'secret');
  await writeFile(join(folder, 'treehouse', 'secret'), 'secret');
  await writeFile(join(tree, 'plain'), 'plain');
  await writeFile(join(tree, 'sub', '..odd name ä'), 'odd');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const read = (path: string, max = 1000) => files.read(tree, path, max);
const strict = (path: string) => files.read(tree, path, 1000, { links: 'never' });
const outside = { code: 'outside-worktree' };

describe('reading', () => {
  test('a plain file', async () => {
    expect([await read('plain'), await read('./sub/../plain'), await read('sub/..odd name ä')]).toEqual([
      'plain',
      'plain',
      'odd',
    ]);
    expect(await strict('sub/..odd name ä')).toBe('odd');
  });

  test.each(['gone', 'gone/deeper', 'plain/deeper', 'sub/gone'])('%s is absent', async (path) => {
    expect([await read(path), await strict(path)]).toEqual([undefined, undefined]);
  });

  test.each([
    '..',
    '../secret',
    'sub/../../secret',
    '../treehouse/secret',
    '.',
    '',
    'sub/..',
    '/etc/hostname',
    'plain\0',
    'sub',
  ])('%j is refused', async (path) => {
    await expect(read(path)).rejects.toMatchObject(outside);
    await expect(strict(path)).rejects.toMatchObject(outside);
  });

  test('links inside the worktree are followed where that is allowed, links out of it never', async () => {
    await symlink('plain', join(tree, 'inner'));
    await symlink('sub', join(tree, 'folder'));
    await symlink('../secret', join(tree, 'outer'));
    await symlink('../treehouse', join(tree, 'house'));
    await symlink('/etc', join(tree, 'etc'));
    await symlink('nowhere', join(tree, 'dangling'));
    await symlink('circle', join(tree, 'circle'));
    expect([await read('inner'), await read('folder/..odd name ä'), await read('dangling')]).toEqual([
      'plain',
      'odd',
      undefined,
    ]);
    for (const path of ['outer', 'house/secret', 'etc/hostname', 'circle'])
      await expect(read(path), path).rejects.toMatchObject(outside);
    for (const path of ['inner', 'folder/..odd name ä', 'outer', 'house/secret', 'circle'])
      await expect(strict(path), path).rejects.toMatchObject(outside);
    expect(await strict('house/gone')).toBeUndefined();
  });

  test('a worktree that is itself reached by a link', async () => {
    await symlink('tree', join(folder, 'link'));
    expect(await files.read(join(folder, 'link'), 'plain', 10, { links: 'never' })).toBe('plain');
  });

  test('a pipe, a device, a socket and a folder are refused at once', async () => {
    execFileSync('mkfifo', [join(tree, 'pipe')]);
    await symlink('/dev/zero', join(tree, 'zero'));
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(join(tree, 'socket'), resolve));
    for (const path of ['pipe', 'zero', 'socket', 'sub']) await expect(read(path), path).rejects.toMatchObject(outside);
    await new Promise((resolve) => server.close(resolve));
  });

  test('a file that is too large is refused without being read', async () => {
    expect(await read('plain', 5)).toBe('plain');
    await expect(read('plain', 4)).rejects.toMatchObject({
      code: 'file-too-large',
      message: expect.stringContaining('plain'),
    });
    await truncate(join(tree, 'plain'), 50e9);
    await expect(read('plain', 5e6)).rejects.toMatchObject({ code: 'file-too-large' });
  });
});

test('names of the top folder', async () => {
  expect((await files.names(tree)).toSorted()).toEqual(['plain', 'sub']);
});

describe('removing', () => {
  test('takes files and folders, and links without what they lead to', async () => {
    await symlink('../treehouse', join(tree, 'house'));
    await mkdir(join(tree, 'deep', 'er'), { recursive: true });
    await symlink('../../../secret', join(tree, 'deep', 'er', 'link'));
    for (const path of ['plain', 'sub', 'deep', 'house', 'gone', 'gone/deeper']) await files.remove(tree, path);
    expect(await readdir(tree)).toEqual([]);
    expect(await readFile(join(folder, 'treehouse', 'secret'), 'utf8')).toBe('secret');
    expect(await readFile(join(folder, 'secret'), 'utf8')).toBe('secret');
  });

  test('does nothing behind a folder that is a link, and never takes the worktree', async () => {
    await symlink('../treehouse', join(tree, 'house'));
    await files.remove(tree, 'house/secret');
    expect(await readFile(join(folder, 'treehouse', 'secret'), 'utf8')).toBe('secret');
    for (const path of ['.', '', 'sub/..', '..', '../treehouse', '/etc'])
      await expect(files.remove(tree, path), path).rejects.toMatchObject(outside);
    expect(await read('plain')).toBe('plain');
  });
});

describe('the folder for outputs', () => {
  const lane = () => ({ path: tree }) as Lane;
  const wanted = { expected: 'tasks', schema: undefined } as const;
  const candidates = async () =>
    findOutputs(wanted, { kind: 'completed', text: '' }, files, lane(), async (text) => text);
  const output = () => join(tree, '.pawl', 'out', 'output.json');

  test('is there and empty before a turn, so that a shell can write into it', async () => {
    for (const round of [1, 2]) {
      await clearOutputs(files, lane());
      expect(await readdir(join(tree, '.pawl', 'out')), `${round}`).toEqual([]);
      execFileSync('sh', ['-c', 'echo "[]" > "$PAWL_OUT"'], { env: { ...process.env, PAWL_OUT: output() } });
      expect(await candidates()).toEqual([{ source: 'file', json: [] }]);
    }
  });

  test('leaves the other files of .pawl alone, and takes those of Gump', async () => {
    await mkdir(join(tree, '.pawl'));
    await mkdir(join(tree, '.gump', 'out'), { recursive: true });
    await writeFile(join(tree, '.pawl', 'config.yaml'), 'mine');
    await writeFile(join(tree, '.gump', 'out', 'plan.json'), '[]');
    await writeFile(join(tree, '.gump', 'mine'), 'mine');
    expect(await candidates()).toEqual([{ source: 'file', json: [] }]);
    await clearOutputs(files, lane());
    expect(await candidates()).toEqual([]);
    expect([await read('.pawl/config.yaml'), await read('.gump/mine')]).toEqual(['mine', 'mine']);
  });

  test('is never looked for behind a link, and nothing is deleted there', async () => {
    await mkdir(join(folder, 'elsewhere', 'out'), { recursive: true });
    await mkdir(join(tree, 'inside', 'out'), { recursive: true });
    for (const target of ['../elsewhere', 'inside']) {
      const stale = join(tree, target, 'out', 'output.json');
      await writeFile(stale, '["stale"]');
      await symlink(target, join(tree, '.pawl'));
      await clearOutputs(files, lane());
      expect(await readFile(stale, 'utf8')).toBe('["stale"]');
      expect(await candidates()).toEqual([{ source: 'file', error: expect.stringContaining('not a plain file') }]);
      await rm(join(tree, '.pawl'));
    }
  });

  test('in whose place a link was put is a folder again', async () => {
    await mkdir(join(tree, '.pawl'));
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(join(folder, 'elsewhere', 'output.json'), '["stale"]');
    await symlink('../../elsewhere', join(tree, '.pawl', 'out'));
    expect(await candidates()).toEqual([{ source: 'file', error: expect.any(String) }]);
    await clearOutputs(files, lane());
    expect(await candidates()).toEqual([]);
    expect(await readdir(join(folder, 'elsewhere'))).toEqual(['output.json']);
  });

  test('is left out where a file stands in its way', async () => {
    await writeFile(join(tree, '.pawl'), 'mine');
    await clearOutputs(files, lane());
    expect([await read('.pawl'), await candidates()]).toEqual(['mine', []]);
  });

  test('output that is a link, a pipe or too large is told, not read', async () => {
    await clearOutputs(files, lane());
    await symlink('../../../secret', output());
    expect(await candidates()).toEqual([{ source: 'file', error: expect.stringContaining('not a plain file') }]);
    await rm(output());
    execFileSync('mkfifo', [output()]);
    expect(await candidates()).toEqual([{ source: 'file', error: expect.stringContaining('not a plain file') }]);
    await rm(output());
    await writeFile(output(), `"${'x'.repeat(5 * 1024 * 1024)}"`);
    expect(await candidates()).toEqual([{ source: 'file', error: expect.stringContaining('larger than') }]);
  });
});
