import type { Plan, Task } from '@pawl/core';
import type { Script } from './fake-agent.ts';
import { type FakeCommand, World } from './fakes.ts';
import { code, planOf, split } from './plans.ts';

export const taskOf = (name: string): Task => ({ name, description: `Do ${name}`, files: [] });

/** A split whose tasks run side by side; `write` says what the agent of a task does. */
export function parallelWorld(
  tasks: readonly string[],
  write: Script,
  {
    files = {},
    commands = {},
    gates = [] as readonly string[],
    max = undefined as number | undefined,
    setup = '',
  } = {},
): { readonly world: World; readonly plan: Plan } {
  const script: Script = (asked) =>
    asked.step === 'plan' ? { json: { tasks: tasks.map((name) => ({ ...taskOf(name) })) } } : write(asked);
  const world = new World({ files, script, commands: commands as Readonly<Record<string, FakeCommand>> });
  const parallel = max === undefined ? {} : { max };
  const steps = [split('plan', [code('impl', { gates })], { parallel })];
  return { world, plan: planOf(world.repository.base, steps, setup === '' ? {} : { settings: { setup } }) };
}

/** Resolves for everyone when `count` have come. */
export function barrier(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let left = count;
  return () => {
    left -= 1;
    if (left <= 0) resolve();
    return promise;
  };
}
