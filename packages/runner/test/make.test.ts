import { expect, test } from 'vitest';
import { startRun } from '../src/index.ts';
import { World } from './fakes.ts';
import { checks, planOf } from './plans.ts';

async function judged(kind: 'compile' | 'test' | 'lint', output: string) {
  const world = new World({ commands: { 'make it': () => ({ code: 0, output }) } });
  const plan = planOf(world.repository.base, [checks('quality', kind)], {
    settings: { commands: { [kind]: 'make it' } },
  });
  return (await startRun('r1', plan, world.ports())).steps.quality!.gates[kind]!;
}

test.each(['test', 'lint'] as const)(
  '%s: a target that make takes for done, for a folder of its name, has not passed',
  async (kind) => {
    for (const line of ["make: 'it' is up to date.\n", "make[1]: `it' is up to date."])
      expect(await judged(kind, line)).toMatchObject({
        pass: false,
        failure: `make ran nothing: there is a file or folder "it", so the target counts as done. Write ".PHONY: it" into the Makefile.\n\n${line.trim()}`,
      });
  },
);

test('what is built already is built', async () => {
  expect(await judged('compile', "make: 'it' is up to date.\n")).toMatchObject({ pass: true });
});

test.each(["cc a.c\nmake: 'a.o' is up to date.", "make: Nothing to be done for 'it'.", 'ok'])(
  '%j has passed',
  async (output) => {
    expect(await judged('test', output)).toMatchObject({ pass: true });
  },
);
