import { describe, expect, test } from 'vitest';
import { resumeRun, startRun } from '../src/index.ts';
import { died, mortal } from './dying.ts';
import type { Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { code, group, planOf } from './plans.ts';

/** Three steps; the second does what `second` says. */
function sample(second: Script) {
  const script: Script = (asked) => {
    asked.files.set(`${asked.step.split('/').at(-1)}.ts`, `${asked.attempt}`);
    return asked.step.endsWith('two') ? second(asked) : {};
  };
  const world = new World({ script });
  const plan = planOf(world.repository.base, [
    code('one'),
    group('rest', [code('two', { attempts: 2 }), code('three')]),
  ]);
  return { world, plan };
}
const steps = (world: World) => world.asked.map(({ step, attempt }) => `${step}#${attempt}`);
const subjects = (world: World) => world.lane.history().map(({ subject }) => subject);

describe('a run that goes on', () => {
  test('after it failed: what passed is skipped, the step begins at attempt 1, knows what went wrong, and keeps its talk', async () => {
    let refuses = true;
    const { world, plan } = sample(() => (refuses ? { outcome: { kind: 'refused', reason: 'too hard' } } : {}));
    const failed = await startRun('r1', plan, world.ports());
    expect([failed.status, failed.failure?.step]).toEqual(['failed', 'rest/two']);
    refuses = false;
    const notices: string[] = [];
    const state = await resumeRun('r1', world.ports(), { observe: (notice) => notices.push(notice.type) });
    expect(state.status).toBe('passed');
    expect(steps(world)).toEqual(['one#1', 'rest/two#1', 'rest/two#2', 'rest/two#1', 'rest/three#1']);
    expect(world.asked[3]?.open.start).toEqual({ kind: 'resume', ref: world.asked[2]?.session });
    expect(world.asked[3]?.input.prompt).toContain('too hard');
    expect(subjects(world)).toEqual(['one', 'two', 'three']);
    // Each turn has files of its own, also the one that bears the same attempt.
    expect([...world.runFiles.keys()].filter((name) => name.endsWith('prompt.md'))).toHaveLength(5);
    expect(new Set(world.recorded.map(({ key }) => key)).size).toBe(5);
    expect(notices).toContain('agent');
  });

  test('and fails again, and goes on again', async () => {
    let left = 3;
    const { world, plan } = sample(() => {
      left -= 1;
      return left > 0
        ? { outcome: { kind: 'failed', error: { code: 'quota-exhausted', message: 'x', retryable: false } } }
        : {};
    });
    expect((await startRun('r1', plan, world.ports())).status).toBe('failed');
    expect((await resumeRun('r1', world.ports())).status).toBe('failed');
    expect((await resumeRun('r1', world.ports())).status).toBe('passed');
    expect(world.log().filter(({ type }) => type === 'run-resumed')).toHaveLength(2);
  });

  test('after it was stopped: with the files as they are', async () => {
    const controller = new AbortController();
    const { world, plan } = sample(async (asked) => {
      if (controller.signal.aborted) {
        expect(asked.files.get('half.ts')).toBe('x');
        return {};
      }
      asked.files.set('half.ts', 'x');
      controller.abort();
      await asked.stopped();
      return {};
    });
    const stopped = await startRun('r1', plan, world.ports(), { signal: controller.signal });
    expect(stopped.status).toBe('interrupted');
    const state = await resumeRun('r1', world.ports());
    expect(state.status).toBe('passed');
    expect(steps(world)).toEqual(['one#1', 'rest/two#1', 'rest/two#1', 'rest/three#1']);
    expect(world.lane.history()[1]?.files).toHaveProperty('half.ts');
  });

  test('after its process died: it is taken up where it was', async () => {
    const { world, plan } = sample(() => ({}));
    await expect(startRun('r1', plan, mortal(world, 14))).rejects.toBe(died);
    const state = await resumeRun('r1', world.ports());
    expect(state.status).toBe('passed');
    expect(world.log().filter(({ type }) => type === 'run-resumed')).toEqual([]);
    expect(subjects(world)).toEqual(['one', 'two', 'three']);
  });

  test('after its process died while it was resumed', async () => {
    let refuses = true;
    const { world, plan } = sample(() => (refuses ? { outcome: { kind: 'refused', reason: 'x' } } : {}));
    await startRun('r1', plan, world.ports());
    refuses = false;
    const from = world.log().length;
    for (let more = 1; more < 12; more += 1) {
      const { world: other } = sample(() => ({}));
      other.events.set('r1', [...world.log().slice(0, from)]);
      for (const [id, commit] of world.repository.commits) other.repository.commits.set(id, commit);
      const lane = await other.repository.worktrees.open({ run: 'r1', name: 'main', base: world.repository.base });
      Object.assign(lane, { head: world.lane.head });
      await resumeRun('r1', mortal(other, from + more)).catch((error: unknown) => expect(error).toBe(died));
      const state = await resumeRun('r1', other.ports());
      expect(state.status, `${more} events`).toBe('passed');
      expect(other.log().filter(({ type }) => type === 'run-resumed')).toHaveLength(1);
      expect(subjects(other)).toEqual(['one', 'two', 'three']);
    }
  });

  test('is refused when it is not known, or has passed', async () => {
    const { world, plan } = sample(() => ({}));
    await expect(resumeRun('r1', world.ports())).rejects.toMatchObject({ code: 'unknown-run' });
    await startRun('r1', plan, world.ports());
    const log = world.log().length;
    await expect(resumeRun('r1', world.ports())).rejects.toMatchObject({ code: 'not-running' });
    expect(world.log().length).toBe(log);
  });
});
