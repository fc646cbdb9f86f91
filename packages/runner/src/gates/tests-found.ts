import { type Judge, said } from './command.ts';

/**
 * How test runners say how many tests there were, line by line: the numbers of all groups of all matching lines of one
 * entry are added up, a line that matches without a group is a test, `none` says that there were none.
 */
interface Runner {
  readonly lines: readonly RegExp[];
  readonly none?: RegExp;
  /** The line with its indentation; otherwise it is trimmed. */
  readonly indented?: true;
}
const runners: readonly Runner[] = [
  // node --test (spec, tap), tape
  { lines: [/^(?:#|ℹ) tests (\d+)$/] },
  // jest
  { lines: [/^Tests:.*\b(\d+) total$/], none: /^No tests found/ },
  // vitest
  { lines: [/^Tests\b.*\((\d+)\)$/], none: /^Tests\s+no tests$|^No test files found/ },
  // mocha
  { lines: [/^(\d+) (?:passing|failing|pending)\b/], none: /^Error: No test files found/ },
  // playwright
  { lines: [/^(\d+) (?:passed|failed|flaky)(?: \([\d.]+m?s\))?$/] },
  // pytest: what was collected
  {
    lines: [
      /^(?:collecting \.+ )?collected (\d+) items?\b(?! .*\bselected$)/,
      /^(?:collecting \.+ )?collected .* (\d+) selected$/,
    ],
  },
  // pytest -q: the verdicts
  {
    lines: ['passed', 'failed', 'skipped', 'xfailed', 'xpassed'].map(
      (verdict) => new RegExp(`^=*\\s*(?:\\d+ [a-z]+, )*(\\d+) ${verdict}\\b.* in \\d+\\.\\d+s`),
    ),
    none: /^=*\s*(?:no tests ran|\d+ (?:deselected|errors?|warnings?))\b.* in \d+\.\d+s/,
  },
  // go test -v, and failures without it
  { lines: [/^--- (?:PASS|FAIL|SKIP): /] },
  // go test: a package with tests is `ok` or `FAIL` with a time
  {
    lines: [/^(?:ok|FAIL)\s+\S+\s+(?:\(cached\)|[\d.]+s)(?!.*no tests to run)/],
    none: /\[no (?:test files|tests to run)\]$/,
  },
  // cargo, cargo nextest
  { lines: [/^running (\d+) tests?$/] },
  { lines: [/^Summary \[.*\] (\d+) tests? run:/] },
  // unittest, bun
  { lines: [/^Ran (\d+) tests? (?:in|across) /] },
  // maven: the total of a module, not its classes
  {
    lines: [/^(?:\[\w+\] )?Tests run: (\d+), Failures: \d+, Errors: \d+, Skipped: \d+$/],
    none: /^(?:\[\w+\] )?No tests to run/,
  },
  // junit's own launcher
  { lines: [/^\[\s+(\d+) tests found\s+\]$/] },
  // rspec, minitest, ExUnit
  { lines: [/^(\d+) examples?, \d+ failures?/] },
  { lines: [/^(\d+) runs, \d+ assertions, /] },
  { lines: [/^(?:\d+ doctests?, )?(\d+) tests?, \d+ failures?/] },
  // phpunit
  { lines: [/^OK \((\d+) tests?, /, /^Tests: (\d+), Assertions: /], none: /^No tests executed!/ },
  // dotnet test, ctest, deno
  { lines: [/^(?:Passed|Failed)!\s+-\s+Failed:.*\bTotal:\s+(\d+)/] },
  { lines: [/^\d+% tests passed, \d+ tests failed out of (\d+)/] },
  { lines: [/^(?:ok|FAILED) \| (\d+) passed.* \| (\d+) failed/] },
  // TAP; that of a subtest is indented
  { lines: [/^1\.\.(\d+)/], indented: true },
];

/** Whether tests ran at all. They may fail: a red step's must. Output that tells no number finds none. */
export const judgeTestsFound: Judge = (end) => {
  const found = countTests(end.output);
  if (found !== undefined && found > 0) return { pass: true };
  const why =
    found === 0 ? 'The test command ran no test.' : 'The output of the test command tells no number of tests.';
  return { pass: false, failure: said(why, end.output) };
};

/** No runner says it in a longer one. */
const longestLine = 500;

/** Undefined when the output, without colours, says nothing about it. Where two runners are recognised, the larger number. */
export function countTests(output: string): number | undefined {
  const lines = output
    .split('\n')
    .filter((line) => line.length <= longestLine && line.trim() !== '')
    .map((whole): Line => ({ whole, trimmed: whole.trim() }));
  const counted = runners.map((runner) => countOf(runner, lines)).filter((count) => count !== undefined);
  return counted.length === 0 ? undefined : Math.max(...counted);
}

interface Line {
  readonly whole: string;
  readonly trimmed: string;
}

function countOf({ lines: patterns, none, indented }: Runner, lines: readonly Line[]): number | undefined {
  let total: number | undefined;
  for (const { whole, trimmed } of lines) {
    const line = indented ? whole : trimmed;
    for (const pattern of patterns) {
      const match = pattern.exec(line);
      if (!match) continue;
      const groups = match.slice(1);
      total = (total ?? 0) + (groups.length === 0 ? 1 : groups.reduce((sum, group) => sum + Number(group), 0));
    }
    if (none?.test(line)) total ??= 0;
  }
  return total;
}
