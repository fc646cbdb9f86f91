import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  applyRun,
  forkLane,
  type Lane,
  listCheckpoints,
  openLane,
  removeWorktree,
  undo,
  WorktreeError,
  worktreesOf,
} from '@pawl/worktree';
import { expect, test } from 'vitest';
import { contents, expectSound, put, sample } from './sample.ts';

/** Repeatable, so that a failure can be seen again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test.each([11, 12, 13, 14])(
  'with several lanes whatever was seen stays reachable (sequence %i)',
  async (seed) => {
    const random = numbers(seed);
    const pick = <T>(list: readonly T[]): T | undefined => list[random(list.length)];
    const one = sample();
    const repository = await one.open();
    const base = repository.head.commit;
    const lanes = new Map<string, { lane: Lane; tip: string; began: string; checkpoint: string }>();
    const open = async (name: string, began: string) => {
      const lane = await openLane({ repository, run: 'r', lane: name, folder: one.folder, base: began });
      lanes.set(name, { lane, tip: began, began, checkpoint: began });
    };
    await open('main', base);
    /** Contents that must never be lost, by path. */
    const precious = new Set<string>();
    const note = (lane: Lane) => {
      for (const [path, content] of Object.entries(contents(lane.path)))
        precious.add(`${path}\0${Buffer.from(content, 'latin1')}`);
    };
    const done: Record<string, number> = {};
    for (let count = 0; count < 40; count += 1) {
      const [name = '', at] = pick([...lanes]) ?? [];
      const main = lanes.get('main');
      if (!at || !main) throw new Error('no lane');
      const action = pick([
        'write',
        'write',
        'write',
        'step',
        'step',
        'step',
        'open',
        'merge',
        'merge',
        'remove',
        'undo',
        'fork',
        'apply',
        'gc',
      ]);
      done[action ?? ''] = (done[action ?? ''] ?? 0) + 1;
      if (action === 'write') {
        const path = pick(['a.txt', 'b.txt', 'c/d.txt', 'readme.txt', 'ü']) ?? '';
        if (random(4) === 0) rmSync(join(at.lane.path, path), { recursive: true, force: true });
        else put(join(at.lane.path, path), `${seed} ${count} ${name}\n`);
      } else if (action === 'step') {
        note(at.lane);
        const { commit } = await at.lane.checkpoint({ name: `${name} ${count}`, since: at.tip, message: 'm' });
        at.checkpoint = commit;
        if (random(3) > 0)
          at.tip = (await at.lane.advance({ from: at.tip, checkpoint: commit, subject: `${count}` })) ?? at.tip;
      } else if (action === 'open' && lanes.size < 5) {
        await open(`unit/${count}`, main.tip);
      } else if (action === 'merge' && name !== 'main') {
        note(main.lane);
        const result = await main.lane.merge({ from: at.tip, base: at.began, head: main.tip });
        if ('conflict' in result) {
          expect(result.conflict.files.length).toBeGreaterThan(0);
          expect(one.git('rev-parse', main.lane.branch).trim()).toBe(main.tip);
        } else {
          main.tip = result.commit;
          expect(one.git('rev-list', '--merges', main.tip)).toBe('');
          note(at.lane);
          await at.lane.remove({ branch: 'drop' });
          lanes.delete(name);
        }
      } else if (action === 'remove' && name !== 'main') {
        note(at.lane);
        await at.lane.remove({ branch: 'drop' });
        lanes.delete(name);
      } else if (action === 'undo') {
        note(at.lane);
        const entry = pick(await listCheckpoints(repository));
        if (entry) await undo({ repository, checkpoint: entry.commit, into: at.lane });
      } else if (action === 'fork') {
        const fork = await forkLane({
          repository,
          run: `f${count}`,
          lane: 'main',
          folder: one.folder,
          base: at.tip,
          at: at.checkpoint,
        });
        put(join(fork.path, 'fork.txt'), `${count}\n`);
        note(fork);
        await fork.close();
      } else if (action === 'apply') {
        await applyRun({ repository, commit: main.lane.branch, run: 'r' }).catch((error: unknown) => {
          if (!WorktreeError.is(error) || error.code !== 'already-applied') throw error;
        });
        expect(one.git('status', '--porcelain')).toBe('');
      } else if (action === 'gc') {
        for (const worktree of await worktreesOf({ folder: one.folder, env: one.env, measure: false })) {
          if (worktree.owner === 'none')
            await removeWorktree({ folder: one.folder, env: one.env, worktree, force: true });
        }
      }
    }
    for (const { lane } of lanes.values()) note(lane);
    for (const { lane } of lanes.values()) await lane.remove();
    for (const worktree of await worktreesOf({ folder: one.folder, env: one.env, measure: false })) {
      await removeWorktree({ folder: one.folder, env: one.env, worktree, force: true });
    }
    one.git('reflog', 'expire', '--expire=now', '--all');
    one.git('gc', '-q', '--prune=now');
    const reachable = new Set<string>();
    const trees = new Set(one.git('log', '--all', '--format=%T').trim().split('\n'));
    for (const tree of trees) {
      for (const entry of one.git('ls-tree', '-r', '-z', tree).split('\0').slice(0, -1)) {
        const [head = '', path = ''] = entry.split('\t');
        reachable.add(`${path}\0${one.git('cat-file', 'blob', head.split(' ')[2] ?? '')}`);
      }
    }
    for (const content of precious) expect(reachable).toContain(content);
    console.log(`sequence ${seed}: ${JSON.stringify(done)}, ${precious.size} contents`);
    expectSound(one);
  },
  60_000,
);
