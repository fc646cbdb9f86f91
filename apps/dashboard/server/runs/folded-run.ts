import type { Plan, RunEvent, Text } from '@pawl/core';
import { createProjection, type RunReport, type StepReport } from '@pawl/report';
import { turnFolder } from '@pawl/runner';
import { flatten, type Placed } from './flatten.ts';
import type { Fold } from './folds.ts';

/** What a report does not say of an attempt: where its turn's files lie, and the patch of its checkpoint. */
export interface AttemptFiles {
  readonly folder?: string;
  readonly diff?: Text;
}

/** One run as far as its log has been read. It grows with the log; what it gave stays as it was. */
export interface FoldedRun extends Fold {
  readonly plan: Plan | undefined;
  /** Of its main lane: the commit of the last passed step. Undefined before one has passed. */
  readonly head: string | undefined;
  report(): RunReport;
  /** Steps and tasks in the order of the plan. */
  placed(): readonly Placed[];
  /** Those that changed behind that event. */
  changedSince(seq: number): readonly Placed[];
  filesOf(step: string, index: number): AttemptFiles;
  /** The tree that a person is asked about at this step. */
  askedAbout(step: string): string | undefined;
  /** The next steps that reach the end of their gates ask. */
  readonly pausing: boolean;
}

export function foldRun(): FoldedRun {
  const projection = createProjection();
  const files = new Map<string, AttemptFiles>();
  const steps = new Map<string, string>();
  const changed = new Map<string, { readonly seq: number; readonly node: Placed['node'] }>();
  let seq = 0;
  let over = false;
  let plan: Plan | undefined;
  let head: string | undefined;
  let placed: readonly Placed[] | undefined;

  const note = (step: string, attempt: number, what: AttemptFiles): void => {
    const index = indexOf(projection.step(step), attempt);
    if (index >= 0) files.set(`${step}\0${index}`, { ...files.get(`${step}\0${index}`), ...what });
  };
  const moves = new Set<string>();
  const asked = new Map<string, { readonly step: string; readonly tree: string }>();
  let pausing = false;
  const see = (event: RunEvent): void => {
    if (event.type === 'run-started') {
      plan = event.plan;
      head = event.from?.lanes.main?.head;
    }
    if (event.type === 'run-ended') over = true;
    if (event.type === 'run-resumed') over = false;
    if (event.type === 'effect-requested') {
      const { effect } = event;
      if (effect.type === 'run-agent') note(effect.step, effect.attempt, { folder: turnFolder(effect.id) });
      if ((effect.type === 'advance' || effect.type === 'merge') && effect.lane === 'main') moves.add(effect.id);
      if (effect.type === 'ask' && effect.tree !== undefined)
        asked.set(effect.id, { step: effect.step, tree: effect.tree });
      if (effect.type === 'checkpoint' && !effect.baseline) steps.set(effect.id, `${effect.attempt} ${effect.step}`);
    }
    if (event.type === 'effect-settled') asked.delete(event.effect);
    if (event.type === 'pause-requested') pausing = event.wanted;
    if (event.type === 'run-ended' || (event.type === 'effect-settled' && event.outcome.kind === 'answered'))
      pausing = false;
    if (event.type === 'effect-settled' && moves.delete(event.effect)) {
      const { outcome } = event;
      if (outcome.kind === 'merged' || outcome.kind === 'branch-advanced') head = outcome.commit ?? head;
    }
    if (event.type === 'effect-settled' && event.outcome.kind === 'checkpoint-made') {
      const [, attempt = '', step = ''] = /^(\d+) (.*)$/s.exec(steps.get(event.effect) ?? '') ?? [];
      if (step !== '') note(step, Number(attempt), { diff: event.outcome.checkpoint.diff });
      steps.delete(event.effect);
    }
  };
  const current = (): readonly Placed[] => {
    if (placed) return placed;
    placed = flatten(projection.current().steps);
    for (const one of placed) {
      const before = changed.get(one.node.path);
      if (before?.node !== one.node) changed.set(one.node.path, { seq, node: one.node });
    }
    return placed;
  };
  return {
    get seq() {
      return seq;
    },
    get over() {
      return over;
    },
    get plan() {
      return plan;
    },
    get head() {
      return head;
    },
    report: () => projection.current(),
    placed: current,
    changedSince: (since) => current().filter(({ node }) => (changed.get(node.path)?.seq ?? 0) > since),
    get pausing() {
      return pausing;
    },
    askedAbout: (step) => [...asked.values()].find((one) => one.step === step)?.tree,
    filesOf: (step, index) => files.get(`${step}\0${index}`) ?? {},
    add(stored) {
      if (stored.length === 0) return;
      // What changed up to here is told with this number, before more is added.
      current();
      for (const one of stored) {
        projection.add(one.event);
        see(one.event);
        seq = one.seq;
      }
      placed = undefined;
    },
  };
}

/** The newest attempt of that number: a step that is begun again counts from 1 again. */
const indexOf = (step: StepReport | undefined, attempt: number): number =>
  step?.attempts.findLastIndex((one) => one.attempt === attempt) ?? -1;
