import { rmSync } from 'node:fs';
import { join } from 'node:path';
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

test.each([1, 2, 3])('whatever was checkpointed or reset away stays reachable (sequence %i)', async (seed) => {
  const random = numbers(seed);
  const one = sample();
  const base = one.git('rev-parse', 'HEAD').trim();
  const lane = await one.lane();
  const commits = [base];
  const states = new Map([[base, contents(one.root)]]);
  /** Contents that must never be lost, by path. */
  const precious = new Set<string>();
  let tip = base;
  let newest = base;
  const note = () => {
    for (const [path, content] of Object.entries(contents(lane.path))) precious.add(`${path}\0${content}`);
  };
  for (let count = 0; count < 14; count += 1) {
    const action = ['write', 'write', 'remove', 'checkpoint', 'checkpoint', 'reset', 'advance'][random(7)];
    const path = ['a.txt', 'b/c.txt', 'b', 'readme.txt', 'ü/x y'][random(5)] ?? '';
    if (action === 'write' || action === 'remove') {
      rmSync(join(lane.path, path), { recursive: true, force: true });
      if (path === 'b/c.txt' && contents(lane.path).b !== undefined) rmSync(join(lane.path, 'b'));
      if (action === 'write') put(join(lane.path, path), `${seed} ${count}\n`);
    } else if (action === 'reset') {
      note();
      const to = commits[random(commits.length)] ?? base;
      await lane.reset(to);
      expect(contents(lane.path)).toEqual(states.get(to));
    } else if (action === 'checkpoint') {
      note();
      const { commit } = await lane.checkpoint({ name: `step ${count % 3}`, since: newest, message: 'm' });
      states.set(commit, contents(lane.path));
      commits.push(commit);
      newest = commit;
    } else {
      tip = (await lane.advance({ from: tip, checkpoint: newest, subject: `step ${count}` })) ?? tip;
    }
  }
  one.git('gc', '-q', '--prune=now');
  const refs = one.git('for-each-ref', '--format=%(objectname)', 'refs/pawl', 'refs/heads').trim().split('\n');
  const trees = new Set(
    one
      .git('log', '--format=%T', ...refs, '--')
      .trim()
      .split('\n'),
  );
  const reachable = new Set<string>();
  for (const tree of trees) {
    for (const entry of one.git('ls-tree', '-r', '-z', tree).split('\0').slice(0, -1)) {
      const [head = '', path = ''] = entry.split('\t');
      reachable.add(`${path}\0${one.git('cat-file', 'blob', head.split(' ')[2] ?? '')}`);
    }
  }
  for (const content of precious) expect(reachable).toContain(content);
  expectSound(one);
});
