import { type Effect, type GateReport, stepAt } from '@pawl/core';
import type { Surroundings } from '../perform.ts';
import type { Lane } from '../ports.ts';
import { changedPaths, judgeFiles } from './changed-files.ts';
import { judgeExit, judgeRan, judgeTests, runCommandGate } from './command.ts';
import { judgeMarks } from './conflict-marks.ts';
import { judgeCoverage } from './coverage.ts';
import { resolveCommand } from './resolve.ts';
import { judgeTestsFound } from './tests-found.ts';

export type RunGateEffect = Effect & { readonly type: 'run-gate' };

/** What is built already is built; what was not tried has not passed. */
const judges = { compile: judgeExit, test: judgeTests, lint: judgeRan };

/** One gate of a step. Whatever goes wrong in it is its verdict. */
export async function runGate(effect: RunGateEffect, lane: Lane, surroundings: Surroundings): Promise<GateReport> {
  const { gate } = effect;
  switch (gate.kind) {
    case 'bash':
      return runCommandGate(effect, gate.command, lane, surroundings);
    case 'compile':
    case 'test':
    case 'lint': {
      const found = await resolveCommand(gate.kind, lane, surroundings);
      if ('skipped' in found) return { pass: true, skipped: found.skipped, durationMs: 0 };
      if ('problem' in found) return { pass: false, failure: found.problem, durationMs: 0 };
      return runCommandGate(effect, found.command, lane, surroundings, judges[gate.kind]);
    }
    case 'tests_found': {
      const found = await resolveCommand('test', lane, surroundings);
      if (!('command' in found))
        return { pass: false, failure: 'problem' in found ? found.problem : found.skipped, durationMs: 0 };
      return runCommandGate(effect, found.command, lane, surroundings, judgeTestsFound);
    }
    case 'coverage': {
      const found = await resolveCommand('coverage', lane, surroundings);
      if ('skipped' in found) return { pass: true, skipped: found.skipped, durationMs: 0 };
      if ('problem' in found) return { pass: false, failure: found.problem, durationMs: 0 };
      return runCommandGate(effect, found.command, lane, surroundings, judgeCoverage(gate.atLeast));
    }
    case 'validate':
      // Its steps are the run's own: the core never asks for it.
      return { pass: false, failure: 'a validator is not a gate that runs by itself', durationMs: 0 };
    case 'schema':
      // Output that does not satisfy the schema failed the attempt before its gates.
      return stepAt(surroundings.state, effect.step)?.output === undefined
        ? { pass: false, failure: 'the step gave no structured output', durationMs: 0 }
        : { pass: true, durationMs: 0 };
    case 'conflict_marks':
      return judgeMarks(gate.files, lane.path, surroundings.ports.worktreeFiles);
    case 'touched':
    case 'untouched':
    case 'task_files':
      return { ...judgeFiles(gate, await changedPaths(effect, surroundings)), durationMs: 0 };
  }
}
