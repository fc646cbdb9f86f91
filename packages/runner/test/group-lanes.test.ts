import { describe, expect, test } from 'vitest';
import { startRun } from '../src/index.ts';
import type { Worktrees } from '../src/ports.ts';
import type { Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { checks, code, group, parallel, planOf } from './plans.ts';

describe('steps of a group side by side', () => {
  const script: Script = ({ step, files }) => {
    files.set(`${step.split('/').at(-1)}.ts`, 'x');
    return {};
  };

  test('are merged in their order; the group’s gates see what all of them changed', async () => {
    const world = new World({ files: { 'old.ts': '1' }, script });
    const gates = [
      { name: 'one', kind: 'touched', glob: 'one.ts' },
      { name: 'two', kind: 'touched', glob: 'two.ts' },
      { name: 'old', kind: 'untouched', glob: 'old.ts' },
    ] as const;
    const steps = [code('first'), parallel('both', [code('one'), code('two')], { gates })];
    const state = await startRun('r1', planOf(world.repository.base, steps), world.ports());
    expect(state.status).toBe('passed');
    expect(
      world.repository
        .lane('main')
        .history()
        .map(({ subject }) => subject),
    ).toEqual(['first', 'one', 'two']);
    expect(state.steps.both?.gates).toMatchObject({ one: { pass: true }, two: { pass: true }, old: { pass: true } });
  });

  test('a gate of a group does not see what was changed before it', async () => {
    const world = new World({ script });
    const gates = [{ name: 'first', kind: 'touched', glob: 'first.ts' }] as const;
    const steps = [code('first'), group('rest', [code('one')], { gates })];
    const state = await startRun('r1', planOf(world.repository.base, steps), world.ports());
    expect([state.status, state.failure?.message]).toEqual(['failed', 'gate failed: first']);
    expect(state.steps.rest?.gates.first?.failure).toContain('Changed were:\none.ts');
  });

  test('one that only checks sees what its lane has of the run', async () => {
    const world = new World({ script });
    const seen = { name: 'seen', kind: 'touched', glob: 'first.ts' } as const;
    const steps = [code('first'), parallel('both', [checks('look', seen), code('two')])];
    const state = await startRun('r1', planOf(world.repository.base, steps), world.ports());
    expect(state.status).toBe('passed');
  });

  test('lanes inside lanes begin where their own lane is', async () => {
    const began = new Map<string, string>();
    const world = new World({ script });
    const { worktrees, ...ports } = world.ports();
    const open: Worktrees['open'] = async (lane) => {
      if (!began.has(lane.name)) began.set(lane.name, lane.base);
      const opened = await worktrees.open(lane);
      // Whoever opens a lane says where it stands, so that it can be made again where it is gone.
      expect(lane.base, lane.name).toBe(world.repository.lane(lane.name).head);
      return opened;
    };
    const inner = parallel('inner', [code('one'), code('two')]);
    const steps = [code('first'), parallel('outer', [group('left', [code('zero'), inner]), code('right')])];
    const plan = planOf(world.repository.base, steps);
    const state = await startRun('r1', plan, { ...ports, worktrees: { ...worktrees, open } });
    expect(state.status).toBe('passed');
    const subjects = world.repository
      .lane('main')
      .history()
      .map(({ subject }) => subject);
    expect(subjects).toEqual(['first', 'zero', 'one', 'two', 'right']);
    expect(new Set(began.values()).size).toBe(3);
  });
});
