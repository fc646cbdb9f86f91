import { mkdir, mkdtemp, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localScratch, startRun } from '../src/index.ts';
import type { Ports } from '../src/ports.ts';
import type { Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { artifact, planOf, validate } from './plans.ts';

describe('an agent that is to see nothing of the project', () => {
  async function run(step: Parameters<typeof planOf>[1][number], script: Script) {
    const world = new World({ files: { 'secret.ts': 'x', 'spec.md': 'S' }, script });
    const state = await startRun('r1', planOf(world.repository.base, [step]), world.ports());
    return { world, state };
  }

  test('works in an empty folder, which is gone afterwards; its prompt may hold files of the project', async () => {
    const context = [{ type: 'file', path: [['spec.md']] }] as const;
    const { world, state } = await run(artifact('think', { worktree: 'none', context }), ({ files, open }) => {
      expect([...files.keys()]).toEqual([]);
      expect(open.env?.PAWL_OUT).toBe(`${open.cwd}/.pawl/out/output.json`);
      files.set('note.txt', 'x');
      files.set('.pawl/out/output.json', 'from the file');
      return {};
    });
    expect(state.status).toBe('passed');
    expect(state.steps.think?.output).toBe('from the file');
    expect(world.asked[0]?.open.cwd).toBe('/scratch/r1/think');
    expect(world.asked[0]?.input.prompt).toContain('## spec.md');
    expect([...world.repository.scratches]).toEqual([]);
    expect([...world.lane.files.keys()]).toEqual(['secret.ts', 'spec.md']);
  });

  test('goes on in the same place, so that it finds its conversation, and what it left there is gone', async () => {
    const seen: string[][] = [];
    const { world } = await run(validate('judge', { worktree: 'none', attempts: 2 }), ({ attempt, files }) => {
      seen.push([...files.keys()]);
      files.set('left.txt', 'x');
      return attempt === 1 ? { text: 'hm' } : { json: { pass: true } };
    });
    const [first, second] = world.asked;
    expect(second?.open.start).toEqual({ kind: 'resume', ref: first?.session });
    expect([second?.open.cwd, first?.session.cwd]).toEqual([first?.open.cwd, first?.open.cwd]);
    expect(seen).toEqual([[], []]);
  });

  test.each<[string, Partial<Ports['agents']>]>([
    ['fails', {}],
    [
      'cannot begin',
      {
        host: () => {
          throw new Error('no host');
        },
      },
    ],
  ])('its folder is gone when the turn %s, too', async (_, broken) => {
    const error = { code: 'crashed', message: 'x', retryable: false } as const;
    const world = new World({ script: () => ({ outcome: { kind: 'failed', error } }) });
    const plan = planOf(world.repository.base, [artifact('think', { worktree: 'none' })]);
    const ports = world.ports();
    const state = await startRun('r1', plan, { ...ports, agents: { ...ports.agents, ...broken } });
    expect(state.status).toBe('failed');
    expect([...world.repository.scratches]).toEqual([]);
  });

  test('a folder that cannot be taken away does not cost the turn its report', async () => {
    const world = new World({ script: () => ({ text: 'Here.' }) });
    const scratch = async () => ({ path: '/scratch/x', remove: () => Promise.reject(new Error('busy')) });
    const plan = planOf(world.repository.base, [artifact('think', { worktree: 'none' })]);
    const state = await startRun('r1', plan, world.ports({ scratch }));
    expect([state.status, state.spent.costUsd]).toEqual(['passed', 0.01]);
  });
});

describe('scratch folders on disk', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'pawl-scratch-'));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  test('are empty, private, the same for the same step and never shared by two', async () => {
    const scratch = localScratch(home);
    const one = await scratch({ run: 'r1', step: 'a/b' });
    expect((await stat(one.path)).mode & 0o777).toBe(0o700);
    await writeFile(join(one.path, 'left'), 'x');
    const others = [await scratch({ run: 'r1', step: 'a-b' }), await scratch({ run: 'r1/a', step: 'b' })];
    expect(new Set([one, ...others].map(({ path }) => path)).size).toBe(3);
    const again = await scratch({ run: 'r1', step: 'a/b' });
    expect(again.path).toBe(one.path);
    expect(await readdir(again.path)).toEqual([]);
    for (const folder of [again, ...others]) await folder.remove();
    expect(await readdir(join(home, 'scratch'))).toEqual([]);
    await again.remove();
  });

  test('names of any kind lead nowhere else, and links in them are not followed', async () => {
    const scratch = localScratch(home);
    await mkdir(join(home, 'precious'));
    await writeFile(join(home, 'precious', 'file'), 'x');
    const odd = await scratch({ run: '..', step: '../../precious\0/ü' });
    expect(odd.path.startsWith(join(home, 'scratch'))).toBe(true);
    await symlink(join(home, 'precious'), join(odd.path, 'link'));
    expect(await readlink(join(odd.path, 'link'))).toBe(join(home, 'precious'));
    await odd.remove();
    expect(await readdir(join(home, 'precious'))).toEqual(['file']);
  });
});
