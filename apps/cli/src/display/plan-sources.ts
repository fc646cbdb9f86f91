import type { AgentStep, CallStep, Plan, PlannedStep, Reference, Template } from '@pawl/core';
import { referenceText } from '@pawl/report';

/** What a place in the plan can see of what was given by name: the run's inputs, or those of the call around it. */
export type Given = Plan['inputs'] | CallStep;

/** Where the value of each placeholder of a step comes from, each once, in the order of the text. */
export function sourcesOf(step: PlannedStep, given: Given): readonly string[] {
  const told = new Map<string, string>();
  for (const reference of templatesOf(step).flat(2)) {
    if (typeof reference === 'string') continue;
    const name = `{${referenceText(reference)}}`;
    if (!told.has(name)) told.set(name, `${name} ${sourceOf(reference, given)}`);
  }
  return [...told.values()];
}

function templatesOf(step: PlannedStep): readonly Template[] {
  if (step.kind === 'call') return Object.values(step.inputs);
  if (step.kind === 'gate') return [];
  const [resolver] = step.parallel?.onConflict ?? [];
  const own =
    step.kind === 'group' ? [] : [...ofEntry(step), ...contextOf(step), ...step.retry.entries.flatMap(ofEntry)];
  return [...own, ...(resolver ? ofEntry(resolver) : [])];
}

const contextOf = ({ context }: AgentStep): readonly Template[] =>
  context.flatMap((source) => (source.type === 'file' ? [source.path] : []));

const ofEntry = ({ agent, prompt }: Pick<PlannedStep['retry']['entries'][number], 'agent' | 'prompt'>) => [
  ...(agent ? [agent] : []),
  ...(prompt ? [prompt] : []),
];

function sourceOf(reference: Reference, given: Given): string {
  switch (reference.ref) {
    case 'spec':
      return 'the specification';
    case 'task':
      return 'the task';
    case 'error':
    case 'prev':
      return 'the attempt before';
    case 'gate':
      return `gate ${reference.gate} of the attempt before`;
    case 'diff':
    case 'attempt':
    case 'output':
      return 'this step';
    case 'step':
      return `step ${reference.address}`;
    case 'input':
      return isCall(given) ? `given by ${given.address}` : `given, or its default`;
  }
}

const isCall = (given: Given): given is CallStep => Array.isArray((given as Partial<CallStep>).steps);
