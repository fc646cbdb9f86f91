import { type Judge, said } from './command.ts';

/** How tools tell the figure of a whole project, line by line; what tells more of it comes first. */
const totals: readonly RegExp[] = [
  // go tool cover -func
  /^total:\s+\(statements\)\s+([\d.]+)%$/,
  // cargo llvm-cov: regions, functions, then lines
  /^TOTAL(?:\s+\d+\s+\d+\s+[\d.]+%){2}\s+\d+\s+\d+\s+([\d.]+)%/,
  // coverage.py, pytest-cov
  /^TOTAL\s[\s\d]*?([\d.]+)%$/,
  // istanbul, c8, jest, vitest, bun, deno; node --test with its sign before it
  /^(?:[#ℹ]\s+)?all files\s*\|\s*([\d.]+)\s*\|/i,
  // tarpaulin
  /^([\d.]+)% coverage, \d+\/\d+ lines covered/,
  // mix test --cover
  /^([\d.]+)%\s*\|\s*Total$/,
  // dotnet, coverlet
  /^\|\s*Total\s*\|\s*([\d.]+)%/,
  // simplecov
  /^Line Coverage:\s*([\d.]+)%/,
  // phpunit, istanbul's summary
  /^Lines\s*:\s*([\d.]+)%/,
  // go test -cover: one a package
  /^(?:ok\s.*\s)?coverage: ([\d.]+)% of statements/,
];

/** No tool says it in a longer one. */
const longestLine = 500;

/**
 * The figure of the first tool that is recognized; undefined when none is. Where it tells several (a workspace, go
 * without a total) the lowest: each of them is to reach what is asked for.
 */
export function coverageOf(output: string): number | undefined {
  const lines = output
    .split('\n')
    .filter((line) => line.length <= longestLine)
    .map((line) => line.trim());
  for (const pattern of totals) {
    const found = lines.map((line) => Number(pattern.exec(line)?.[1])).filter(Number.isFinite);
    if (found.length > 0) return found.reduce((lowest, figure) => Math.min(lowest, figure));
  }
  return undefined;
}

/** The command must end well too: a figure of tests that failed says little. */
export function judgeCoverage(atLeast: number): Judge {
  return (end) => {
    const refuse = (why: string) => ({ pass: false, failure: said(why, end.output) });
    if (end.code !== 0) return refuse('The coverage command failed.');
    const found = coverageOf(end.output);
    if (found === undefined) return refuse('Its output tells no coverage that is known here.');
    return found >= atLeast ? { pass: true } : refuse(`Coverage is ${found}%; at least ${atLeast}% is asked for.`);
  };
}
