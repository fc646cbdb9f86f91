import type { BlobRef, Expected, Text } from './effects.ts';
import type { Conflict } from './events.ts';
import { agentStepAt, frameAt, guardOf, stepAt, taskOf } from './lookup.ts';
import { expectedOf } from './output.ts';
import type { AgentStep, ContextSource, Reference, Template } from './plan.ts';
import { overridesOf } from './retry.ts';
import { hasBegun } from './session.ts';
import type { RunState, StepState } from './state.ts';
import { evaluate, evaluateName } from './template.ts';

/**
 * A prompt as data: the shell reads what is named and joins the parts. `limit` keeps head and tail of a long text,
 * in characters. `title` stands above a context's text.
 */
export type PromptPart =
  | string
  | (BlobRef & { readonly limit?: number })
  | { readonly text: string; readonly limit: number }
  | { readonly file: string; readonly title: string }
  | { readonly command: string; readonly title: string };

/** What the agent of this step is told, for the attempt that the state is in. Undefined for a step without an agent. */
export function promptParts(state: RunState, path: string): readonly PromptPart[] | undefined {
  const step = stepAt(state, path);
  const planned = step && agentStepAt(state.plan, step.address);
  if (!step || !planned) return undefined;
  const sections = [...opening(state, step, planned), ...rules(state, step, planned)];
  return sections.flatMap((section, index) => (index === 0 ? section : ['\n\n', ...section]));
}

type Section = readonly PromptPart[];

function opening(state: RunState, step: StepState, planned: AgentStep): readonly Section[] {
  const override = overridesOf(planned.retry, step.entries).prompt;
  const kept = step.use?.mode === 'kept';
  if (!step.cutOff && hasBegun(state, step)) return [interrupted, ...saidBy(step)];
  const sections: Section[] = [];
  if (step.cutOff) sections.push(cutOff);
  else if (step.interruptions > 0) sections.push(step.use?.mode === 'kept' ? interrupted : begunAnew, ...saidBy(step));
  if (step.use?.mode === 'from' || step.use?.mode === 'fork')
    sections.push(['This is a new task in the same conversation. The files may have changed since your last message.']);
  // A conversation that goes on knows its task already, unless its text tells how things stand now.
  const prompt = override ?? planned.prompt;
  if (override || !kept || mentions(prompt, ...changing)) sections.push(evaluate(state, step, prompt));
  if (!kept) sections.push(...surroundings(state, step, planned, prompt));
  const conflict = frameAt(state, step.frame)?.conflict;
  if (conflict) sections.push(inConflict(conflict));
  // An own prompt for the retry says itself what went wrong.
  if (step.previous && !override) sections.push(...failure(state, step, planned));
  return sections;
}

const interrupted: Section = [
  'Your last turn was interrupted: the process that ran you ended. Files you had changed are as you left them. Look at where things stand and finish the task.',
];

const begunAnew: Section = [
  'An earlier try at this was interrupted: the process that ran it ended. Files it had changed are as it left them: look at where things stand before you begin.',
];

/** Whether the task had got into the conversation nobody knows: it is told again. */
const cutOff: Section = [
  'This task was begun and then cut off: the model could not be reached any more. Files that were changed are as they were left. Look at where things stand and finish it.',
];

/** Of who was asked how to go on. */
const saidBy = ({ goesOn }: StepState): readonly Section[] =>
  goesOn?.comment === undefined ? [] : [[`A person who was asked how to go on says: ${goesOn.comment}`]];

/** What an agent must know besides its prompt. */
function surroundings(state: RunState, step: StepState, planned: AgentStep, prompt: Template): readonly Section[] {
  const sections: Section[] = [];
  if (planned.kind === 'split' && !mentions(prompt, 'spec'))
    sections.push(['## Specification\n\n', state.plan.spec.text]);
  const files = planned.kind === 'code' ? taskOf(state, step)?.files : undefined;
  if (files?.length)
    sections.push([`Change only files that match: ${files.join(', ')}. Other changes fail this step.`]);
  if (planned.kind === 'code' && state.plan.settings.conventions)
    sections.push(['## Conventions of this project\n\n', state.plan.settings.conventions]);
  return [...sections, ...planned.context.map((source): Section => [context(state, step, source)])];
}

function context(state: RunState, step: StepState, source: ContextSource): PromptPart {
  if (source.type === 'bash') return { command: source.command, title: `## Output of ${source.command}` };
  const file = evaluateName(state, step, source.path);
  return { file, title: `## ${file}` };
}

/** A file without marks is a binary one, or one that only one side still has. */
function inConflict({ files }: Conflict): Section {
  const shown = files.slice(0, 100).join('\n');
  const more = files.length > 100 ? `\n… and ${files.length - 100} more` : '';
  return [
    `## In conflict\n\n${shown}${more}\n\nBetween <<<<<<< and ======= stands what was merged before, between ======= and >>>>>>> the work of this lane. `,
    'A file without marks holds one of the two; `git show HEAD~1:<path>` tells how this lane has it.',
  ];
}

/** What went wrong, told to the next attempt. */
function failure(state: RunState, step: StepState, planned: AgentStep): readonly Section[] {
  const { previous } = step;
  const { error, diff } = state.plan.settings.failureChars;
  // A person may ask for more.
  const allowed = Math.max(planned.retry.attempts, step.attempt);
  const left = allowed - step.attempt;
  const message = previous?.failure?.message;
  const again = 'This step has run before and begins again';
  const stopped = `${again}: it was stopped before it had ended.`;
  const why =
    step.attempt === 1
      ? `${again}. What did not pass:`
      : `This is attempt ${step.attempt} of ${allowed}. The one before did not pass:`;
  const sections: Section[] = [[message === undefined ? stopped : `${why} ${message}`]];
  const text = previous?.failure?.text;
  if (text && text !== previous?.failure?.message) sections.push(['## What failed\n\n', { text, limit: error }]);
  const reset = overridesOf(planned.retry, step.entries).worktree === 'reset';
  const undone =
    previous?.failure?.reason === 'guard' ||
    (guardOf(state, step, planned).noWrite && previous?.checkpoint?.files.length);
  if (reset || undone)
    sections.push(['Everything changed before was undone: the files are as they were when this step began.']);
  else if (previous?.checkpoint?.files.length && step.use?.mode !== 'kept')
    sections.push(['## What it had changed (the files are still so)\n\n', limited(previous.checkpoint.diff, diff)]);
  if (previous?.agent !== step.agent) sections.push([`Another agent (${previous?.agent}) made that attempt.`]);
  const after = left === 1 ? 'One more attempt is' : `${left} more attempts are`;
  sections.push([left > 0 ? `${after} allowed after this one.` : 'This is the last attempt.']);
  return sections;
}

const limited = (text: Text, limit: number): PromptPart =>
  typeof text === 'string' ? { text, limit } : { ...text, limit };

function rules(state: RunState, step: StepState, planned: AgentStep): readonly Section[] {
  return [
    [
      ...contracts[expectedOf(planned)],
      guardOf(state, step, planned).noWrite
        ? ' Do not change any file.'
        : ' Do not commit: your changes are recorded when you finish.',
    ],
  ];
}

const contracts: Readonly<Record<Expected, readonly string[]>> = {
  changes: ['Work in the current folder; what counts is the files as you leave them.'],
  tasks: [
    'Answer with the plan as JSON, in one ```json block at the end of your final message: ',
    '{ "tasks": [ { "name": "short-unique-name", "description": "what to do", "files": ["globs it may change"] } ] }. ',
    'The tasks are done one after the other, in this order. `files` may be left out.',
  ],
  verdict: [
    'Answer with your verdict as JSON, in one ```json block at the end of your final message: ',
    '{ "pass": true or false, "comments": "what must change" }. `comments` is needed when `pass` is false.',
  ],
  artifact: ['What counts is your final message, or the file named by PAWL_OUT if you write one.'],
};

/** What these stand for may be another text in the next attempt. */
const changing = ['attempt', 'error', 'diff', 'output', 'prev', 'gate', 'step'] as const;

const mentions = (template: Template, ...names: readonly Reference['ref'][]): boolean =>
  template.some((line) => line.some((part) => typeof part !== 'string' && names.includes(part.ref)));
