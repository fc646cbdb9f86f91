import { innerSteps, isAgentStep, type WorkflowStep } from '../workflow.ts';

/** Where a name stands: a step among its siblings, inside the steps around them. */
export interface Scope {
  readonly steps: readonly WorkflowStep[];
  /** Beyond the last one: after all of them, and no step itself. */
  readonly index: number;
  /** Address of the step around them with `/`; of the call, or empty, at the root of a workflow. */
  readonly prefix: string;
  /** How the steps of this list run. */
  readonly list: 'root' | 'each' | 'sequence' | 'parallel';
  /** The list runs more than once: a later step has run before. */
  readonly repeats: boolean;
  readonly parent?: Scope;
}

export interface Visible {
  readonly step: WorkflowStep;
  readonly address: string;
  /** Of the list around the step that looks in which it lies, or in whose group. */
  readonly prefix: string;
  /** What it may be called: its name, and its path or the end of it. */
  readonly names: readonly string[];
  readonly relation: 'own' | 'enclosing' | 'earlier' | 'later' | 'repeated' | 'beside';
  /** In a list around the step that looks, not inside a group that ran before. */
  readonly direct: boolean;
  /** What lies between: tasks that each start afresh, lanes that run side by side. */
  readonly across: { readonly each: boolean; readonly parallel: boolean };
  /** It runs for a task. */
  readonly inEach: boolean;
}

export function scopeBelow(parent: Scope, steps: readonly WorkflowStep[], index: number): Scope {
  const owner = parent.steps[parent.index];
  const group = owner?.kind === 'group' ? owner : undefined;
  return {
    steps,
    index,
    prefix: `${parent.prefix}${owner?.name.text ?? ''}/`,
    list: group ? (group.parallel ? 'parallel' : 'sequence') : 'each',
    repeats: group !== undefined && (group.loop !== undefined || group.retry.attempts > 1),
    parent,
  };
}

export const rootScope = (steps: readonly WorkflowStep[], index: number, base: string): Scope => ({
  steps,
  index,
  prefix: base,
  list: 'root',
  repeats: false,
});

export function insideEach(scope: Scope): boolean {
  return scope.list === 'each' || (scope.parent !== undefined && insideEach(scope.parent));
}

const repeated = (scope: Scope): boolean => scope.repeats || (scope.parent !== undefined && repeated(scope.parent));

const cache = new WeakMap<Scope, Visible[]>();

/** All steps that can be named from here, the nearest first; an outer one with the same name is hidden. */
export function visibleSteps(scope: Scope): readonly Visible[] {
  const known = cache.get(scope) ?? findVisible(scope);
  cache.set(scope, known);
  return known;
}

function findVisible(scope: Scope): Visible[] {
  const found = new Map<string, Visible>();
  const below: Visible[] = [];
  const root = rootPrefix(scope);
  let across = { each: false, parallel: false };
  for (let frame: Scope | undefined = scope; frame !== undefined; frame = frame.parent) {
    const inEach = insideEach(frame);
    const again = repeated(frame);
    for (const [index, step] of frame.steps.entries()) {
      const address = frame.prefix + step.name.text;
      const here = frame === scope ? 'own' : 'enclosing';
      const other =
        frame.list === 'parallel' ? 'beside' : index < frame.index ? 'earlier' : again ? 'repeated' : 'later';
      const after = frame.index >= frame.steps.length;
      const relation = index === frame.index ? here : after ? 'earlier' : other;
      const names = namesOf(address, root);
      const visible: Visible = { step, address, prefix: frame.prefix, names, relation, direct: true, across, inEach };
      if (!found.has(step.name.text)) found.set(step.name.text, visible);
      // the inside of an enclosing step is the frames before
      if (relation !== 'enclosing') below.push(...inside(visible, root));
    }
    across = { each: across.each || frame.list === 'each', parallel: across.parallel || frame.list === 'parallel' };
  }
  return [...found.values(), ...below];
}

/** Steps of a group run once, so they can be named from outside; the tasks of a split cannot. */
function inside(outer: Visible, root: string): Visible[] {
  const { step, address } = outer;
  const relation = outer.relation === 'own' ? 'earlier' : outer.relation;
  const child = (inner: WorkflowStep, at: string): Visible => {
    return { ...outer, step: inner, address: at, names: namesOf(at, root), relation, direct: false };
  };
  if (step.kind === 'group') {
    return innerSteps(step).flatMap((inner) => {
      const visible = child(inner, `${address}/${inner.name.text}`);
      return [visible, ...inside(visible, root)];
    });
  }
  return isAgentStep(step) && step.get ? [child(step.get, `${address}/get/${step.get.name.text}`)] : [];
}

/** `build/reviews/arch`: this, `reviews/arch` and `arch`. */
function namesOf(address: string, root: string): string[] {
  const segments = address.slice(root.length).split('/');
  const names = segments.map((_, index) => segments.slice(index).join('/'));
  return root === '' ? names : [...names, address];
}

function rootPrefix(scope: Scope): string {
  return scope.parent === undefined ? scope.prefix : rootPrefix(scope.parent);
}

/** The split for whose tasks a step of this name runs; undefined when there is none. */
export function splitAround(steps: readonly WorkflowStep[], name: string, split?: string): string | undefined {
  for (const step of steps) {
    if (split !== undefined && step.name.text === name) return split;
    const own = step.kind === 'group' ? split : step.name.text;
    const found = splitAround(innerSteps(step), name, own);
    if (found !== undefined) return found;
  }
  return undefined;
}
