import type { RunRecord } from '@pawl/session-store';
import type { RunRow } from '../../wire.ts';
import { figuresOf } from './figures.ts';
import { isStep } from './flatten.ts';
import type { FoldedRun } from './folded-run.ts';
import { repositoryOf } from './repository.ts';
import { standingOf } from './standing.ts';

/** One line of a list. */
export function rowOf(record: RunRecord, held: boolean, run: FoldedRun): RunRow {
  const report = run.report();
  const status = standingOf(record, held, report);
  const nodes = run.placed().map(({ node }) => node);
  const steps = nodes.filter(isStep);
  const gates = steps.flatMap(({ attempts }) => attempts.at(-1)?.gates ?? []);
  const count = (wanted: string): number => gates.filter((gate) => gate.status === wanted).length;
  const agents = steps.flatMap(({ attempts }) => attempts.flatMap(({ agent }) => agent ?? []));
  const { endedAt, branch, owner, reason } = record;
  return {
    id: record.id,
    workflow: record.workflow,
    repository: repositoryOf(record.repository),
    ...(branch !== undefined && { branch }),
    spec: record.spec,
    status,
    startedAt: record.startedAt,
    ...(endedAt !== undefined && { endedAt }),
    seq: run.seq,
    ...(owner !== undefined && { owner }),
    agents: [...new Set(agents)],
    tags: record.tags,
    at: placesOf(run),
    done: { steps: steps.filter((step) => step.status === 'passed').length, of: steps.length },
    gates: { passed: count('passed'), failed: count('failed'), running: count('running') },
    durationMs: report.durationMs,
    figures: figuresOf(report.totals),
    needs: status === 'interrupted' ? 1 : status === 'waiting' || status === 'running' ? report.waiting.length : 0,
    ...(reason !== undefined && { reason }),
  };
}

const doing = {
  'run-agent': 'agent',
  'run-gate': 'gate',
  ask: 'waits for you',
  merge: 'merge',
  checkpoint: 'checkpoint',
  reset: 'reset',
  advance: 'commit',
  'open-worktree': 'worktree',
  'close-worktree': 'worktree',
  'stage-conflict': 'conflict',
  'await-provider': 'waits for its provider',
} as const;

const mostPlaces = 5;

function placesOf(run: FoldedRun): RunRow['at'] {
  const { running, failure } = run.report();
  if (running.length === 0 && failure !== undefined && failure.step !== '') {
    const step = run.placed().find(({ node }) => node.path === failure.step)?.node;
    const attempt = step && isStep(step) ? (step.attempts.at(-1)?.attempt ?? 1) : 1;
    return [{ step: failure.step, attempt, doing: 'failed' }];
  }
  return running.slice(0, mostPlaces).map(({ step, attempt, agent, gate, type }) => ({
    step,
    attempt,
    ...(agent !== undefined && { agent }),
    doing: gate === undefined ? doing[type] : `gate ${gate}`,
  }));
}
