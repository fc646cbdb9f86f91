import { describe, expect, test } from 'vitest';
import { countTests } from '../src/gates/tests-found.ts';
import { startRun } from '../src/index.ts';
import { plain } from '../src/plain.ts';
import type { CommandEnd } from '../src/ports.ts';
import { World } from './fakes.ts';
import { checks, planOf } from './plans.ts';
import { outputs } from './runner-outputs.ts';

describe('how many tests there were', () => {
  test.each(outputs)('%s: %s', (_, tests, output) => expect(countTests(plain(output))).toBe(tests));

  test.each([['\n'], [' \n'], ['Tests \n'], ['1 '], ['9'], ['ok  a 1'], ['Tests: 1 '], ['collected 1 '], ['=']])(
    'a megabyte of %j ends',
    (piece) => {
      countTests(piece.repeat((1024 * 1024) / piece.length));
    },
  );
});

describe('the gate', () => {
  async function judged(end: Partial<CommandEnd>) {
    const world = new World({ commands: { './test': () => end } });
    const settings = { commands: { test: './test' } };
    const plan = planOf(world.repository.base, [checks('quality', 'tests_found')], { settings });
    const state = await startRun('r1', plan, world.ports());
    return state.steps.quality!.gates.tests_found!;
  }

  test('passes when tests ran, though they fail', async () => {
    expect(await judged({ code: 1, output: '\u001b[31mℹ tests 3\u001b[39m\nℹ fail 3\n' })).toMatchObject({
      pass: true,
      exitCode: 1,
    });
  });

  test.each<[string, Partial<CommandEnd>, string]>([
    ['no test ran', { code: 0, output: 'ℹ tests 0\n' }, 'The test command ran no test.\n\nℹ tests 0'],
    [
      'no number is told',
      { code: 0, output: 'fine\n' },
      'The output of the test command tells no number of tests.\n\nfine',
    ],
    [
      'it was too slow',
      { code: undefined, timedOut: true, output: 'ℹ tests 3\n' },
      'It did not end within 60 s and was stopped.\n\nℹ tests 3',
    ],
    ['it could not be started', { code: undefined, error: { message: 'no sh' } }, 'It could not be started: no sh'],
    [
      'it was killed',
      { code: undefined, signal: 'SIGSEGV', output: '1 passing\n' },
      'It was ended by SIGSEGV.\n\n1 passing',
    ],
  ])('fails when %s', async (_, end, failure) => {
    expect(await judged(end)).toMatchObject({ pass: false, failure });
  });
});
