import type { StepPath } from '../effects.ts';
import { isServing } from '../frames.ts';
import { frameAt, insideOf, plannedAt, stepAt } from '../lookup.ts';
import type { PlannedStep } from '../plan.ts';
import type { RunState } from '../state.ts';
import type { Told } from './told.ts';

/** Where a replay may begin: at a step that had begun, or at the tasks of a split that was planned. */
export interface Place {
  readonly text: string;
  readonly kind: 'step' | 'tasks';
  readonly path: StepPath;
  /** Of the step that was named. */
  readonly address: string;
  /** It stands in a task: only its whole path means it. */
  readonly inTask: boolean;
}
export type Found =
  | { readonly ok: true; readonly place: Place }
  | {
      readonly ok: false;
      readonly code: 'step-unknown' | 'step-ambiguous';
      readonly message: string;
      readonly candidates: readonly string[];
    };

/** A step by its path, its address, or an end of one that only one has. A step in a split's `each` stands for all tasks. */
export function findPlace(told: Told, fromStep: string): Found {
  const wanted = fromStep.replace(/^\/+|\/+$/g, '');
  const places = placesOf(told);
  const exact = places.find(({ text }) => text === wanted);
  if (exact) return { ok: true, place: exact };
  const ending = wanted === '' ? [] : places.filter(({ text }) => text.endsWith(`/${wanted}`));
  // All tasks, where a name does not say which.
  const outside = ending.filter(({ inTask }) => !inTask);
  const meant = outside.length > 0 ? outside : ending;
  const [place] = meant;
  if (place && meant.length === 1) return { ok: true, place };
  if (place) {
    const candidates = meant.map(({ text }) => text).slice(0, 10);
    const message = `${JSON.stringify(wanted)} is the end of ${meant.length} paths: name one of ${candidates.join(', ')}`;
    return { ok: false, code: 'step-ambiguous', message, candidates };
  }
  return unknown(told, wanted, places);
}

function unknown({ end }: Told, wanted: string, places: readonly Place[]): Found {
  const near = places.filter(({ text }) => wanted !== '' && (text.includes(wanted) || wanted.startsWith(`${text}/`)));
  const candidates = (near.length > 0 ? near : places).map(({ text }) => text).slice(0, 10);
  const name = JSON.stringify(wanted.slice(0, 200));
  const kept = stepAt(end, wanted) !== undefined;
  const why = kept
    ? `step ${name} ran in an earlier run, of which this one is a replay: replay that one`
    : plannedAt(end.plan, wanted)
      ? `step ${name} has not begun in this run`
      : `no step ${name} began in this run`;
  const instead = candidates.length > 0 ? `; there are ${candidates.join(', ')}` : '';
  return { ok: false, code: 'step-unknown', message: `${why}${instead}`, candidates };
}

function placesOf(told: Told): readonly Place[] {
  const { plan } = told.end;
  const places: Place[] = [];
  for (const [path, { state, frame, address }] of told.before) {
    if (isServing(state, frameAt(state, frame))) continue;
    places.push({ text: path, kind: 'step', path, address, inTask: isInTask(state, frame) });
  }
  for (const [path, { state }] of told.planned) {
    const split = stepAt(state, path);
    const planned = split && plannedAt(plan, split.address);
    if (!split || planned?.kind !== 'split' || isServing(state, frameAt(state, split.frame))) continue;
    const inTask = isInTask(state, split.frame);
    for (const { address } of below(planned)) {
      const rest = address.slice(split.address.length + 1);
      places.push({ text: `${path}/${rest}`, kind: 'tasks', path, address, inTask });
    }
  }
  return places;
}

const below = (step: PlannedStep): readonly PlannedStep[] =>
  insideOf(step).flatMap((inner) => [inner, ...below(inner)]);

function isInTask(state: RunState, id: string): boolean {
  for (let frame = frameAt(state, id); frame && frame.id !== ''; ) {
    if (frame.task !== undefined) return true;
    const owner = stepAt(state, frame.owner);
    frame = owner && frameAt(state, owner.frame);
  }
  return false;
}
