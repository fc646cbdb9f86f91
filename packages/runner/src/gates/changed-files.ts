import { type GateReport, type PlannedGate, stepAt } from '@pawl/core';
import type { Surroundings } from '../perform.ts';
import { compileGlob, isPattern, unsupported } from './glob.ts';
import type { RunGateEffect } from './run.ts';

type FilesGate = PlannedGate & { readonly kind: 'touched' | 'untouched' | 'task_files' };
type Matcher = (path: string) => boolean;

/** What the step and the steps inside it changed; for one that only checks, what the run changed so far. */
export async function changedPaths(effect: RunGateEffect, { state, ports }: Surroundings): Promise<readonly string[]> {
  const step = stepAt(state, effect.step);
  if (step?.checkpoint) return step.checkpoint.files.map((file) => file.path);
  const from = state.plan.base.commit;
  // Not the lane's head: inside a validator the work that it judges is nobody's commit yet.
  const to = state.lanes[effect.lane]?.at ?? from;
  return to === from ? [] : ports.worktrees.changedFiles(from, to);
}

export function judgeFiles(gate: FilesGate, paths: readonly string[]): Pick<GateReport, 'pass' | 'failure'> {
  if (gate.kind === 'task_files') {
    const covered = gate.globs.map(taskMatcher);
    const outside = paths.filter((path) => !covered.some((covers) => covers(path)));
    if (outside.length === 0) return { pass: true };
    return { pass: false, failure: `Changed outside the task's files (${gate.globs.join(', ')}):\n${list(outside)}` };
  }
  const problem = unsupported(gate.glob);
  if (problem !== undefined)
    return { pass: false, failure: `The gate's glob ${gate.glob} cannot be used: ${problem}.` };
  const matching = paths.filter(gateMatcher(gate.glob));
  if (gate.kind === 'touched' && matching.length === 0)
    return { pass: false, failure: `No changed file matches ${gate.glob}. Changed were:\n${list(paths)}` };
  if (gate.kind === 'untouched' && matching.length > 0)
    return { pass: false, failure: `These files match ${gate.glob} and must stay as they are:\n${list(matching)}` };
  return { pass: true };
}

/** A glob with a slash speaks of whole paths; without one, of names anywhere. What names a folder covers what is in it. */
export function gateMatcher(glob: string): Matcher {
  const { pattern, folder } = read(glob);
  if (folder || pattern.includes('/')) return pathMatcher(pattern, folder);
  if (!isPattern(pattern)) return (path) => path.split('/').includes(pattern);
  const matches = compileGlob(pattern);
  return (path) => matches(path.slice(path.lastIndexOf('/') + 1));
}

/** A task's entry: a path, a glob over whole paths, or a folder with everything in it. */
export function taskMatcher(glob: string): Matcher {
  const { pattern, folder } = read(glob);
  return pathMatcher(pattern, folder);
}

function pathMatcher(pattern: string, folder: boolean): Matcher {
  if (pattern === '') return () => true;
  const matches = compileGlob(folder ? `${pattern}/**` : pattern);
  return (path) => path === pattern || path.startsWith(`${pattern}/`) || matches(path);
}

/** As people and agents write paths: `./src/`, `/src`. */
function read(glob: string): { readonly pattern: string; readonly folder: boolean } {
  const names = glob.trim().split('/');
  const pattern = names.filter((name) => name !== '' && name !== '.').join('/');
  return { pattern, folder: pattern === '' || names.at(-1) === '' };
}

const list = (paths: readonly string[]): string =>
  paths.length === 0
    ? '(nothing)'
    : `${paths.slice(0, 50).join('\n')}${paths.length > 50 ? `\n… and ${paths.length - 50} more` : ''}`;
