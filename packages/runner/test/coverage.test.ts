import { describe, expect, test } from 'vitest';
import { coverageOf } from '../src/gates/coverage.ts';
import { startRun } from '../src/index.ts';
import { type FakeCommand, World } from './fakes.ts';
import { checks, planOf } from './plans.ts';

/** What the tools print, as it looks without a terminal. */
const outputs: readonly (readonly [tool: string, figure: number | undefined, output: string])[] = [
  [
    'node --test',
    85.71,
    `# duration_ms 103.98
# start of coverage report
# ----------------------------------------------------------
# file      | line % | branch % | funcs % | uncovered lines
# ----------------------------------------------------------
# a.js      |  80.00 |    75.00 |  100.00 | 4
# a.test.js | 100.00 |   100.00 |  100.00 |
# ----------------------------------------------------------
# all files |  85.71 |    83.33 |  100.00 |
# ----------------------------------------------------------
# end of coverage report
`,
  ],
  [
    'node --test, spec',
    90.91,
    'ℹ a.js      |  83.33 |  50.00 | 100.00 | 4\nℹ all files |  90.91 |  75.00 | 100.00 |\n',
  ],
  [
    'vitest, c8, jest',
    66.66,
    ` % Coverage report from v8
----------|---------|----------|---------|---------|-------------------
File      | % Stmts | % Branch | % Funcs | % Lines | Uncovered Line #s
----------|---------|----------|---------|---------|-------------------
All files |   66.66 |      100 |      50 |   66.66 |
 a.ts     |   66.66 |      100 |      50 |   66.66 | 4-6
----------|---------|----------|---------|---------|-------------------
`,
  ],
  ['a whole figure', 100, 'All files |     100 |      100 |     100 |     100 |\n'],
  ['a workspace', 40, 'a: All files |   90 | 1 |\nAll files |   90.5 | 1 |\n\n> b\nAll files |   40 | 1 |\n'],
  [
    'istanbul’s summary',
    83.33,
    `=============================== Coverage summary ===============================
Statements   : 81.81% ( 9/11 )
Branches     : 75% ( 3/4 )
Functions    : 100% ( 2/2 )
Lines        : 83.33% ( 10/12 )
================================================================================
`,
  ],
  [
    'go, with a total',
    72.7,
    `ok  	example.com/m	0.004s	coverage: 90.0% of statements
example.com/m/a.go:3:	Add		100.0%
example.com/m/a.go:7:	Sub		66.7%
total:			(statements)	72.7%
`,
  ],
  [
    'go, package by package',
    50,
    `ok  	example.com/m/a	0.004s	coverage: 90.0% of statements
	example.com/m/empty		coverage: 0.0% of statements
ok  	example.com/m/b	(cached)	coverage: 50.0% of statements
`,
  ],
  ['go, one package', 66.7, 'PASS\ncoverage: 66.7% of statements\nok  \texample.com/m\t0.003s\n'],
  [
    'pytest-cov',
    90,
    `Name       Stmts   Miss  Cover
------------------------------
a.py          20      2    90%
------------------------------
TOTAL         20      2    90%
`,
  ],
  ['pytest-cov with branches, to two places', 87.5, 'TOTAL     30      3     10      2  87.50%\n5 passed in 0.12s\n'],
  ['tarpaulin', 85.71, '|| Tested/Total Lines:\n|| src/lib.rs: 6/7\n|| \n85.71% coverage, 6/7 lines covered\n'],
  ['cargo llvm-cov', 90, 'TOTAL   6   1  83.33%   2   0  100.00%   10   1  90.00%   0   0   -\n'],
  ['cargo llvm-cov with branches', 90, 'TOTAL   6   1  83.33%   2   0  100.00%   10   1  90.00%   4   2   50.00%\n'],
  ['mix', 66.67, 'Percentage | Module\n-----------|------\n    66.67% | Foo\n-----------|------\n    66.67% | Total\n'],
  [
    'phpunit',
    85,
    'Code Coverage Report:\n Summary:\n  Classes: 50.00% (1/2)\n  Methods: 80.00% (4/5)\n  Lines:   85.00% (17/20)\n',
  ],
  ['simplecov', 90, 'Coverage report generated for RSpec to /x/coverage.\nLine Coverage: 90.0% (9 / 10)\n'],
  [
    'coverlet',
    75.5,
    '| Module | Line   | Branch | Method |\n| a      | 75.5%  | 50%    | 80%    |\n| Total   | 75.5% | 50%    | 80%    |\n',
  ],
  ['no figure', undefined, '5 passed in 0.12s\n'],
  ['a figure that is none', undefined, 'total:\t(statements)\t1.2.3%\n'],
  ['a file of that name', undefined, 'src/TOTAL 90%\nall files are fine | really |\n'],
  ['some other percentage', undefined, 'Downloading 100%\n10% slower\n'],
  ['nothing', undefined, ''],
];

describe('the coverage that a tool tells', () => {
  test.each(outputs)('%s', (_, figure, output) => expect(coverageOf(output)).toBe(figure));

  test.each(['1', 'TOTAL 1 ', 'ok ', 'coverage: ', 'all files | ', '\t', 'Lines : 9', '\n'])(
    'a megabyte of %j ends',
    (piece) => {
      coverageOf(`TOTAL ${piece.repeat((1024 * 1024) / piece.length)}\nTOTAL 1 1 9%`);
    },
  );
});

describe('a coverage gate', () => {
  const told =
    (figure: number): FakeCommand =>
    () => ({ output: `\u001b[32mAll files |  ${figure} | 1 |\u001b[0m\n` });

  async function judged(command: FakeCommand | undefined, files: Record<string, string> = {}) {
    const world = new World({ files, commands: command ? { cover: command } : {} });
    const gate = { name: 'coverage', kind: 'coverage', atLeast: 80 } as const;
    const settings = { commands: command ? { coverage: 'cover' } : {} };
    const plan = planOf(world.repository.base, [checks('quality', gate)], { settings });
    const state = await startRun('r1', plan, world.ports());
    return { world, report: state.steps.quality?.gates.coverage };
  }

  test('passes at the figure that is asked for', async () => {
    expect((await judged(told(80))).report).toMatchObject({ pass: true, command: 'cover', exitCode: 0 });
  });

  test.each<[string, FakeCommand, string]>([
    ['below it', told(79.99), 'Coverage is 79.99%; at least 80% is asked for.\n\nAll files'],
    [
      'when tests failed, whatever the figure',
      () => ({ code: 1, output: 'All files | 99 |' }),
      'coverage command failed',
    ],
    ['without a figure', () => ({ output: 'done' }), 'tells no coverage that is known here.\n\ndone'],
    ['when it hangs', () => ({ code: undefined, timedOut: true }), 'did not end within 60 s'],
  ])('fails %s', async (_, command, failure) => {
    expect((await judged(command)).report).toMatchObject({ pass: false, failure: expect.stringContaining(failure) });
  });

  test('is skipped, and says so, where no command is known', async () => {
    expect((await judged(undefined)).report).toMatchObject({
      pass: true,
      skipped: expect.stringContaining('coverage'),
    });
  });

  test('takes the project’s own command', async () => {
    const files = { 'package.json': '{"scripts":{"coverage":"c8 node --test"}}' };
    const { world } = await judged(undefined, files);
    expect(world.ran).toEqual(['npm run coverage']);
  });
});
