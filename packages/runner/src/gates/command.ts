import type { GateReport } from '@pawl/core';
import { stoppage } from '../command-end.ts';
import { type LoggedEnd, runLogged } from '../logged-command.ts';
import type { Surroundings } from '../perform.ts';
import type { Lane } from '../ports.ts';
import { shorten } from '../text.ts';
import type { RunGateEffect } from './run.ts';

/** What of a gate's output goes into the failure. The whole output lies in the log. */
const failureChars = 8000;

export type Judge = (end: LoggedEnd) => Pick<GateReport, 'pass' | 'failure' | 'skipped'>;

/** Test runners print failures on standard output, compilers on standard error: both count, in order of arrival. */
export const judgeExit: Judge = (end) => {
  if (end.code === 0) return { pass: true };
  const why = end.code === 127 ? 'The shell found no such program (exit code 127).' : undefined;
  return { pass: false, failure: said(why, end.output.trim() || 'It printed nothing.') };
};

/** All that make prints where something has the target's name: for make that is the target, and done. */
const upToDate = /^make(?:\[\d+\])?: [`'](.+)' is up to date\.$/;

/** For commands that are there to try something out: with nothing tried they have not passed. */
export const judgeRan: Judge = (end) => {
  const target = end.code === 0 ? upToDate.exec(end.output.trim())?.[1] : undefined;
  if (target === undefined) return judgeExit(end);
  const why = `make ran nothing: there is a file or folder "${target}", so the target counts as done. Write ".PHONY: ${target}" into the Makefile.`;
  return { pass: false, failure: said(why, end.output) };
};

/** Go has no tests where it has no package: nothing has failed. */
export const judgeTests: Judge = (end) =>
  end.code === 1 && /^no packages to test$/m.test(end.output) && !/^(FAIL|---|panic:)/m.test(end.output)
    ? { pass: true, skipped: 'there is no package to test' }
    : judgeRan(end);

/** Why, and below it what the command printed: who shortens that keeps the line above. */
export const said = (why: string | undefined, output: string): string =>
  [why ?? [], output.trim() || []].flat().join('\n\n');

export async function runCommandGate(
  effect: RunGateEffect,
  command: string,
  lane: Lane,
  surroundings: Surroundings,
  judge: Judge = judgeExit,
): Promise<GateReport> {
  const end = await runLogged(effect, command, effect.wallMs, lane, surroundings);
  const stopped = stoppage(end, effect.wallMs);
  const verdict: ReturnType<Judge> = stopped ? { pass: false, failure: said(stopped, end.output) } : judge(end);
  return {
    pass: verdict.pass,
    ...(verdict.skipped !== undefined && { skipped: verdict.skipped }),
    ...(verdict.failure !== undefined && { failure: shorten(verdict.failure, failureChars) }),
    command,
    ...(end.code !== undefined && { exitCode: end.code }),
    durationMs: end.durationMs,
    log: end.log,
  };
}
