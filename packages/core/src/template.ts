import type { Text } from './effects.ts';
import { fieldOf } from './fields.ts';
import { servedBy } from './frames.ts';
import { frameAt, locate, parentOf, stepAt, taskOf } from './lookup.ts';
import type { Reference, Template } from './plan.ts';
import type { AttemptView, RunState, StepState } from './state.ts';

/** A template in the place of a step: texts in order, long ones by reference. Values are never scanned again. */
export function evaluate(state: RunState, step: StepState, template: Template): readonly Text[] {
  const texts: Text[] = [];
  let first = true;
  for (const line of template) {
    const parts = line.flatMap((part) => (typeof part === 'string' ? [part] : resolve(state, step, part)));
    const blank = parts.every((part) => typeof part === 'string' && part.trim() === '');
    // A line whose placeholders came out empty says nothing.
    if (blank && line.some((part) => typeof part !== 'string')) continue;
    if (!first) texts.push('\n');
    first = false;
    texts.push(...parts);
  }
  return texts;
}

/** The same where only short values can stand: a name. A long value reads as empty. */
export function evaluateName(state: RunState, step: StepState, template: Template): string {
  return evaluate(state, step, template)
    .map((text) => (typeof text === 'string' ? text : ''))
    .join('')
    .trim();
}

function resolve(state: RunState, step: StepState, reference: Reference): readonly Text[] {
  if (reference.ref === 'input') return inputOf(state, step, reference.name);
  if (reference.ref === 'step') return fieldOfStep(state, step, reference.address, reference.field);
  const value = ownValue(state, step, reference);
  return value === undefined ? [] : [value];
}

type Own = Exclude<Reference, { readonly ref: 'input' | 'step' }>;

function ownValue(state: RunState, step: StepState, reference: Own): Text | undefined {
  switch (reference.ref) {
    case 'spec':
      return state.plan.spec.text;
    case 'attempt':
      return String(step.attempt);
    case 'error':
      return step.failure?.text ?? step.previous?.failure?.text;
    // In a gate's inputs the turn is over: then they are the current attempt's, in a prompt those of the one before.
    case 'diff':
      return step.checkpoint ? step.checkpoint.diff : step.previous?.checkpoint?.diff;
    case 'output':
      return fieldOf(step.checkpoint ? step : (step.previous ?? step), 'output');
    case 'prev':
      return step.previous && fieldOf(step.previous, reference.field);
    case 'gate':
      return step.previous && fieldOf(step.previous, `gate.${reference.gate}.${reference.field}`);
    case 'task': {
      const task = taskOf(state, step);
      return reference.field === 'files' ? task?.files.join(', ') : task?.[reference.field];
    }
  }
}

/** Inside a call only what it was given has a name; elsewhere what the run was given. */
function inputOf(state: RunState, step: StepState, name: string): readonly Text[] {
  for (let inner: StepState | undefined = step; inner; inner = parentOf(state, inner)) {
    const { inputs } = frameAt(state, inner.frame) ?? {};
    if (inputs) return (Object.hasOwn(inputs, name) && inputs[name]) || [];
  }
  const value = Object.hasOwn(state.plan.inputs, name) ? state.plan.inputs[name] : undefined;
  return value === undefined ? [] : [value];
}

function fieldOfStep(state: RunState, step: StepState, address: string, field: string): readonly Text[] {
  const path = locate(state, step, address);
  const target = path === undefined ? undefined : stepAt(state, path);
  if (!target) return (path !== undefined && gottenBy(state, path, field)) || [];
  if (target.outputs && Object.hasOwn(target.outputs, field)) return target.outputs[field] ?? [];
  const value = fieldOf(readable(target, step, field), field);
  return value === undefined ? [] : [value];
}

/** The gates of what is around a step run after it: inside, those of the round before are known. */
function readable(target: StepState, step: StepState, field: string): AttemptView {
  const around = step.path.startsWith(`${target.path}/`);
  const later = around && field.startsWith('gate.') && Object.keys(target.gates).length === 0;
  return later ? (target.previous ?? target) : target;
}

/** What the workflow before a step's attempt gave back: it is no step of its own. */
function gottenBy(state: RunState, path: string, field: string): readonly Text[] | undefined {
  const served = servedBy(path);
  const got = served === undefined ? undefined : stepAt(state, served)?.got;
  return got && Object.hasOwn(got, field) ? got[field] : undefined;
}
