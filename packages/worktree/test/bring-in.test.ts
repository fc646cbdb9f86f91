import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { BringInOptions, Lane } from '@pawl/worktree';
import { describe, expect, test } from 'vitest';
import { codeOf, contents, expectSound, put, type Sample, sample } from './sample.ts';

const ignore = '.env*\nnode_modules/\n*.local\nsecret\n';

/** A checkout with ignored files, and a lane of it. */
async function ready(prepare: (one: Sample) => void = () => undefined) {
  const one = sample();
  one.write('.gitignore', ignore);
  one.write('config/base.yaml', 'base\n');
  one.git('add', '-A');
  one.git('commit', '-q', '-m', 'more');
  one.write('.env', 'KEY=1\n');
  one.write('.env.test', 'KEY=2\n');
  one.write('config/my.local', 'mine\n');
  one.write('node_modules/dep/index.js', 'dep\n');
  one.write('node_modules/dep/.git/config', '[core]\n\tfsmonitor = evil\n');
  symlinkSync('dep', join(one.root, 'node_modules/alias'));
  one.write('loose.txt', 'not ignored\n');
  prepare(one);
  const lane = await one.lane();
  return {
    one,
    lane,
    base: one.git('rev-parse', 'HEAD').trim(),
    bring: (options: BringInOptions) => lane.bringIn(options),
  };
}

async function changed(lane: Lane, base: string): Promise<string[]> {
  const { files } = await lane.checkpoint({ name: 'x', since: base, message: 'x' });
  return files.map((file) => file.path);
}

describe('bringIn', () => {
  test('copies by patterns what git ignores, and nothing else', async () => {
    const { one, lane, base, bring } = await ready();
    const patterns = '# for agents\n.env*\n!.env.test\n*.local\nloose.txt\nconfig/\nreadme.txt\n';
    expect(await bring({ patterns })).toEqual({ brought: ['.env', 'config/my.local'], left: [] });
    expect(one.calls).toEqual(['ls-files', 'check-ignore', 'check-ignore']);
    expect(contents(lane.path)).toMatchObject({ '.env': 'KEY=1\n', 'config/my.local': 'mine\n' });
    expect(contents(lane.path)).not.toHaveProperty('loose.txt');
    expect(await changed(lane, base)).toEqual([]);
    put(join(lane.path, 'config/new.yaml'), 'work\n');
    expect(await changed(lane, base)).toEqual(['config/new.yaml']);
  });

  test('copies, links and fills in by a list, and none of it ever comes into a commit', async () => {
    const { one, lane, base, bring } = await ready((one) =>
      one.write('env.example', 'PORT={{ port }}\nRAW=$X {y} {{run}}\n'),
    );
    const { brought, left } = await bring({
      entries: [
        { path: 'node_modules', how: 'copy' },
        { path: 'shared', how: 'link', from: 'node_modules' },
        { path: 'loose.txt', how: 'copy' },
        { path: 'deep/er/.env.port', how: 'template', from: 'env.example' },
      ],
      values: { port: '4711', run: '{{port}}' },
    });
    expect(left).toEqual([]);
    expect(brought).toEqual([
      'node_modules/alias',
      'node_modules/dep/index.js',
      'shared',
      'loose.txt',
      'deep/er/.env.port',
    ]);
    expect(readFileSync(join(lane.path, 'deep/er/.env.port'), 'utf8')).toBe('PORT=4711\nRAW=$X {y} {{port}}\n');
    expect(readlinkSync(join(lane.path, 'node_modules/alias'))).toBe('dep');
    expect(readlinkSync(join(lane.path, 'shared'))).toBe(join(one.root, 'node_modules'));
    expect(existsSync(join(lane.path, 'node_modules/dep/.git'))).toBe(false);
    put(join(lane.path, 'loose.txt'), 'changed by the agent\n');
    expect(await changed(lane, base)).toEqual([]);
    const again = await one.lane();
    put(join(lane.path, '.gitignore'), `${ignore}!loose.txt\n`);
    expect(await changed(again, base)).toEqual(['.gitignore']);
    await again.reset(base);
    expect(contents(lane.path)['loose.txt']).toBe('changed by the agent\n');
    expectSound(one);
  });

  test('never overwrites, and can be called again', async () => {
    const { lane, bring } = await ready();
    put(join(lane.path, '.env'), 'own\n');
    const options = {
      entries: [
        { path: '.env', how: 'copy' },
        { path: 'config', how: 'copy' },
        { path: 'none', how: 'link' },
      ],
    } as const;
    expect(await bring(options)).toEqual({
      brought: ['config/my.local'],
      left: [
        { path: 'none', why: 'missing' },
        { path: 'config/base.yaml', why: 'tracked' },
        { path: '.env', why: 'exists' },
      ],
    });
    expect((await bring(options)).brought).toEqual([]);
    rmSync(join(lane.path, 'config'), { recursive: true });
    expect((await bring(options)).brought).toEqual(['config/my.local']);
    expect(existsSync(join(lane.path, 'config/base.yaml'))).toBe(false);
    expect(contents(lane.path)).toMatchObject({ '.env': 'own\n', 'config/my.local': 'mine\n' });
  });

  test.each(['../x', '/etc/passwd', 'a/../../x', '.git/config', 'sub/.GIT/hooks', '.', '', 'a\0b', './..'])(
    'refuses the path %j',
    async (path) => {
      const { bring } = await ready();
      for (const how of ['copy', 'link', 'template'] as const) {
        expect(await codeOf(bring({ entries: [{ path, how }] }))).toBe('bad-entry');
        expect(await codeOf(bring({ entries: [{ path: 'ok', from: path, how }] }))).toBe('bad-entry');
      }
    },
  );

  test('follows no link out of the checkout, and writes through none in the lane', async () => {
    const { one, lane, bring } = await ready((one) => {
      put(join(one.home, 'private/key'), 'private\n');
      symlinkSync(join(one.home, 'private'), join(one.root, 'secret'));
      one.write('tools.local/real', 'x');
      symlinkSync('../../home/private/key', join(one.root, 'tools.local/up'));
      symlinkSync('../.git/config', join(one.root, 'tools.local/git'));
      execFileSync('mkfifo', [join(one.root, 'tools.local/pipe')]);
    });
    symlinkSync(one.home, join(lane.path, 'config.local'));
    one.write('config.local/file', 'x');
    const entries = ['secret', 'secret/key', 'tools.local', 'config.local'].map((path) => ({
      path,
      how: 'copy' as const,
    }));
    const { brought, left } = await bring({ entries, patterns: 'secret\n*.local\n' });
    expect(brought).toEqual(['tools.local/real', 'config/my.local']);
    expect(left.map(({ path, why }) => `${path}: ${why}`)).toEqual(
      expect.arrayContaining([
        ...['secret: leads-out', 'secret/key: leads-out', 'tools.local/up: leads-out', 'tools.local/git: leads-out'],
        ...['tools.local/pipe: special', 'config.local/file: in-the-way'],
      ]),
    );
    for (const path of ['secret', 'secret/key']) {
      expect((await bring({ entries: [{ path, how: 'link' }] })).left).toEqual([{ path, why: 'leads-out' }]);
    }
    expect(existsSync(join(one.home, 'file'))).toBe(false);
    expect(existsSync(join(lane.path, 'secret'))).toBe(false);
    expect(await codeOf(bring({ entries: [{ path: 'tools.local', how: 'template' }] }))).toBe('bad-entry');
    one.write('t.local', '{{constructor}}');
    expect(await codeOf(bring({ entries: [{ path: 't.local', how: 'template' }] }))).toBe('bad-entry');
  });

  test('takes odd names as names', async () => {
    const names = ['-rf.local', '*.local', 'né w\n.local', '#x.local', ':(top).local', '!b.local'];
    const { one, lane, base, bring } = await ready((one) => {
      for (const name of names) one.write(`odd/${name}`, name);
    });
    expect([...(await bring({ patterns: 'odd/\n' })).brought].sort()).toEqual(
      names.map((name) => `odd/${name}`).sort(),
    );
    rmSync(join(lane.path, '.gitignore'));
    one.write('plain', 'x');
    await bring({
      entries: names.map((name) => ({ path: `bare/${name}`, from: `odd/${name}`, how: 'copy' as const })),
    });
    put(join(lane.path, 'bare/work.txt'), 'work');
    mkdirSync(join(lane.path, 'bare/sub'));
    put(join(lane.path, 'bare/sub/*.local'), 'work');
    expect((await changed(lane, base)).filter((path) => path.startsWith('bare/'))).toEqual([
      'bare/sub/*.local',
      'bare/work.txt',
    ]);
    expect(lstatSync(join(lane.path, 'bare/-rf.local')).isFile()).toBe(true);
  });
});
